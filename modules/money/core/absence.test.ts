import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AbsenceFacts, keptAt, PATIENCE, whatFollows, whyNotReport } from './absence.ts';

const DAY = 86_400;
const STARTS = 1_800_000_000_000;
const FACTS: AbsenceFacts = {
  known: true,
  state: 'active',
  attended: true,
  startsAt: STARTS,
  needsTime: false,
  coolingEndsAt: STARTS - 1,
  dueBy: STARTS + 30 * DAY * 1000,
  came: false,
  treated: false,
};
const late = STARTS + PATIENCE;

describe('a report of absence', () => {
  it('is open to both sides half an hour after the appointment began, to its last second', () => {
    for (const side of ['patient', 'clinic'] as const)
      for (const now of [late, FACTS.dueBy]) expect(whyNotReport(FACTS, side, now)).toBe(null);
  });

  it.each([
    ['ABSENCE_TOO_EARLY', {}, late - 1],
    ['ABSENCE_TOO_EARLY', { coolingEndsAt: late + 1 }, late],
    ['ABSENCE_NOT_OPEN', {}, FACTS.dueBy + 1],
    ['ABSENCE_NOT_OPEN', { treated: true }, late],
    ['ABSENCE_NOT_OPEN', { attended: false }, late],
    ['ABSENCE_NOT_OPEN', { needsTime: true }, late],
    ['ABSENCE_NOT_OPEN', { state: 'clinic-absent' }, late],
    ['ABSENCE_NOT_OPEN', { state: 'closed' }, late],
    ['ABSENCE_NOT_KNOWN', { known: false }, late],
  ] as const)('is refused as %s with %j', (code, facts, now) => {
    for (const side of ['patient', 'clinic'] as const)
      expect(whyNotReport({ ...FACTS, ...facts }, side, now)).toBe(code);
  });

  it('that the patient did not come is not open once she checked in', () => {
    expect(whyNotReport({ ...FACTS, came: true }, 'clinic', late)).toBe('ABSENCE_NOT_OPEN');
    expect(whyNotReport({ ...FACTS, came: true }, 'patient', late)).toBe(null);
  });
});

const DUE = 2_000_000_000;
const TERMS = {
  feeBps: 300,
  schedule: [
    { before: 3 * DAY, bps: 1_000 },
    { before: DAY, bps: 3_000 },
  ],
  milestones: [{ amount: '500001', dueBy: DUE, performed: true }],
};

describe('what follows', () => {
  it.each([
    [DUE - 3 * DAY, 0n],
    [DUE - 3 * DAY + 1, 50_000n],
    [DUE - DAY, 50_000n],
    [DUE - DAY + 1, 150_000n],
    [DUE + 9 * DAY, 150_000n],
  ])('keeps by the schedule at %d', (at, kept) => {
    expect(keptAt(TERMS, 0, at)).toBe(kept);
  });

  it('keeps nothing without a schedule, and nothing where the clinic was absent', () => {
    expect(keptAt({ ...TERMS, schedule: [] }, 0, DUE)).toBe(0n);
    expect(whatFollows(TERMS, { absent: 'clinic', milestone: 0, at: DUE, held: 600_001n })).toEqual({
      toClinic: 0n,
      fee: 0n,
      toPatient: 600_001n,
    });
  });

  it('never loses a cent, and never gives the clinic more for reporting earlier', () => {
    const terms = fc.record({
      feeBps: fc.nat(500),
      schedule: fc
        .array(fc.record({ before: fc.nat(90 * DAY), bps: fc.nat(3_000) }), { maxLength: 8 })
        .map((steps) => {
          const bps = steps.map((s) => s.bps).sort((a, b) => a - b);
          const before = [...new Set(steps.map((s) => s.before))].sort((a, b) => b - a);
          return before.map((b, i) => ({ before: b, bps: bps[i]! }));
        }),
      milestones: fc
        .bigInt({ min: 1n, max: 10n ** 20n })
        .map((amount) => [{ amount: amount.toString(), dueBy: DUE, performed: true }]),
    });
    fc.assert(
      fc.property(
        terms,
        fc.nat(100 * DAY),
        fc.nat(10 * DAY),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        (t, ago, more, rest) => {
          const held = BigInt(t.milestones[0]!.amount) + rest;
          const at = DUE - ago;
          const now = whatFollows(t, { absent: 'patient', milestone: 0, at, held });
          expect(now.toClinic + now.fee + now.toPatient).toBe(held);
          expect(now.toClinic >= 0n && now.fee >= 0n && now.toPatient >= rest).toBe(true);
          expect(keptAt(t, 0, at - more) <= keptAt(t, 0, at)).toBe(true);
        },
      ),
    );
  });
});
