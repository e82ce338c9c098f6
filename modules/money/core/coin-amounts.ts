/** Amounts of an agreement that is held in a coin, as the price says them and as payers of coins read them. */
import { defineErrors } from '@zhenmei/kernel';
import type { PlainTerms } from './plain-terms.ts';

defineErrors({
  COIN_SCALE_UNKNOWN: {
    status: 409,
    retryable: false,
    zh: '这份合同的钱放在一种没有接入本平台的稳定币里，金额无法确定，所以没有显示，也没有收款。请联系平台。',
    en: 'This agreement is held in a coin that is not connected to this platform, so its amounts are not known for sure; none is shown and none is charged. Please contact the platform.',
  },
});

interface Offer {
  readonly milestones: readonly { readonly amount: string }[];
}

/** Coins of 2 to 18 digits. */
const SCALE = /^10{0,16}$/;

/**
 * Smallest units of what an offer is held in, in one minor unit of its price, as the offer itself says it: its parts add up
 * to its quote. Only for an offer that was compared with its quote when it was taken.
 * @param total of the quote, in minor units @returns null if the two say none
 */
export function scaleOfOffer(terms: Offer, total: bigint): bigint | null {
  const sum = terms.milestones.reduce((all, { amount }) => all + BigInt(amount), 0n);
  if (total <= 0n || sum % total !== 0n) return null;
  const scale = sum / total;
  return SCALE.test(scale.toString()) ? scale : null;
}

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
