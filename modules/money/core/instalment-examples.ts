/**
 * Public worked examples of the yearly cost, irregular periods included: the same numbers must come out of the contract,
 * the server and the browser. Amounts are cents, terms seconds of the year of 365 days in unit-periods.
 */
import { MONTH, YEAR } from './instalment-math.ts';

/** A payment, and the seconds since the one before; an amount of 0 only divides a term. */
export interface Flow {
  readonly amount: bigint;
  readonly term: bigint;
}

const WEEK = YEAR / 52n;
const flow = (amount: number, term: bigint): Flow => ({ amount: BigInt(amount), term });
export const level = (n: number, amount: number, term: bigint) =>
  Array.from({ length: n }, () => flow(amount, term));
/** An odd first period: its fraction of a unit-period counts simple interest before whole unit-periods. */
const odd = (days: number, of: number, unit: bigint) => flow(0, (unit * BigInt(days)) / BigInt(of));

/** 12 CFR Part 1026 (Regulation Z), Appendix J, section (c): its examples in cents. */
export const REGULATION_Z: readonly (readonly [
  name: string,
  lent: number,
  flows: readonly Flow[],
  percent: number,
])[] = [
  ['(c)(1)(i) monthly', 500_000, level(24, 23_000, MONTH), 9.69],
  [
    '(c)(1)(ii) monthly, long first period',
    600_000,
    [odd(19, 30, MONTH), ...level(36, 20_000, MONTH)],
    11.82,
  ],
  [
    '(c)(1)(iii) semimonthly, short first period',
    500_000,
    [flow(21_917, ((MONTH / 2n) * 6n) / 15n), ...level(23, 21_917, MONTH / 2n)],
    10.34,
  ],
  [
    '(c)(1)(iv) quarterly, long first period',
    1_000_000,
    [odd(39, 90, 3n * MONTH), ...level(40, 38_500, 3n * MONTH)],
    8.97,
  ],
  [
    '(c)(1)(v) weekly, long first period',
    50_000,
    [odd(4, 7, WEEK), ...level(3, 0, WEEK), ...level(30, 1_760, WEEK)],
    14.96,
  ],
  [
    '(c)(2)(i) monthly, irregular first payment',
    500_000,
    [flow(25_000, MONTH), ...level(23, 23_000, MONTH)],
    10.08,
  ],
  [
    '(c)(2)(ii) every 4 weeks, long first period',
    40_000,
    [odd(5, 28, 4n * WEEK), flow(3_950, 4n * WEEK), ...level(11, 3_831, 4n * WEEK)],
    28.5,
  ],
  [
    '(c)(3)(i) monthly, irregular last payment',
    500_000,
    [...level(23, 23_000, MONTH), flow(28_000, MONTH)],
    10.5,
  ],
  [
    '(c)(3)(ii) every 2 weeks, short first period',
    20_000,
    [flow(950, (2n * WEEK * 8n) / 14n), ...level(18, 950, 2n * WEEK), flow(3_000, 2n * WEEK)],
    12.22,
  ],
  [
    '(c)(4)(i) monthly, irregular first and last payment',
    500_000,
    [flow(25_000, MONTH), ...level(22, 23_000, MONTH), flow(28_000, MONTH)],
    10.9,
  ],
  [
    '(c)(4)(ii) every two months, short first period',
    800_000,
    [flow(44_936, (2n * MONTH * 52n) / 60n), ...level(18, 46_500, 2n * MONTH), flow(20_000, 2n * MONTH)],
    7.3,
  ],
  ['(c)(5)(i) one payment after 255 days', 100_000, [flow(108_000, 255n * 86_400n)], 11.45],
];

/** Directive 98/7/EC, Annex III (examples of the method that Directive 2008/48/EC Annex I keeps). */
export const DIRECTIVE = [
  ['one payment after 546 days', 1_000, [[1_200, 546 / 365]], 12.96],
  ['one payment after 18 months', 1_000, [[1_200, 1.5]], 12.92],
  ['the same, 50 withheld', 950, [[1_200, 1.5]], 16.85],
  [
    'two payments after one and two years',
    1_000,
    [
      [600, 1],
      [600, 2],
    ],
    13.07,
  ],
  [
    'three payments after 3, 6 and 12 months',
    1_000,
    [
      [272, 0.25],
      [272, 0.5],
      [544, 1],
    ],
    13.19,
  ],
] as const;
