/**
 * One attempt to pay by card: open → (challenge) → authorised → captured, or declined, or voided. An authorisation is no
 * money; only what was captured stands in the acquirer's statement and becomes units. The acquirer's word is looked up
 * and never taken from a message, so a message that is old, doubled or lost changes nothing.
 */
import { defineErrors } from '@zhenmei/kernel';

export const CARD_STATES = ['open', 'challenge', 'authorised', 'captured', 'declined', 'voided'] as const;
export type CardState = (typeof CARD_STATES)[number];

/** How the acquirer sees it now. Of the card only what may be shown. */
export interface CardAtAcquirer {
  readonly state: CardState;
  readonly brand: string | null;
  readonly last4: string | null;
  /** The acquirer's word for the card; no number. */
  readonly token: string | null;
}

const RANK: Record<CardState, number> = {
  open: 0,
  challenge: 1,
  authorised: 2,
  captured: 3,
  declined: 3,
  voided: 3,
};

/** An end is the end, and nothing goes back: whatever says otherwise is older than what is known. */
export function laterState(known: CardState, told: CardState): CardState {
  return RANK[told] > RANK[known] ? told : known;
}

export interface CardOrder {
  /** All of it has come in by some way. */
  readonly paid: boolean;
  readonly payBy: number;
  /** What is still to be paid. */
  readonly missing: bigint;
}

/** Takes an authorised amount while the order still wants exactly that; otherwise lets the card go. */
export function decideAuthorised(order: CardOrder, amount: bigint, now: number): 'capture' | 'void' {
  return !order.paid && now <= order.payBy && order.missing === amount ? 'capture' : 'void';
}

export interface Refundable {
  /** Number of the capture. */
  readonly entry: string;
  /** Captured less what was given back of it or is on its way. */
  readonly left: bigint;
}

/** Spreads a payment home over captures, the oldest first; what they cannot take goes by the custodian. */
export function spreadHome(
  amount: bigint,
  captures: readonly Refundable[],
): { readonly parts: readonly { entry: string; amount: bigint }[]; readonly rest: bigint } {
  const parts: { entry: string; amount: bigint }[] = [];
  let rest = amount;
  for (const { entry, left } of captures) {
    let part = left;
    if (part > rest) part = rest;
    if (part <= 0n) continue;
    parts.push({ entry, amount: part });
    rest -= part;
  }
  return { parts, rest };
}

/**
 * What a chargeback costs the house: the part of it that is not held any more. While the money is held the payer owes it;
 * what was released cannot be taken back from anybody, and units are never negative.
 */
export function lossOf(takenBack: bigint, held: bigint): bigint {
  return takenBack > held ? takenBack - held : 0n;
}

defineErrors({
  RAIL_NOT_OFFERED: {
    status: 409,
    retryable: false,
    zh: '这家机构所在的地区不支持这种付款方式。请用页面上列出的方式付款。',
    en: 'This way to pay is not offered here, by the region or by the clinic. Choose one of the ways on the page.',
  },
  RAIL_NOT_IN_REGION: {
    status: 409,
    retryable: false,
    zh: '你们所在地区的规定不支持这种付款方式，不能开启。',
    en: 'The rules of your region do not provide for this way to pay, so it cannot be turned on.',
  },
  CARD_NOTHING_DUE: {
    status: 409,
    retryable: false,
    zh: '这笔付款已付清或已过期，不用再刷卡。请刷新页面。',
    en: 'This payment is complete or its time is over, so no card is needed. Reload the page.',
  },
  CARD_UNAVAILABLE: {
    status: 503,
    retryable: true,
    zh: '银行卡服务暂时没有回应，没有扣款。请稍后再试，或换一种付款方式。',
    en: 'The card service does not answer; nothing was taken. Try again later or pay another way.',
  },
  CARD_EVENT_REFUSED: {
    status: 401,
    retryable: false,
    zh: '这条消息的签名不对，没有采用。请检查收单机构的签名密钥。',
    en: 'The signature of this message is wrong; it was not used. Check the key shared with the acquirer.',
  },
  CARD_DISPUTE_CLOSED: {
    status: 409,
    retryable: false,
    zh: '没有这个拒付，或者答复期已过。请刷新列表。',
    en: 'There is no such chargeback, or the time to answer it is over. Reload the list.',
  },
});
