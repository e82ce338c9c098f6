import { describe, expect, it } from 'vitest';
import { afterAnswer, MOST_TRIES, MOST_WAITS, type ReturnStanding } from './token-return.ts';

const SIGNED: ReturnStanding = { state: 'signed', trouble: null, tries: 0, nextAt: 0 };

describe('a signed return', () => {
  it('is sent once it stands on the ledger, and not because the network has heard of it', () => {
    expect(afterAnswer(SIGNED, 'sent', 7).state).toBe('sent');
    expect(afterAnswer(SIGNED, 'known', 7)).toMatchObject({ state: 'signed', trouble: null });
  });

  it.each(['overtaken', 'failed'] as const)('is over at once when it was %s', (answer) => {
    expect(afterAnswer(SIGNED, answer, 7)).toMatchObject({ state: 'refused', trouble: answer });
  });

  it('is tried ever less often while it is refused, at least each hour, and then no more', () => {
    let [standing, now] = [SIGNED, 0];
    const pauses: number[] = [];
    while (standing.state === 'signed') {
      standing = afterAnswer(standing, 'refused', now);
      pauses.push(standing.nextAt - now);
      now = standing.nextAt;
    }
    expect([pauses.length, standing.trouble]).toEqual([MOST_TRIES, 'refused']);
    expect(pauses.every((one, i) => one <= 3_600_000 && one >= (pauses[i - 1] ?? 0))).toBe(true);
    expect(now).toBeGreaterThan(18 * 3_600_000);
  });

  it('is never given up because nobody answers', () => {
    let [standing, now] = [SIGNED, 0];
    for (let i = 0; i < 2_000; i++) {
      standing = afterAnswer(standing, null, now);
      now = standing.nextAt;
    }
    expect(standing).toMatchObject({ state: 'signed', trouble: 'silent' });
  });

  it('waits for its fee for about a month', () => {
    let [standing, now] = [SIGNED, 0];
    while (standing.state === 'signed') {
      standing = afterAnswer(standing, 'waits', now);
      now = standing.nextAt;
    }
    expect([standing.trouble, standing.tries]).toEqual(['waits', MOST_WAITS]);
    expect(Math.round(now / 86_400_000)).toBe(30);
  });

  it('begins to count again when it is refused after something else', () => {
    const tired = { ...SIGNED, trouble: 'silent' as const, tries: MOST_TRIES };
    expect(afterAnswer(tired, 'refused', 0)).toMatchObject({ state: 'signed', tries: 1 });
  });
});
