/**
 * What becomes of each entry in a custodian's statement: matched to an order, waiting for the rest, to be returned,
 * claimed by its payer, or asked about. Nothing is guessed at, and the same entry told twice changes nothing.
 * Entries have the shape of ISO 20022 camt.053: one reference of the bank each, credit or debit, perhaps a reversal.
 */

/** Minor units, like all amounts here; times are milliseconds since the epoch. */
export interface StatementEntry {
  /** `AcctSvcrRef`: the bank's own unique number of this entry. */
  readonly entry: string;
  readonly direction: 'credit' | 'debit';
  /** `RvslInd`: the number of the earlier entry that this one undoes. */
  readonly reverses: string | null;
  /** `RmtInf`: what the payer wrote, as it is; on our own debits, what we wrote. */
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly bookedAt: number;
}

/**
 * `matched`: turned into held money. `part`: waits for the rest of its order. `unassigned`: nobody knows for what;
 * its payer may claim it. `return-due`, `returning`, `returned`: on its way home. `reversed`: taken back by the bank,
 * nothing is left of it. `owed`: taken back after it was matched; whoever paid owes it. `settled`: such a debt, paid.
 * `moved`: our own money on its way from one rail to another. `ask`: only a person can tell.
 */
export type EntryState =
  | 'matched'
  | 'part'
  | 'unassigned'
  | 'return-due'
  | 'returning'
  | 'returned'
  | 'reversed'
  | 'owed'
  | 'settled'
  | 'moved'
  | 'ask';

export type RailReason =
  | 'no-such-order'
  | 'wrong-currency'
  | 'paid-already'
  | 'late'
  | 'too-much'
  | 'not-completed'
  | 'not-claimed'
  | 'sent-back'
  | 'unknown-reversal'
  | 'other-amount'
  | 'unknown-debit';

export interface Credit {
  readonly entry: string;
  readonly state: EntryState;
  readonly reason: RailReason | null;
  /** The order it belongs to. */
  readonly order: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly bookedAt: number;
}

export interface RailOrder {
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  /** Whether all of it has come in and was handed on to be minted. */
  readonly paid: boolean;
  /** After this nothing is taken any more. */
  readonly payBy: number;
}

/** What is known when an entry comes in: only what the entry may touch. */
export interface RailBook {
  readonly order: RailOrder | null;
  /** The order's credits, and the entry that is reversed. */
  readonly credits: readonly Credit[];
}

export interface Decision {
  /** Credits that are new or have changed. */
  readonly credits: readonly Credit[];
  /** The order is complete: mint its amount, once. */
  readonly mint: boolean;
}

/** Days for which a credit without an order waits for its payer before it goes home. */
export const CLAIM_DAYS = 7;

const NOTHING: Decision = { credits: [], mint: false };

/** Decides about one entry that is not a payment of our own. */
export function decideEntry(book: RailBook, entry: StatementEntry): Decision {
  const known = book.credits.some((c) => c.entry === entry.entry);
  if (known) return NOTHING;
  if (entry.direction === 'debit') return decideDebit(book, entry);
  const credit = asCredit(entry);
  if (entry.reverses !== null) return one(credit, 'ask', 'unknown-reversal');
  return decideCredit(book, credit);
}

/** A credit against its order: also when its payer claims it later. */
export function decideCredit({ order, credits }: RailBook, credit: Credit): Decision {
  if (!order) return one(credit, 'unassigned', 'no-such-order');
  const of = { ...credit, order: order.reference };
  if (credit.currency !== order.currency) return one(of, 'return-due', 'wrong-currency');
  const debts = credits.filter((c) => c.order === order.reference && c.state === 'owed');
  const debt = debts.find((c) => c.amount === credit.amount);
  if (debt)
    return {
      credits: [
        { ...debt, state: 'settled' },
        { ...of, state: 'matched', reason: null },
      ],
      mint: false,
    };
  if (order.paid) return one(of, 'return-due', 'paid-already');
  if (credit.bookedAt > order.payBy) return one(of, 'return-due', 'late');
  const parts = credits.filter((c) => c.order === order.reference && c.state === 'part');
  const collected = parts.reduce((sum, part) => sum + part.amount, 0n) + credit.amount;
  if (collected > order.amount) return one(of, 'return-due', 'too-much');
  if (collected < order.amount) return one(of, 'part', null);
  return { credits: [...parts, of].map((c) => ({ ...c, state: 'matched', reason: null })), mint: true };
}

/** The bank takes back what it had credited, or pays out what we did not ask for. */
function decideDebit({ credits }: RailBook, entry: StatementEntry): Decision {
  const target = entry.reverses === null ? null : credits.find((c) => c.entry === entry.reverses);
  const debit = asCredit(entry);
  if (entry.reverses === null) return one(debit, 'ask', 'unknown-debit');
  if (!target) return one(debit, 'ask', 'unknown-reversal');
  if (target.amount !== entry.amount || target.currency !== entry.currency)
    return one(debit, 'ask', 'other-amount');
  const undone: Credit = { ...debit, state: 'reversed', order: target.order };
  switch (target.state) {
    case 'part':
    case 'unassigned':
    case 'return-due':
      return { credits: [{ ...target, state: 'reversed' }, undone], mint: false };
    // it has been used, or is on its way home already: somebody has the money twice
    case 'matched':
    case 'returning':
    case 'returned':
      return { credits: [{ ...target, state: 'owed' }, undone], mint: false };
    default:
      return one(debit, 'ask', 'unknown-reversal');
  }
}

/** What has waited long enough goes home. @param order null for credits without one */
export function homeward(order: RailOrder | null, credits: readonly Credit[], now: number): Credit[] {
  return credits.flatMap((credit): Credit[] => {
    if (credit.state === 'part' && order && !order.paid && now > order.payBy)
      return [{ ...credit, state: 'return-due', reason: 'not-completed' }];
    if (credit.state === 'unassigned' && now > credit.bookedAt + CLAIM_DAYS * 86_400_000)
      return [{ ...credit, state: 'return-due', reason: 'not-claimed' }];
    return [];
  });
}

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUPS = new RegExp(
  `(?<![A-Z0-9])([${ALPHABET}]{4})[ -]?([${ALPHABET}]{4})[ -]?([${ALPHABET}]{4})(?![A-Z0-9])`,
);

/** The reference of an order in what a payer wrote, with its dashes; null if there is none, or what may be two. */
export function readReference(text: string): string | null {
  const upper = text.toUpperCase();
  const found = GROUPS.exec(upper);
  if (!found) return null;
  return GROUPS.test(upper.slice(found.index + found[0].length))
    ? null
    : `${found[1]}-${found[2]}-${found[3]}`;
}

function asCredit(entry: StatementEntry): Credit {
  const { entry: number, amount, currency, bookedAt } = entry;
  return { entry: number, state: 'ask', reason: null, order: null, amount, currency, bookedAt };
}

function one(credit: Credit, state: EntryState, reason: RailReason | null): Decision {
  return { credits: [{ ...credit, state, reason }], mint: false };
}

/** A reference people can type: 12 characters without look-alikes, in groups of four. */
export function paymentReference(random: Uint8Array): string {
  const text = [...random.subarray(0, 12)].map((b) => ALPHABET[b % 32]).join('');
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8, 12)}`;
}
