/** A loan's plan: its terms, its bounds, how its instalments are drawn up. The contract's `PlanBounds`, bit for bit. */
import type { Hex } from '@zhenmei/kernel';
import {
  DRIFT,
  interest,
  least,
  MAX_COOLING,
  MAX_INSTALMENTS,
  MAX_LATE_BPS,
  MAX_PRINCIPAL,
  MAX_RATE,
  MAX_TERM,
  MIN_COOLING,
  MONTH,
  presentValue,
  yearlyCost,
} from './instalment-math.ts';

export interface Instalment {
  /** Minor units, interest included. */
  readonly amount: bigint;
  /** Seconds since the epoch, its last moment in time. */
  readonly dueBy: bigint;
  /** Seconds for which interest runs. */
  readonly term: bigint;
}

/** `IInstalmentBook.Plan`. */
export interface Plan {
  readonly agreement: Hex;
  readonly lender: Hex;
  readonly borrower: Hex;
  readonly payout: Hex;
  readonly principal: bigint;
  /** Nominal, in millionths a year. */
  readonly rate: bigint;
  readonly cap: bigint;
  readonly lateBps: bigint;
  /** Seconds. */
  readonly coolingOff: bigint;
  /** Seconds since the epoch. */
  readonly start: bigint;
  readonly instalments: readonly Instalment[];
  readonly salt: Hex;
}

/** The same as JSON: numbers as decimal text. */
export type PlanJson = {
  readonly [K in keyof Plan]: K extends 'instalments'
    ? readonly { readonly amount: string; readonly dueBy: string; readonly term: string }[]
    : Plan[K] extends bigint
      ? string
      : Plan[K];
};

export const planToJson = (plan: Plan): PlanJson => ({
  ...plan,
  principal: plan.principal.toString(),
  rate: plan.rate.toString(),
  cap: plan.cap.toString(),
  lateBps: plan.lateBps.toString(),
  coolingOff: plan.coolingOff.toString(),
  start: plan.start.toString(),
  instalments: plan.instalments.map(({ amount, dueBy, term }) => ({
    amount: amount.toString(),
    dueBy: dueBy.toString(),
    term: term.toString(),
  })),
});

export const planFromJson = (json: PlanJson): Plan => ({
  ...json,
  principal: BigInt(json.principal),
  rate: BigInt(json.rate),
  cap: BigInt(json.cap),
  lateBps: BigInt(json.lateBps),
  coolingOff: BigInt(json.coolingOff),
  start: BigInt(json.start),
  instalments: json.instalments.map(({ amount, dueBy, term }) => ({
    amount: BigInt(amount),
    dueBy: BigInt(dueBy),
    term: BigInt(term),
  })),
});

/** The first field that is out of bounds, by the contract's name for it, or null. */
export function planFault(plan: Plan): string | null {
  const { instalments, principal } = plan;
  if (instalments.length === 0 || instalments.length > MAX_INSTALMENTS) return 'instalments';
  if (principal <= 0n || principal > MAX_PRINCIPAL) return 'principal';
  if (plan.cap > MAX_RATE) return 'cap';
  if (plan.rate > plan.cap) return 'rate';
  if (plan.lateBps > MAX_LATE_BPS) return 'lateBps';
  if (plan.coolingOff < MIN_COOLING || plan.coolingOff > MAX_COOLING) return 'coolingOff';
  if (BigInt(plan.payout) === 0n) return 'payout';
  let balance = principal;
  let last = plan.start;
  let reckoned = plan.start;
  for (const { amount, dueBy, term } of instalments) {
    if (term <= 0n || term > MAX_TERM) return 'term';
    reckoned += term;
    if (dueBy <= last || dueBy + DRIFT < reckoned || dueBy > reckoned + DRIFT) return 'dueBy';
    balance += interest(balance, plan.rate, term);
    if (amount <= 0n || amount > balance) return 'amount';
    balance -= amount;
    last = dueBy;
  }
  return balance === 0n ? null : 'balance';
}

/** The yearly cost is within the plan's cap, as the contract checks it: without looking for the cost. */
export const withinCap = ({ instalments, cap, principal }: Plan): boolean =>
  presentValue(instalments, cap) <= principal * 10n ** 9n;

/** In millionths a year, everything included. */
export const costOf = ({ principal, instalments }: Plan): bigint | null => yearlyCost(principal, instalments);

/** What the plan asks for in all. */
export const totalOf = ({ instalments }: Plan): bigint =>
  instalments.reduce((sum, { amount }) => sum + amount, 0n);

/** The same day some months later, or the last of that month. @param start seconds since the epoch */
export function monthsLater(start: bigint, months: number): bigint {
  const from = new Date(Number(start) * 1_000);
  const day = from.getUTCDate();
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(day, last));
  return BigInt(Math.floor(to.getTime() / 1_000));
}

/**
 * Monthly instalments of one amount; the last one is what is left, and never more.
 * @param start seconds since the epoch; interest runs from here
 */
export function drawUp(principal: bigint, rate: bigint, start: bigint, months: number): Instalment[] {
  const rest = (each: bigint) => {
    let balance = principal;
    for (let i = 1; i < months; i++) {
      balance += interest(balance, rate, MONTH);
      balance -= least(each, balance);
    }
    return balance + interest(balance, rate, MONTH);
  };
  let low = principal / BigInt(months);
  let high = 2n * principal + 1n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (rest(middle) <= middle) high = middle;
    else low = middle + 1n;
  }
  let balance = principal;
  return Array.from({ length: months }, (_, i) => {
    balance += interest(balance, rate, MONTH);
    const amount = i === months - 1 ? balance : least(low, balance);
    balance -= amount;
    return { amount, dueBy: monthsLater(start, i + 1), term: MONTH };
  });
}
