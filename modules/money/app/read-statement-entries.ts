/** Takes in what the custodian has booked since the last time; telling it twice changes nothing. */
import { AppError, DAY } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { decideEntry, readReference, type StatementEntry } from '../core/rail.ts';
import { decideMove, type RailName, readMove } from '../core/rail-move.ts';
import { decideReserve, readReserveReference } from '../core/reserve.ts';
import type { RailPort } from '../ports.ts';
import type { MoneyContext } from './context.ts';
import { keep, loadBook } from './credits.ts';
import { eachOnItsOwn } from './on-its-own.ts';
import { coverLosses } from './reserve/cover-losses.ts';

/** Entries may be booked with a date in the past, but no farther back than this. */
const OVERLAP = 3 * DAY;

/** The rails that are connected. What an acquirer has sent to the bank is known before the bank tells of it. */
export function railsIn(ctx: MoneyContext): readonly (readonly [RailName, RailPort])[] {
  return [
    ...(ctx.card ? [['card', ctx.card] as const] : []),
    ...(ctx.rail ? [['custodian', ctx.rail] as const] : []),
  ];
}

/**
 * Reads every rail, also when another cannot be read.
 * @param overlap milliseconds before the newest entry from which it is read again
 * @returns how many entries were new. Throws RAIL_MISSING, and what a rail that cannot be read throws.
 */
export async function readEntries(ctx: MoneyContext, overlap = OVERLAP): Promise<number> {
  if (!ctx.rail) throw new AppError('RAIL_MISSING');
  let fresh = 0;
  const unread = new Set(railsIn(ctx).map(([rail]) => rail));
  await eachOnItsOwn(railsIn(ctx), async ([rail, port]) => {
    // what an acquirer sent to the bank is understood once the acquirer was heard
    const waits = ({ reference }: StatementEntry) =>
      rail === 'custodian' && unread.has('card') && readMove(reference) !== null;
    fresh += await readRail(ctx, rail, port, overlap, waits);
    unread.delete(rail);
  });
  if (fresh > 0) await coverLosses(ctx, 'CNY');
  return fresh;
}

async function readRail(
  ctx: MoneyContext,
  rail: RailName,
  port: RailPort,
  overlap: number,
  waits: (entry: StatementEntry) => boolean,
): Promise<number> {
  const { last } = await ctx.db
    .selectFrom('money.rail_entry')
    .select((eb) => eb.fn.max('booked_at').as('last'))
    .where('rail', '=', rail)
    .executeTakeFirstOrThrow();
  const entries = await port.entriesFrom(last ? last.getTime() - overlap : 0);
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
  const fresh = entries.filter((one) => !seen.has(one.entry) && !waits(one));
  for (const entry of fresh) await takeEntry(ctx, { ...entry, rail });
  return fresh.length;
}

/** One entry: our own payment or transfer that was booked, or money that somebody sent or took back. */
async function takeEntry(
  ctx: MoneyContext,
  entry: StatementEntry & { readonly rail: RailName },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    // also where no order can be locked: two readers decide one after the other
    await sql`select pg_advisory_xact_lock(hashtextextended(${entry.reverses ?? entry.entry}, 0))`.execute(
      tx,
    );
    const known = await tx
      .selectFrom('money.rail_entry')
      .select('entry')
      .where('entry', '=', entry.entry)
      .executeTakeFirst();
    if (known) return;
    if (entry.direction === 'debit' && entry.reverses === null && (await ownPayment(ctx, tx, entry))) return;
    const moved = await ownMove(tx, entry);
    // found by its number, whatever else stands there
    const number = readMove(entry.reference) ?? entry.reference;
    if (moved) return keep(ctx, tx, { credits: [moved], mint: false }, { ...entry, reference: number }, null);
    const reserve = decideReserve(entry.rail, entry, await ownReserve(tx, entry));
    if (reserve) return keep(ctx, tx, { credits: [reserve], mint: false }, entry, null);
    const reference = entry.direction === 'credit' ? readReference(entry.reference) : null;
    const found = await loadBook(ctx, tx, reference, entry.reverses);
    await keep(ctx, tx, decideEntry(found, entry), entry, found.order);
  });
}

/** The reserve that an entry names; one that names none costs no question. */
async function ownReserve(tx: MoneyContext['db'], { reference, currency }: StatementEntry) {
  const named = readReserveReference(reference);
  if (named === null) return null;
  const own = await tx
    .selectFrom('money.reserve')
    .selectAll()
    .where('reference', '=', named)
    .where('currency', '=', currency)
    .executeTakeFirst();
  return own ?? null;
}

/** Our own money between two rails: it arrives once. */
async function ownMove(tx: MoneyContext['db'], entry: StatementEntry & { readonly rail: RailName }) {
  const number = readMove(entry.reference);
  if (number === null) return null;
  const moves = await tx
    .selectFrom('money.rail_entry')
    .select(['direction', 'amount', 'currency'])
    .where('state', '=', 'moved')
    .where('reference', '=', number)
    .execute();
  const sent = moves.find(({ direction }) => direction === 'debit');
  const open = sent && !moves.some(({ direction }) => direction === 'credit');
  return decideMove(
    entry.rail,
    entry,
    open ? { amount: BigInt(sent.amount), currency: sent.currency } : null,
  );
}

/** Our payment, by the key that we gave it: once, and to the cent. */
async function ownPayment(
  ctx: MoneyContext,
  tx: MoneyContext['db'],
  entry: StatementEntry & { readonly rail: RailName },
): Promise<boolean> {
  const now = new Date(ctx.clock.now());
  const payment = await tx
    .updateTable('money.rail_payment')
    .set({ state: 'booked', entry: entry.entry, updated_at: now })
    .where((eb) => eb(eb.fn.coalesce('asked_as', 'key'), '=', entry.reference))
    // it may be booked before we have written down that we asked for it
    .where('state', 'in', ['due', 'sent'])
    .where('rail', '=', entry.rail)
    .where('amount', '=', entry.amount.toString())
    .where('currency', '=', entry.currency)
    .returningAll()
    .executeTakeFirst();
  if (!payment) return false;
  await tx
    .insertInto('money.rail_entry')
    .values({
      entry: entry.entry,
      rail: entry.rail,
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
