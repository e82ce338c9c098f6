import { DAY } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DisputeFacts, MEDIATION_TIME, splitFits, standingOf, TALK_TIME } from './dispute.ts';

const T = 1_800_000_000_000;
const facts: DisputeFacts = {
  disputedAt: T,
  end: T + 30 * DAY,
  amount: 398_000n,
  open: true,
  talkEndedAt: null,
  mediationEndedAt: null,
  panel: null,
};
const panel = { phase: 'voting', round: 0, deadline: T + 15 * DAY, refundBps: null } as const;

describe('the way of a dispute', () => {
  it('goes from talk to mediator to panel by time alone', () => {
    expect(standingOf(facts, T)).toMatchObject({ stage: 'talk', until: T + TALK_TIME, mayCallPanel: false });
    expect(standingOf(facts, T + TALK_TIME).stage).toBe('talk');
    expect(standingOf(facts, T + TALK_TIME + 1)).toMatchObject({
      stage: 'mediation',
      until: T + TALK_TIME + MEDIATION_TIME,
    });
    expect(standingOf(facts, T + 8 * DAY + 1)).toMatchObject({ stage: 'panel', mayCallPanel: true });
  });

  it('goes on at once where a side says that it leads nowhere', () => {
    const ended = { ...facts, talkEndedAt: T + 10 };
    expect(standingOf(ended, T + 11)).toMatchObject({ stage: 'mediation', until: T + 10 + MEDIATION_TIME });
    expect(standingOf({ ...ended, mediationEndedAt: T + 20 }, T + 21)).toMatchObject({
      stage: 'panel',
      mayCallPanel: true,
      until: T + 21 * DAY,
    });
  });

  it('does not call a panel that could not decide in time', () => {
    expect(standingOf(facts, facts.end - 9 * DAY).mayCallPanel).toBe(true);
    expect(standingOf(facts, facts.end - 9 * DAY + 1)).toMatchObject({
      stage: 'undecided',
      until: facts.end,
      mayCallPanel: false,
    });
  });

  it('lets a ruling be appealed in its time, and only if a second panel can decide', () => {
    const ruled = { ...facts, panel: { ...panel, phase: 'appealable', refundBps: 0 } as const };
    expect(standingOf(ruled, T + 15 * DAY).mayAppeal).toBe(true);
    expect(standingOf(ruled, T + 15 * DAY + 1).mayAppeal).toBe(false);
    const late = { ...ruled, panel: { ...ruled.panel, deadline: T + 25 * DAY } };
    expect(standingOf(late, T + 21 * DAY + 1).mayAppeal).toBe(false);
    expect(standingOf({ ...facts, panel }, T + 10 * DAY).mayAppeal).toBe(false);
  });

  it('ends when the escrow no longer waits, or without a decision', () => {
    expect(standingOf({ ...facts, open: false }, T).stage).toBe('settled');
    expect(standingOf({ ...facts, panel: { ...panel, phase: 'settled' } }, T).stage).toBe('settled');
    expect(standingOf({ ...facts, panel: { ...panel, phase: 'failed' } }, T)).toMatchObject({
      stage: 'undecided',
      until: facts.end,
    });
    expect(standingOf({ ...facts, panel: { ...panel, round: 1 } }, T).stage).toBe('appeal');
  });

  it('never goes back as time passes, and always says what it costs', () => {
    const order = ['talk', 'mediation', 'panel', 'undecided'];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * DAY }), fc.integer({ min: 0, max: 10 * DAY }), (a, b) => {
        const [first, then] = [standingOf(facts, T + a), standingOf(facts, T + a + b)];
        expect(order.indexOf(then.stage)).toBeGreaterThanOrEqual(order.indexOf(first.stage));
        expect(first.cost).toBe(19_900n);
        expect(first.appealCost).toBe(39_800n);
      }),
    );
  });

  it('takes a split of what is held, not more and not less than nothing', () => {
    expect([splitFits(0n, 5n), splitFits(5n, 5n), splitFits(6n, 5n), splitFits(-1n, 5n)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
