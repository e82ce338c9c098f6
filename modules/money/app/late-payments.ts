/** Payments that a rail was asked for and that do not come: refused, or never booked. */
import { DAY } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import type { RailName } from '../core/rail-move.ts';
import type { Difference } from '../core/reconcile.ts';
import { shrinkReturn } from './card/shrink-return.ts';
import type { MoneyContext } from './context.ts';

/** Days after which a payment that a rail was asked for has to stand in its statement. */
const BOOKED_WITHIN = 7 * DAY;

/** Keeps when each payment was asked for first; asking again does not make it younger. */
export async function noteSent(ctx: MoneyContext): Promise<void> {
  await ctx.db
    .updateTable('money.rail_payment')
    .set((eb) => ({ sent_at: eb.ref('updated_at') }))
    .where('state', '=', 'sent')
    .where('sent_at', 'is', null)
    .execute();
}

/**
 * A rail refused: nothing has left. A payout is decided anew once the statement had time to say why; a return is asked for
 * again. Neither is forgotten: what is not booked in time is a difference of the night.
 */
export async function noteRefusal(ctx: MoneyContext, key: string): Promise<void> {
  const now = new Date(ctx.clock.now());
  if ((await forgetTakenBack(ctx, key)) || (await shrinkReturn(ctx, key))) return;
  const sentAt = sql<Date>`coalesce(sent_at, ${now})`;
  await ctx.db
    .updateTable('money.rail_payment')
    .set({ state: 'sent', refused_at: now, updated_at: now, sent_at: sentAt })
    .where('key', '=', key)
    .where('kind', '!=', 'payout')
    .where('state', '!=', 'booked')
    .execute();
  await ctx.db
    .updateTable('money.rail_payment')
    .set({ state: 'due', rail: null, refunds: null, refused_at: now, updated_at: now, sent_at: sentAt })
    .where('key', '=', key)
    .where('kind', '=', 'payout')
    .where('state', '!=', 'booked')
    .execute();
}

/** A card's bank was quicker than the return: the payer has her money, owes nothing, and nothing is left to return. */
async function forgetTakenBack(ctx: MoneyContext, key: string): Promise<boolean> {
  return ctx.db.transaction().execute(async (tx) => {
    const gone = await tx
      .updateTable('money.rail_entry as e')
      .from('money.rail_payment as p')
      .set({ state: 'reversed' })
      .whereRef('e.entry', '=', 'p.party')
      .where('p.key', '=', key)
      .where('p.kind', '=', 'return')
      .where('p.rail', '=', 'card')
      .where('p.state', '!=', 'booked')
      .where('e.state', '=', 'owed')
      .where('e.taken_by', 'is not', null)
      .returning('e.entry')
      .executeTakeFirst();
    if (!gone) return false;
    await tx.deleteFrom('money.rail_payment').where('key', '=', key).execute();
    return true;
  });
}

/** What each rail was asked for long ago and has not booked. @param now milliseconds since the epoch */
export async function latePayments(
  db: Kysely<MoneyDatabase>,
  currency: string,
  now: number,
): Promise<Difference[]> {
  const { rows } = await sql<{ rail: RailName; sum: string }>`
    select coalesce(rail, 'card') as rail, sum(amount)::text as sum from money.rail_payment
    where state <> 'booked' and sent_at < ${new Date(now - BOOKED_WITHIN)} and currency = ${currency}
    group by 1 order by 1`.execute(db);
  return rows.map(({ rail, sum }) => ({ kind: 'late', expected: '0', found: sum, where: rail }));
}
