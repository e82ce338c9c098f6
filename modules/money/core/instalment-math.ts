/**
 * Arithmetic of instalments, the same numbers as `contracts/src/base/InstalmentMath.sol`, bit for bit.
 * A year has 31,536,000 seconds, a month is its twelfth. Rates are nominal, in millionths a year; within a term interest
 * is simple, from term to term it is actuarial. Each rounding is named.
 */
export const YEAR = 31_536_000n;
export const MONTH = 2_628_000n;
export const MILLION = 1_000_000n;
/** The whole of a schedule. */
export const ONE = 10n ** 18n;
const BILLION = 10n ** 9n;
const BPS = 10_000n;

/** In millionths a year. */
export const MAX_RATE = 240_000n;
export const MAX_LATE_BPS = 500n;
export const MAX_INSTALMENTS = 36;
const DAY = 86_400n;
export const MAX_TERM = 100n * DAY;
export const DRIFT = 4n * DAY;
/** Seconds after an instalment's last moment in which nothing follows. */
export const GRACE = 5n * DAY;
/** Seconds after which a loan may be written off. */
export const DEFAULT = 60n * DAY;
export const MIN_COOLING = DAY;
export const MAX_COOLING = 30n * DAY;
export const MAX_PRINCIPAL = 2n ** 80n - 1n;

/** Of one term, rounded up. @param rate millionths a year @param term seconds */
export function interest(balance: bigint, rate: bigint, term: bigint): bigint {
  const year = MILLION * YEAR;
  return (balance * rate * term + year - 1n) / year;
}

/** Present value, in billionths, of an instalment and of what follows it, one term earlier. Rounded up. */
export function discounted(later: bigint, amount: bigint, cap: bigint, term: bigint): bigint {
  const year = MILLION * YEAR;
  const divisor = year + cap * term;
  return ((later + amount * BILLION) * year + divisor - 1n) / divisor;
}

/** What refunds left of an amount, rounded down. */
export const part = (amount: bigint, share: bigint): bigint => (amount * share) / ONE;

/** What is left of `share` after `refund` of a debt worth `value`, rounded down. */
export const shareAfter = (share: bigint, value: bigint, refund: bigint): bigint =>
  (share * (value - refund)) / value;

/** Once for an instalment, of its own amount, rounded down. */
export const lateFee = (amount: bigint, bps: bigint): bigint => (amount * bps) / BPS;

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
/** `a - b`, and nothing where that is negative. */
export const over = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);

/** Present value of flows at a yearly rate, in billionths, rounded up at each of them. */
export function presentValue(flows: readonly { amount: bigint; term: bigint }[], rate: bigint): bigint {
  return flows.reduceRight((later, { amount, term }) => discounted(later, amount, rate, term), 0n);
}

/**
 * Yearly cost of a loan in millionths, by the actuarial method of 12 CFR 1026 (Regulation Z) Appendix J: the lowest rate at
 * which what is paid is worth no more than what was lent. Null beyond 1,000 % a year.
 * @param flows payments with the seconds since the one before; an amount of 0 only divides a term
 */
export function yearlyCost(
  principal: bigint,
  flows: readonly { amount: bigint; term: bigint }[],
): bigint | null {
  const fits = (rate: bigint) => presentValue(flows, rate) <= principal * BILLION;
  let low = 0n;
  let high = 10n * MILLION;
  if (!fits(high)) return null;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (fits(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

/**
 * The yearly cost as Directive 2008/48/EC Annex I states it: compounded once a year. For display only, as a fraction.
 * @param flows payments with the years since the loan
 */
export function compoundedYearlyCost(
  principal: number,
  flows: readonly { amount: number; years: number }[],
): number {
  const worth = (rate: number) =>
    flows.reduce((sum, { amount, years }) => sum + amount / (1 + rate) ** years, 0);
  let low = 0;
  let high = 100;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (worth(middle) > principal) low = middle;
    else high = middle;
  }
  return high;
}
