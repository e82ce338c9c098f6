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
  /** `RvslInd`: the number of the earlier entry that this one undoes: a credit taken back, or such a debit given back. */
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
 * `moved`: our own money on its way from one rail to another. `reserve`: the operator's own, for what banks take back.
 * `ask`: only a person can tell.
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
  | 'reserve'
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
  | 'unknown-debit'
  | 'given-back';

export interface Credit {
  readonly entry: string;
  readonly state: EntryState;
  readonly reason: RailReason | null;
  /** The order it belongs to. */
  readonly order: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly bookedAt: number;
  /** It went out; only debits say so. */
  readonly debit?: boolean;
  /** Of what a card paid: the entry that the acquirer knows it by. */
  readonly capture?: string | null;
  /** The debit that took it back. Matched all the same: set off against a payment home. */
  readonly takenBy?: string | null;
  /** The credit that made up for it. Of a debit: the credit that gave it back. */
  readonly settledBy?: string | null;
  /** Some of it has gone back to whoever sent it. */
  readonly spent?: boolean;
  /** The entry of the statement that this is a part of, where it is not an entry itself. */
  readonly partOf?: string;
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
  /** The order's entries, and those that the entry undoes. */
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
  return entry.reverses === null ? decideCredit(book, asCredit(entry)) : decideGivenBack(book, entry);
}

/** A credit against its order: also when its payer claims it later. */
export function decideCredit({ order, credits }: RailBook, credit: Credit): Decision {
  if (!order) return one(credit, 'unassigned', 'no-such-order');
  const of = { ...credit, order: order.reference };
  if (credit.currency !== order.currency) return one(of, 'return-due', 'wrong-currency');
  const debts = credits.filter((c) => c.order === order.reference && c.state === 'owed');
  const debt = debts.find((c) => c.amount === credit.amount);
  // the page asks for all that is owed in one sum
  const paid = debt ? [debt] : sumOf(debts) === credit.amount ? debts : [];
  if (paid.length > 0)
    return {
      credits: [
        ...paid.map((c): Credit => ({ ...c, state: 'settled', settledBy: credit.entry })),
        { ...of, state: 'matched', reason: null },
      ],
      mint: false,
    };
  if (order.paid) return one(of, 'return-due', 'paid-already');
  if (credit.bookedAt > order.payBy) return one(of, 'return-due', 'late');
  const parts = credits.filter((c) => c.order === order.reference && c.state === 'part');
  const collected = sumOf(parts) + credit.amount;
  if (collected > order.amount) return one(of, 'return-due', 'too-much');
  if (collected < order.amount) return one(of, 'part', null);
  return { credits: [...parts, of].map((c) => ({ ...c, state: 'matched', reason: null })), mint: true };
}

/** Of these a part can be taken; of what is on its way home, or is there, only the whole. */
const DIVISIBLE: readonly EntryState[] = ['matched', 'part', 'unassigned', 'return-due', 'reserve'];
const WHOLE: readonly EntryState[] = [...DIVISIBLE, 'returning', 'returned'];

/** The bank takes back what it had credited, or pays out what we did not ask for. */
function decideDebit({ credits }: RailBook, entry: StatementEntry): Decision {
  const debit: Credit = { ...asCredit(entry), debit: true };
  if (entry.reverses === null) return one(debit, 'ask', 'unknown-debit');
  const there = credits.filter(
    (c) => !c.debit && !c.takenBy && (c.capture ?? c.entry) === entry.reverses && WHOLE.includes(c.state),
  );
  if (there.length === 0) return one(debit, 'ask', 'unknown-reversal');
  const fit = there.filter((c) => c.currency === entry.currency);
  const exact = fit.find((c) => c.amount === entry.amount);
  const from = exact ? [exact] : fit.filter((c) => DIVISIBLE.includes(c.state));
  if (sumOf(from) < entry.amount) return one(debit, 'ask', 'other-amount');
  const changed: Credit[] = [];
  let left = entry.amount;
  for (const credit of from) {
    if (left === 0n) break;
    const whole = credit.amount <= left;
    const amount = whole ? credit.amount : left;
    left -= amount;
    if (!whole) changed.push({ ...credit, amount: credit.amount - amount });
    changed.push({
      ...credit,
      ...(whole ? {} : { entry: `${credit.entry}/${entry.entry}`, partOf: credit.entry }),
      amount,
      // used, or on its way home already: somebody has the money twice
      state: ['part', 'unassigned', 'return-due', 'reserve'].includes(credit.state) ? 'reversed' : 'owed',
      takenBy: entry.entry,
    });
  }
  const { order, capture } = from[0]!;
  changed.push({ ...debit, state: 'reversed', order, capture: capture ?? null });
  return { credits: changed, mint: false };
}

/**
 * What a debit took is given back, as when a chargeback is won. It is decided against that debit, whatever is written on
 * it: what was owed is settled; what was set off goes home after all; where somebody has made up for it, she gets that back.
 */
function decideGivenBack(book: RailBook, entry: StatementEntry): Decision {
  const { credits } = book;
  const debit = credits.find((c) => c.debit && c.entry === entry.reverses);
  const credit: Credit = { ...asCredit(entry), order: debit?.order ?? null, capture: debit?.capture ?? null };
  if (!debit || debit.settledBy) return one(credit, 'ask', 'unknown-reversal');
  const taken = credits.filter((c) => !c.debit && c.takenBy === debit.entry);
  // a payment of ours that did not reach its payee: whether it is made again a person says
  if (taken.length === 0 && debit.state === 'returned' && debit.amount === entry.amount)
    return one(credit, 'ask', 'given-back');
  if (sumOf(taken) !== entry.amount || taken.some((c) => c.currency !== entry.currency))
    return one(credit, 'ask', 'other-amount');
  const given: Credit = { ...debit, settledBy: entry.entry };
  if (taken.every(({ state }) => state === 'reversed')) {
    const { credits: fresh, mint } = decideCredit(book, credit);
    return { credits: [given, ...fresh], mint };
  }
  const changed: Credit[] = [];
  let [stays, home] = [0n, 0n];
  for (const one of taken) {
    const cover = credits.find((c) => c.entry === one.settledBy);
    if (one.state === 'matched') home += one.amount;
    else if (one.state === 'owed') {
      stays += one.amount;
      changed.push({ ...one, state: 'settled', settledBy: entry.entry });
    } else if (
      one.state === 'settled' &&
      cover?.state === 'matched' &&
      cover.amount === one.amount &&
      !cover.spent &&
      !cover.takenBy
    ) {
      stays += one.amount;
      changed.push(
        { ...one, settledBy: entry.entry },
        { ...cover, state: 'return-due', reason: 'paid-already' },
      );
    } else return { credits: [{ ...credit, state: 'ask', reason: 'unknown-reversal' }], mint: false };
  }
  const kept: Credit = { ...credit, state: 'matched', reason: null, amount: stays };
  const back: Credit = { ...credit, state: 'return-due', reason: 'paid-already', amount: home };
  const parts =
    stays === 0n
      ? [back]
      : home === 0n
        ? [kept]
        : [kept, { ...back, entry: `${entry.entry}/home`, partOf: entry.entry }];
  return { credits: [given, ...changed, ...parts], mint: false };
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

const sumOf = (credits: readonly Credit[]): bigint => credits.reduce((sum, { amount }) => sum + amount, 0n);

function one(credit: Credit, state: EntryState, reason: RailReason | null): Decision {
  return { credits: [{ ...credit, state, reason }], mint: false };
}

/** A reference people can type: 12 characters without look-alikes, in groups of four. */
export function paymentReference(random: Uint8Array): string {
  const text = [...random.subarray(0, 12)].map((b) => ALPHABET[b % 32]).join('');
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8, 12)}`;
}
