import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cancellation, cancellationFacts, keptOf, scheduleOf } from './cancellation.ts';
import { draftTerms } from './terms.ts';

const DAY = 86_400;
const HOUR = 3_600;
const STARTS = 1_800_000_000;

/** The nearer, the more: distinct hours falling, distinct shares rising. */
const rule: fc.Arbitrary<Cancellation> = fc
  .integer({ min: 1, max: 4 })
  .chain((n) =>
    fc.record({
      hours: fc.uniqueArray(fc.nat(720), { minLength: n, maxLength: n }),
      bps: fc.uniqueArray(fc.integer({ min: 100, max: 3_000 }), { minLength: n, maxLength: n }),
    }),
  )
  .map(({ hours, bps }) => {
    const shares = [...bps].sort((a, b) => a - b);
    return [...hours].sort((a, b) => b - a).map((h, i) => ({ hours: h, bps: shares[i]! }));
  });
const total = fc.bigInt({ min: 1n, max: 10n ** 12n });

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as AppError).code;
  }
};

describe('a cancellation rule', () => {
  it.each([
    [[{ hours: 48, bps: 500 }]],
    [[{ hours: 0, bps: 3_000 }]],
    [
      [
        { hours: 720, bps: 100 },
        { hours: 48, bps: 500 },
        { hours: 24, bps: 1_000 },
        { hours: 0, bps: 3_000 },
      ],
    ],
  ])('may be %j', (steps) => {
    expect(Cancellation.safeParse(steps).success).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['more than the contract lets be kept', [{ hours: 0, bps: 3_001 }]],
    ['a share of nothing', [{ hours: 0, bps: 0 }]],
    ['a part of an hour', [{ hours: 1.5, bps: 500 }]],
    ['after the appointment', [{ hours: -1, bps: 500 }]],
    ['a month and an hour before', [{ hours: 721, bps: 500 }]],
    [
      'less the nearer it is',
      [
        { hours: 48, bps: 1_000 },
        { hours: 24, bps: 500 },
      ],
    ],
    [
      'the same twice',
      [
        { hours: 48, bps: 500 },
        { hours: 24, bps: 500 },
      ],
    ],
    [
      'out of order',
      [
        { hours: 24, bps: 500 },
        { hours: 48, bps: 1_000 },
      ],
    ],
    ['five steps', [5, 4, 3, 2, 1].map((hours) => ({ hours, bps: 1_000 - hours }))],
    ['something else', [{ hours: 24, bps: 500, note: 'more' }]],
  ])('is not %s', (_, steps) => {
    expect(Cancellation.safeParse(steps).success).toBe(false);
  });

  it('asks a region’s rules about its largest share and its earliest hour', () => {
    expect(
      cancellationFacts([
        { hours: 48, bps: 500 },
        { hours: 0, bps: 1_000 },
      ]),
    ).toEqual({ 'cancellation.bps': 1_000, 'cancellation.hours': 48 });
  });

  it('keeps of a price what is rounded down', () => {
    expect(keptOf(399n, [{ hours: 0, bps: 500 }])).toEqual([{ hours: 0, kept: 19n }]);
  });
});

describe('the schedule of the terms', () => {
  it('is none without a rule', () => {
    expect(scheduleOf(undefined, STARTS, [{ dueBy: STARTS + DAY }])).toEqual([]);
    expect(scheduleOf(undefined, STARTS, [{ dueBy: 1 }, { dueBy: 2 }])).toEqual([]);
  });

  it('counts from the appointment, though the contract counts from the last day', () => {
    fc.assert(
      fc.property(rule, total, fc.integer({ min: DAY, max: 60 * DAY }), fc.nat(), (steps, sum, due, n) => {
        const schedule = scheduleOf(steps, STARTS, [{ dueBy: STARTS + due }]);
        // at every border, the second around it, and somewhere
        const times = steps.flatMap(({ hours }) => [-1, 0, 1].map((d) => STARTS - hours * HOUR + d));
        for (const time of [...times, STARTS - (n % (800 * HOUR)), STARTS + due]) {
          // the contract: left < before, the last one that holds
          const left = STARTS + due - time;
          const byContract = schedule.filter(({ before }) => left < before).at(-1)?.bps ?? 0;
          // the rule: less than so many hours before the appointment
          const byRule = steps.filter(({ hours }) => STARTS - time < hours * HOUR).at(-1)?.bps ?? 0;
          expect(byContract).toBe(byRule);
          expect(keptOf(sum, steps).every(({ kept }) => kept <= sum)).toBe(true);
        }
      }),
    );
  });

  it('is always one that the contract takes', () => {
    fc.assert(
      fc.property(rule, fc.integer({ min: DAY, max: 365 * DAY }), (steps, due) => {
        const schedule = scheduleOf(steps, STARTS, [{ dueBy: STARTS + due }]);
        expect(schedule.length).toBeLessThanOrEqual(8);
        for (const [i, { before, bps }] of schedule.entries()) {
          expect(before).toBeLessThan(i === 0 ? 2 ** 32 : schedule[i - 1]!.before);
          expect(bps).toBeGreaterThanOrEqual(schedule[i - 1]?.bps ?? 0);
          expect(bps).toBeLessThanOrEqual(3_000);
        }
      }),
    );
  });

  it('is refused for a price in parts: only the first has an appointment yet', () => {
    const steps = [{ hours: 48, bps: 500 }];
    for (const parts of [[], [{ dueBy: STARTS }, { dueBy: STARTS + DAY }]])
      expect(codeOf(() => scheduleOf(steps, STARTS, parts))).toBe('CANCELLATION_WITH_PLAN');
  });
});

describe('the terms', () => {
  const drafted = (quote: object) =>
    draftTerms({
      quote: {
        currency: 'CNY',
        items: [{ name: { zh: '次', en: 'session' }, quantity: 1, unitPrice: '398000' }],
        excluded: [],
        validUntil: '2026-12-01T00:00:00.000Z',
        ...quote,
      },
      standard: { acceptanceWindow: 7 * DAY, dueAfter: 30 * DAY },
      // an appointment between two seconds
      startsAt: STARTS * 1000 + 700,
      frame: {},
    } as never);

  it('take the rule of the quote, and nothing where it has none', () => {
    const cancellation = [
      { hours: 48, bps: 500 },
      { hours: 0, bps: 1_000 },
    ];
    expect(drafted({ cancellation }).schedule).toEqual([
      { before: 30 * DAY + 48 * HOUR, bps: 500 },
      { before: 30 * DAY, bps: 1_000 },
    ]);
    expect(drafted({}).schedule).toEqual([]);
  });

  it('are not drafted from a quote with a rule and a plan', () => {
    const cancellation = [{ hours: 48, bps: 500 }];
    for (const plan of [
      { sessions: 2, everyDays: 7 },
      { sessions: 1, everyDays: 7, deposit: { bps: 1_000, windowDays: 3 } },
      { sessions: 1, everyDays: 7, followUp: { bps: 1_000, afterDays: 3 } },
    ])
      expect(codeOf(() => drafted({ cancellation, plan }))).toBe('CANCELLATION_WITH_PLAN');
  });
});
