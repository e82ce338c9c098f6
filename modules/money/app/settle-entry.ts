/** An operator's word about what no rule could decide: an unclaimed credit, an entry nobody expected, an alarm. */
import { AppError } from '@zhenmei/kernel';
import type { MoneyContext } from './context.ts';

/** Throws BANK_ENTRY_UNKNOWN unless it is an unclaimed credit. */
export async function returnEntry(ctx: MoneyContext, entry: string): Promise<void> {
  const row = await ctx.db
    .updateTable('money.rail_entry')
    .set({ state: 'return-due', reason: 'sent-back' })
    .where('entry', '=', entry)
    .where('state', '=', 'unassigned')
    .returning('entry')
    .executeTakeFirst();
  if (!row) throw new AppError('BANK_ENTRY_UNKNOWN');
}

/** Throws BANK_ENTRY_UNKNOWN unless it waits for an explanation. */
export async function explainEntry(ctx: MoneyContext, entry: string, reason: string): Promise<void> {
  const row = await ctx.db
    .updateTable('money.rail_entry')
    .set({ explained: reason, explained_at: new Date(ctx.clock.now()) })
    .where('entry', '=', entry)
    .where('state', '=', 'ask')
    .where('explained_at', 'is', null)
    .returning('entry')
    .executeTakeFirst();
  if (!row) throw new AppError('BANK_ENTRY_UNKNOWN');
}

/**
 * Whose money it was that made up for a chargeback: hers, and what waits is paid to her; or the house's, and it is set off
 * and goes back to the house. Said once. Throws BANK_ENTRY_UNKNOWN unless a payment waits for it.
 */
export async function tellPayer(ctx: MoneyContext, entry: string, payer: 'patient' | 'house'): Promise<void> {
  const row = await ctx.db
    .updateTable('money.rail_entry')
    .set({ paid_by: payer })
    .where('entry', '=', entry)
    .where('paid_by', 'is', null)
    .where((eb) => eb.exists(eb.selectFrom('money.rail_payment').select('key').where('asks', '=', entry)))
    .returning('entry')
    .executeTakeFirst();
  if (!row) throw new AppError('BANK_ENTRY_UNKNOWN');
}

/** Payouts go on; the next reconciliation raises another alarm if the difference is still there. Throws ALARM_UNKNOWN. */
export async function closeAlarm(ctx: MoneyContext, id: string, reason: string): Promise<void> {
  const row = await ctx.db
    .updateTable('money.alarm')
    .set({ closed_at: new Date(ctx.clock.now()), reason })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('ALARM_UNKNOWN');
}
