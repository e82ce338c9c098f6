/**
 * Our own money on its way from one rail to another: an acquirer pays what it has captured to the custodian's bank. It
 * leaves the one as a debit and reaches the other as a credit, under one number of the acquirer's, and is nobody's payment.
 */
import type { Credit, StatementEntry } from './rail.ts';

export type RailName = 'custodian' | 'card';

/** Days after which a transfer that left one rail has to be on the other. */
export const TRANSIT_DAYS = 5;

const NUMBER = /(?<![A-Z0-9])ACQ-[A-Z0-9]{12}(?![A-Z0-9])/g;

/** The acquirer's number of a transfer in what stands with an entry; null if there is none, or more than one. */
export function readMove(text: string): string | null {
  const found = text.toUpperCase().match(NUMBER) ?? [];
  return found.length === 1 ? found[0] : null;
}

/** What left the acquirer under this number and has not arrived yet. */
export interface Sent {
  readonly amount: bigint;
  readonly currency: string;
}

/**
 * The entry as a part of such a transfer, or null if it is something else. What comes under the number of a transfer and is
 * not what was sent is asked about: as an unknown payer's money it would go home.
 */
export function decideMove(rail: RailName, entry: StatementEntry, sent: Sent | null): Credit | null {
  if (entry.reverses !== null || readMove(entry.reference) === null) return null;
  const arrives =
    rail === 'custodian' &&
    entry.direction === 'credit' &&
    sent?.amount === entry.amount &&
    sent.currency === entry.currency;
  const leaves = rail === 'card' && entry.direction === 'debit';
  if (!leaves && (rail !== 'custodian' || entry.direction !== 'credit')) return null;
  const { entry: number, amount, currency, bookedAt } = entry;
  const credit = { entry: number, order: null, amount, currency, bookedAt, debit: leaves };
  return arrives || leaves
    ? { ...credit, state: 'moved', reason: null }
    : { ...credit, state: 'ask', reason: 'other-amount' };
}
