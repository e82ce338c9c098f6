import { DAY } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimFacts, claimStanding } from './claim-case.ts';
import type { PanelFacts } from './dispute.ts';
import { calibrated, claimFinding } from './panel-math.ts';
import { isClaimPanel, layoutCommitment, panelNamed, panelNumber } from './panel-words.ts';

const T = 1_800_000_000_000;
const facts: ClaimFacts = { amount: 520_000n, end: T + 30 * DAY, open: true, panel: null };
const panel = (change: Partial<PanelFacts>): PanelFacts => ({
  phase: 'voting',
  round: 0,
  deadline: T + 4 * DAY,
  refundBps: null,
  ...change,
});

describe('the way of a claim', () => {
  it('waits for somebody to call the panel, as long as it could still decide', () => {
    expect(claimStanding(facts, T)).toMatchObject({
      stage: 'call',
      mayCall: true,
      cost: 26_000n,
      appealCost: 52_000n,
      subsidised: true,
      until: T + 21 * DAY,
    });
    expect(claimStanding(facts, T + 21 * DAY)).toMatchObject({ stage: 'call' });
    expect(claimStanding(facts, T + 21 * DAY + 1)).toMatchObject({
      stage: 'undecided',
      mayCall: false,
      until: facts.end,
    });
  });

  it('is before the panel, and before the second one after an appeal', () => {
    const now = { ...facts, panel: panel({}) };
    expect(claimStanding(now, T)).toMatchObject({ stage: 'panel', until: T + 4 * DAY, mayCall: false });
    expect(claimStanding({ ...facts, panel: panel({ round: 1 }) }, T).stage).toBe('appeal');
    expect(claimStanding({ ...facts, panel: panel({ deadline: 0, phase: 'ruled' }) }, T).until).toBeNull();
  });

  it('may be appealed against only in its time, and only while a second panel could decide', () => {
    const ruled = { ...facts, panel: panel({ phase: 'appealable', deadline: T + DAY }) };
    expect(claimStanding(ruled, T).mayAppeal).toBe(true);
    expect(claimStanding(ruled, T + DAY).mayAppeal).toBe(true);
    expect(claimStanding(ruled, T + DAY + 1).mayAppeal).toBe(false);
    expect(claimStanding({ ...ruled, end: T + 9 * DAY - 1 }, T).mayAppeal).toBe(false);
    expect(claimStanding({ ...facts, panel: panel({}) }, T).mayAppeal).toBe(false);
  });

  it('ends with a ruling, or without one if the panel failed', () => {
    expect(claimStanding({ ...facts, open: false }, T)).toMatchObject({ stage: 'settled', until: null });
    expect(claimStanding({ ...facts, panel: panel({ phase: 'settled' }) }, T).stage).toBe('settled');
    expect(claimStanding({ ...facts, panel: panel({ phase: 'failed' }) }, T).stage).toBe('undecided');
  });

  it('is not paid for by the fund where much is at stake', () => {
    expect(claimStanding({ ...facts, amount: 1_000_000n }, T).subsidised).toBe(true);
    expect(claimStanding({ ...facts, amount: 1_000_001n }, T).subsidised).toBe(false);
  });
});

describe('what a panel finds about a claim', () => {
  it('is nothing, goodwill, or what was asked for', () => {
    for (const asked of [1, 2, 3])
      expect([0, 5_000, 10_000].map((bps) => claimFinding(bps, asked))).toEqual([0, 3, asked]);
  });
});

describe('calibration', () => {
  it('needs five looks before it counts, and three of five right', () => {
    expect(calibrated(4, 0)).toBe(true);
    expect(calibrated(5, 2)).toBe(false);
    expect(calibrated(5, 3)).toBe(true);
  });

  it('is exact against rationals, and never gets worse by one more right look', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (a, b) => {
        const [right, looks] = [Math.min(a, b), Math.max(a, b)];
        expect(calibrated(looks, right)).toBe(looks < 5 || BigInt(right) * 5n >= BigInt(looks) * 3n);
        if (looks >= 5 && calibrated(looks, right)) expect(calibrated(looks + 1, right + 1)).toBe(true);
      }),
    );
  });
});

describe('names of cases', () => {
  it('tell the two contracts apart, and keep their numbers', () => {
    expect([panelNamed('7', true), panelNamed('7', false)]).toEqual(['g7', '7']);
    expect([isClaimPanel('g7'), isClaimPanel('7')]).toEqual([true, false]);
    expect([panelNumber('g7'), panelNumber('7')]).toEqual([7n, 7n]);
    expect(() => panelNumber('x7')).toThrow();
  });

  it('do not change what is sealed', () => {
    const secret = `0x${'5'.repeat(64)}` as const;
    expect(layoutCommitment('g7', 0, secret)).toBe(layoutCommitment('7', 0, secret));
    expect(layoutCommitment('7', 1, secret)).not.toBe(layoutCommitment('7', 0, secret));
  });
});
