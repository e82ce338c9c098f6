/**
 * A payment on its way: expected → received (at the custodian) → minted (settlement unit) → held (escrow).
 * What does not fit its order is never guessed at; it goes back where it came from.
 */
import { defineErrors } from '@zhenmei/kernel';

export type OrderState = 'expected' | 'received' | 'minted' | 'held';

export interface OrderFacts {
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly state: OrderState;
  readonly bankReference: string | null;
}

export interface BankCredit {
  /** The bank's own unique number of this credit. */
  readonly bankReference: string;
  /** What the payer wrote as reference. */
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
}

export type Match =
  | { readonly outcome: 'accept' }
  | { readonly outcome: 'repeat' }
  | {
      readonly outcome: 'return';
      readonly reason: 'no-such-order' | 'paid-already' | 'wrong-amount' | 'wrong-currency';
    };

/** Matches a credit against its order. The same credit told twice changes nothing. */
export function matchCredit(order: OrderFacts | null, credit: BankCredit): Match {
  if (!order) return { outcome: 'return', reason: 'no-such-order' };
  if (order.bankReference === credit.bankReference) return { outcome: 'repeat' };
  if (order.state !== 'expected') return { outcome: 'return', reason: 'paid-already' };
  if (order.currency !== credit.currency) return { outcome: 'return', reason: 'wrong-currency' };
  if (order.amount !== credit.amount) return { outcome: 'return', reason: 'wrong-amount' };
  return { outcome: 'accept' };
}

/** A reference people can type: 12 characters without look-alikes, in groups of four. */
export function paymentReference(random: Uint8Array): string {
  const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  const text = [...random.subarray(0, 12)].map((b) => alphabet[b % 32]).join('');
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8, 12)}`;
}

defineErrors({
  PAYMENT_NOT_DUE: {
    status: 409,
    retryable: false,
    zh: '现在还不能付款：请先签署同意书和合同。',
    en: 'Nothing is to be paid yet: sign the consent and the agreement first.',
  },
  PAYMENT_UNKNOWN: { status: 404, retryable: false, zh: '没有这笔付款。', en: 'There is no such payment.' },
  RELAY_REFUSED: {
    status: 403,
    retryable: false,
    zh: '这个操作不在允许的范围内，没有执行。',
    en: 'This operation is not among those that are relayed; nothing was done.',
  },
  CHAIN_REVERTED: {
    status: 409,
    retryable: false,
    zh: '合同规则不允许这一步（{reason}）。',
    en: 'The rules of the agreement do not allow this step ({reason}).',
  },
  CHAIN_UNAVAILABLE: {
    status: 503,
    retryable: true,
    zh: '账本暂时不可用，已排队，稍后会自动继续。',
    en: 'The ledger is not available right now. Your step is queued and will go on by itself.',
  },
});
