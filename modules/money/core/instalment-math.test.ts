import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIRECTIVE, level, REGULATION_Z } from './instalment-examples.ts';
import { compoundedYearlyCost, interest, MONTH, presentValue, YEAR, yearlyCost } from './instalment-math.ts';
import {
  costOf,
  drawUp,
  monthsLater,
  type Plan,
  planFault,
  planFromJson,
  planToJson,
  withinCap,
} from './instalment-plan.ts';

describe('the yearly cost', () => {
  it.each(REGULATION_Z)('of Regulation Z %s', (_, lent, flows, percent) => {
    const found = yearlyCost(BigInt(lent), flows)!;
    expect(Math.round(Number(found) / 100) / 100).toBe(percent);
  });

  it.each(DIRECTIVE)('of Directive 98/7/EC: %s', (_, lent, flows, percent) => {
    const found = compoundedYearlyCost(
      lent,
      flows.map(([amount, years]) => ({ amount, years })),
    );
    expect(Math.round(found * 10_000) / 100).toBe(percent);
  });

  it('shows what offers hide: a fee without interest, and flat rates', () => {
    const twelve = (lent: number, each: number) =>
      Math.round(Number(yearlyCost(BigInt(lent), level(12, each, MONTH))!) / 100) / 100;
    expect(twelve(1_200_000_00, 106_000_00)).toBe(10.9);
    expect(twelve(1_200_000_00, 109_000_00)).toBe(16.22);
    expect(twelve(1_164_000_00, 112_000_00)).toBe(27.41);
  });

  it('is none where nothing could be so dear', () => {
    expect(yearlyCost(1n, level(1, 1_000, MONTH))).toBeNull();
    expect(yearlyCost(100n, level(1, 100, MONTH))).toBe(0n);
  });
});

/** Exact fractions, independent of the code under test. */
class Ratio {
  readonly top: bigint;
  readonly bottom: bigint;
  constructor(top: bigint, bottom = 1n) {
    this.top = top;
    this.bottom = bottom;
  }
  plus(o: Ratio): Ratio {
    return new Ratio(this.top * o.bottom + o.top * this.bottom, this.bottom * o.bottom);
  }
  times(o: Ratio): Ratio {
    return new Ratio(this.top * o.top, this.bottom * o.bottom);
  }
  over(o: Ratio): Ratio {
    return new Ratio(this.top * o.bottom, this.bottom * o.top);
  }
  atMost(o: Ratio): boolean {
    return this.top * o.bottom <= o.top * this.bottom;
  }
}
const growth = (rate: bigint, term: bigint) => new Ratio(1n).plus(new Ratio(rate * term, 1_000_000n * YEAR));

const amounts = fc.bigInt({ min: 1n, max: 2n ** 70n });
const rates = fc.bigInt({ min: 0n, max: 240_000n });
const terms = fc.bigInt({ min: 1n, max: 8_640_000n });

describe('rounding, against exact fractions', () => {
  it('takes less than a unit too much interest, and never too little', () => {
    fc.assert(
      fc.property(amounts, rates, terms, (balance, rate, term) => {
        const exact = new Ratio(balance * rate * term, 1_000_000n * YEAR);
        const found = interest(balance, rate, term);
        expect(exact.atMost(new Ratio(found))).toBe(true);
        expect(new Ratio(found - 1n).plus(new Ratio(0n)).top * exact.bottom < exact.top || found === 0n).toBe(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('never calls a plan cheap that is too dear, and errs by less than a billionth a payment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ amount: amounts, term: terms }), { minLength: 1, maxLength: 12 }),
        rates,
        (flows, cap) => {
          const exact = flows.reduceRight<Ratio>(
            (later, { amount, term }) => later.plus(new Ratio(amount)).over(growth(cap, term)),
            new Ratio(0n),
          );
          const found = new Ratio(presentValue(flows, cap), 10n ** 9n);
          expect(exact.atMost(found)).toBe(true);
          expect(found.atMost(exact.plus(new Ratio(BigInt(flows.length), 10n ** 9n)))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const PLAN: Plan = {
  agreement: `0x${'1'.repeat(64)}`,
  lender: `0x${'2'.repeat(40)}`,
  borrower: `0x${'3'.repeat(40)}`,
  payout: `0x${'4'.repeat(64)}`,
  principal: 398_000n,
  rate: 120_000n,
  cap: 240_000n,
  lateBps: 300n,
  coolingOff: 86_400n,
  start: 1_800_000_000n,
  instalments: drawUp(398_000n, 120_000n, 1_800_000_000n, 6),
  salt: `0x${'5'.repeat(64)}`,
};

describe('a plan', () => {
  it('is drawn up so that it ends at nothing, whatever is lent', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 100n, max: 2n ** 60n }),
        rates,
        fc.integer({ min: 1, max: 36 }),
        fc.integer({ min: 0, max: 1_460 }),
        (principal, rate, months, day) => {
          const start = 1_800_000_000n + BigInt(day) * 86_400n;
          const plan = {
            ...PLAN,
            principal,
            rate,
            start,
            instalments: drawUp(principal, rate, start, months),
          };
          fc.pre(plan.instalments.every(({ amount }) => amount > 0n));
          expect(planFault(plan)).toBeNull();
          const [first] = plan.instalments;
          expect(plan.instalments.every(({ amount }) => amount <= first!.amount)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('costs what its rate says, but for rounding', () => {
    expect(Number(costOf(PLAN))).toBeGreaterThanOrEqual(120_000);
    expect(Number(costOf(PLAN))).toBeLessThan(120_060);
    expect(withinCap(PLAN)).toBe(true);
    expect(withinCap({ ...PLAN, cap: 119_000n })).toBe(false);
  });

  it('stays within its cap exactly as long as its cost does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10_000n, max: 10_000_000n }), rates, rates, (principal, rate, cap) => {
        const plan = { ...PLAN, principal, rate, cap, instalments: drawUp(principal, rate, PLAN.start, 12) };
        expect(withinCap(plan)).toBe(costOf(plan)! <= cap);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['instalments', { instalments: [] }],
    ['principal', { principal: 0n }],
    ['principal', { principal: 2n ** 80n }],
    ['cap', { cap: 240_001n }],
    ['rate', { rate: 130_000n, cap: 129_999n }],
    ['lateBps', { lateBps: 501n }],
    ['coolingOff', { coolingOff: 86_399n }],
    ['coolingOff', { coolingOff: 2_592_001n }],
    ['payout', { payout: `0x${'0'.repeat(64)}` as const }],
    ['term', { instalments: PLAN.instalments.map((one) => ({ ...one, term: 0n })) }],
    ['dueBy', { instalments: PLAN.instalments.map((one) => ({ ...one, dueBy: one.dueBy - 5n * 86_400n })) }],
    ['dueBy', { instalments: PLAN.instalments.map((one) => ({ ...one, dueBy: one.dueBy + 6n * 86_400n })) }],
    ['amount', { instalments: PLAN.instalments.map((one) => ({ ...one, amount: 0n })) }],
    ['balance', { rate: 120_001n, principal: 398_001n }],
  ] as const)('is refused for %s', (field, change) => {
    expect(planFault({ ...PLAN, ...change })).toBe(field);
  });

  it('is the same after it was JSON', () => {
    expect(planFromJson(JSON.parse(JSON.stringify(planToJson(PLAN))))).toEqual(PLAN);
  });

  it('falls due on the same day of the month, or on its last', () => {
    const at = (iso: string) => BigInt(Date.parse(iso) / 1_000);
    expect(monthsLater(at('2027-01-31T08:00:00Z'), 1)).toBe(at('2027-02-28T08:00:00Z'));
    expect(monthsLater(at('2026-11-30T08:00:00Z'), 3)).toBe(at('2027-02-28T08:00:00Z'));
    expect(monthsLater(at('2026-12-15T08:00:00Z'), 12)).toBe(at('2027-12-15T08:00:00Z'));
  });
});
