/** What the demo's acquirer does once a day: it pays the house's bank, and decides about chargebacks that were answered. */
import { DAY, sha256, utf8 } from '@zhenmei/kernel';
import type { DemoAcquirer } from './demo-acquirer-books.ts';
import { decideDispute, settleToBank } from './demo-acquirer-cards.ts';

/** Midnight in China (UTC+8). */
const MIDNIGHT = 16 * 3_600_000;
/** Milliseconds until its transfer stands at the bank. */
const UNDER_WAY = DAY;

/** The day that began last. Milliseconds since the epoch. */
const dayOf = (now: number): number => Math.floor((now - MIDNIGHT) / DAY) * DAY + MIDNIGHT;

/**
 * One day's work, done once a day however often it is asked for: what was paid in before today goes to the bank, and a
 * chargeback that the house answered before today is decided, half of them for the house, by its number.
 * @returns what went to the bank, minor units
 */
export async function acquirerDay(acquirer: DemoAcquirer, currency: string): Promise<bigint> {
  const { db, now } = acquirer;
  const today = dayOf(now());
  const answered = await db
    .selectFrom('money.demo_card_dispute')
    .select('id')
    .where('state', '=', 'answered')
    .where((eb) => eb.or([eb('answered_at', '<', new Date(today)), eb('answered_at', 'is', null)]))
    .execute();
  for (const { id } of answered) await decideDispute(acquirer, id, (sha256(utf8(id))[0] ?? 0) % 2 === 0);
  const waiting = await db
    .selectFrom('money.demo_card_entry')
    .select('entry')
    .where('currency', '=', currency)
    .where('books_at', '<', new Date(today))
    .limit(1)
    .executeTakeFirst();
  return waiting ? settleToBank(acquirer, currency, now() + UNDER_WAY, today) : 0n;
}
