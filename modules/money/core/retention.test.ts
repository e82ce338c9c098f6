import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertAsShown, keepingsOf, leavingAt, retainedOf } from './retention.ts';

const DAY = 86_400;
const DUE = 2_000_000_000;
const MILESTONE = { amount: '398000', dueBy: DUE, window: DAY, performed: true };
const TERMS = {
  schedule: [
    { before: 32 * DAY, bps: 500 },
    { before: 30 * DAY, bps: 1_000 },
  ],
  milestones: [MILESTONE],
};

/** As the contract takes it: falling times, shares that never fall. */
const terms = fc.record({
  schedule: fc
    .array(fc.record({ before: fc.nat(90 * DAY), bps: fc.nat(3_000) }), { maxLength: 8 })
    .map((steps) => {
      const bps = steps.map((s) => s.bps).sort((a, b) => a - b);
      const before = [...new Set(steps.map((s) => s.before))].sort((a, b) => b - a);
      return before.map((b, i) => ({ before: b, bps: bps[i]! }));
    }),
  milestones: fc
    .bigInt({ min: 1n, max: 10n ** 20n })
    .map((amount) => [{ ...MILESTONE, amount: amount.toString() }]),
});

describe('the dates after which more is kept', () => {
  it('are those of the schedule', () => {
    expect(keepingsOf(TERMS, 0)).toEqual([
      { after: DUE - 32 * DAY, kept: 19_900n },
      { after: DUE - 30 * DAY, kept: 39_800n },
    ]);
    expect(keepingsOf({ ...TERMS, schedule: [] }, 0)).toEqual([]);
  });

  it('leave out steps that change nothing', () => {
    const schedule = [
      { before: 5, bps: 0 },
      { before: 4, bps: 500 },
      { before: 3, bps: 500 },
    ];
    expect(keepingsOf({ ...TERMS, schedule }, 0)).toEqual([{ after: DUE - 4, kept: 19_900n }]);
  });

  it('say exactly when: the second itself still costs what it did', () => {
    fc.assert(
      fc.property(terms, (t) => {
        let before = 0n;
        for (const { after, kept } of keepingsOf(t, 0)) {
          expect(retainedOf(t, 0, after)).toBe(before);
          expect(retainedOf(t, 0, after + 1)).toBe(kept);
          before = kept;
        }
        expect(retainedOf(t, 0, DUE)).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('leaving', () => {
  it('gives everything back during the cooling-off, whatever the dates say', () => {
    const cooling = { milestone: 0, held: 398_000n, coolingEndsAt: DUE - 29 * DAY };
    expect(leavingAt(TERMS, cooling, DUE - 29 * DAY - 1)).toEqual({
      back: 398_000n,
      kept: 0n,
      until: DUE - 29 * DAY - 1,
    });
    expect(leavingAt(TERMS, cooling, DUE - 29 * DAY)).toEqual({
      back: 358_200n,
      kept: 39_800n,
      until: null,
    });
  });

  it('says what comes back now, and until when', () => {
    const account = { milestone: 0, held: 500_000n, coolingEndsAt: 0 };
    expect(leavingAt(TERMS, account, DUE - 40 * DAY)).toEqual({
      back: 500_000n,
      kept: 0n,
      until: DUE - 32 * DAY,
    });
    expect(leavingAt(TERMS, account, DUE - 31 * DAY)).toEqual({
      back: 480_100n,
      kept: 19_900n,
      until: DUE - 30 * DAY,
    });
    expect(leavingAt({ ...TERMS, schedule: [] }, account, DUE)).toEqual({
      back: 500_000n,
      kept: 0n,
      until: null,
    });
  });

  it('never loses a cent, and holds until it says, and not a second longer', () => {
    fc.assert(
      fc.property(
        terms,
        fc.nat(100 * DAY),
        fc.nat(100 * DAY),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        (t, ago, cooled, rest) => {
          const held = BigInt(t.milestones[0]!.amount) + rest;
          const account = { milestone: 0, held, coolingEndsAt: DUE - cooled };
          const time = DUE - ago;
          const now = leavingAt(t, account, time);
          expect(now.back + now.kept).toBe(held);
          expect(now.back).toBeGreaterThanOrEqual(rest);
          expect(now.kept).toBe(time < account.coolingEndsAt ? 0n : retainedOf(t, 0, time));
          if (now.until === null) {
            for (const at of [account.coolingEndsAt, DUE, ...keepingsOf(t, 0).map(({ after }) => after + 1)])
              if (at >= time) expect(leavingAt(t, account, at).kept).toBe(now.kept);
            return;
          }
          expect(now.until).toBeGreaterThanOrEqual(time);
          expect(leavingAt(t, account, now.until)).toEqual(now);
          expect(leavingAt(t, account, now.until + 1).kept).not.toBe(now.kept);
        },
      ),
    );
  });

  it('is not done where the outcome is no longer the one that was shown', () => {
    const shown = { back: 398_000n, kept: 0n, until: 5 };
    expect(() => assertAsShown(shown, { ...shown, until: null })).not.toThrow();
    for (const now of [
      { back: 378_100n, kept: 19_900n, until: null },
      { back: 397_999n, kept: 0n, until: 5 },
    ])
      try {
        assertAsShown(shown, now);
        expect.unreachable();
      } catch (error) {
        expect((error as AppError).code).toBe('CANCEL_COST_CHANGED');
        expect((error as AppError).text('en')).toContain('¥3,');
      }
  });
});
