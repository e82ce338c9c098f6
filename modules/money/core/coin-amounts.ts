/** Amounts of an agreement that is held in a coin, as the price says them and as payers of coins read them. */
import type { PlainTerms } from './plain-terms.ts';

/**
 * The terms with their amounts in minor units of the price.
 * @param scale the coin's smallest units in one of them; 1 in the closed loop
 * @returns null if an amount is none of whole minor units: such terms were not made from a quote
 */
export function inPrice<T extends Pick<PlainTerms, 'milestones'>>(terms: T, scale: bigint): T | null {
  if (scale === 1n) return terms;
  if (terms.milestones.some(({ amount }) => BigInt(amount) % scale !== 0n)) return null;
  const milestones = terms.milestones.map((one) => ({
    ...one,
    amount: (BigInt(one.amount) / scale).toString(),
  }));
  return { ...terms, milestones };
}

/**
 * A coin's amount as decimal text, exact: at least two digits behind the point and no more than it has, e.g. `3,980.00`.
 * @param amount in the coin's smallest unit @param digits of the coin
 */
export function coinText(amount: bigint, digits: number): string {
  const text = amount.toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const rest = digits === 0 ? '' : text.slice(-digits).replace(/0+$/, '');
  return `${whole}.${rest.padEnd(2, '0')}`;
}

/** The inverse for what somebody types, e.g. `12.5`; null if it is no amount that the coin can express. */
export function coinAmount(text: string, digits: number): bigint | null {
  const match = /^(\d{1,60})(?:\.(\d{1,18}))?$/.exec(text.trim().replaceAll(',', ''));
  const rest = match?.[2] ?? '';
  if (!match || rest.length > digits) return null;
  return BigInt(match[1]!) * 10n ** BigInt(digits) + BigInt(rest.padEnd(digits, '0') || '0');
}
