/** Takes in what the custodian has booked since the last time; telling it twice changes nothing. */
import { AppError, DAY } from '@zhenmei/kernel';
import { decideEntry, readReference, type StatementEntry } from '../core/rail.ts';
import type { MoneyContext } from './context.ts';
import { keep, loadBook } from './credits.ts';

/** Entries may be booked with a date in the past, but no farther back than this. */
const OVERLAP = 3 * DAY;

/** @returns how many entries were new. Throws RAIL_MISSING. */
export async function readEntries(ctx: MoneyContext): Promise<number> {
  if (!ctx.rail) throw new AppError('RAIL_MISSING');
  const { last } = await ctx.db
    .selectFrom('money.rail_entry')
    .select((eb) => eb.fn.max('booked_at').as('last'))
    .executeTakeFirstOrThrow();
  const entries = await ctx.rail.entriesFrom(last ? last.getTime() - OVERLAP : 0);
  if (entries.length === 0) return 0;
  const known = await ctx.db
    .selectFrom('money.rail_entry')
    .select('entry')
    .where(
      'entry',
      'in',
      entries.map(({ entry }) => entry),
    )
    .execute();
  const seen = new Set(known.map(({ entry }) => entry));
  const fresh = entries.filter(({ entry }) => !seen.has(entry));
  for (const entry of fresh) await takeEntry(ctx, entry);
  return fresh.length;
}

/** One entry: our own payment that was booked, or money that somebody sent or took back. */
export async function takeEntry(ctx: MoneyContext, entry: StatementEntry): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    if (entry.direction === 'debit' && entry.reverses === null && (await ownPayment(ctx, tx, entry))) return;
    const reference = entry.direction === 'credit' ? readReference(entry.reference) : null;
    const found = await loadBook(ctx, tx, reference, entry.reverses);
    await keep(ctx, tx, decideEntry(found, entry), entry, found.order);
  });
}

/** Our payment, by the key that we gave it: once, and to the cent. */
async function ownPayment(
  ctx: MoneyContext,
  tx: MoneyContext['db'],
  entry: StatementEntry,
): Promise<boolean> {
  const now = new Date(ctx.clock.now());
  const payment = await tx
    .updateTable('money.rail_payment')
    .set({ state: 'booked', entry: entry.entry, updated_at: now })
    .where('key', '=', entry.reference)
    .where('state', '=', 'sent')
    .where('amount', '=', entry.amount.toString())
    .where('currency', '=', entry.currency)
    .returningAll()
    .executeTakeFirst();
  if (!payment) return false;
  await tx
    .insertInto('money.rail_entry')
    .values({
      entry: entry.entry,
      direction: 'debit',
      reverses: null,
      reference: entry.reference,
      order_reference: null,
      amount: entry.amount.toString(),
      currency: entry.currency,
      state: 'paid',
      reason: null,
      booked_at: new Date(entry.bookedAt),
      received_at: now,
      explained: null,
      explained_at: null,
    })
    .onConflict((c) => c.doNothing())
    .execute();
  if (payment.kind === 'return')
    await tx
      .updateTable('money.rail_entry')
      .set({ state: 'returned' })
      .where('entry', '=', payment.party)
      .where('state', '=', 'returning')
      .execute();
  return true;
}
