/** A payment that the bank gave back, because it did not reach its payee, is made again. */
import { AppError } from '@zhenmei/kernel';
import type { MoneyContext } from './context.ts';

/**
 * Once for each time that it was given back. What went out and what came back are nobody's any more, and the rail is asked
 * under a new name, since it would take the old one for paid. Throws BANK_ENTRY_UNKNOWN unless it is such an entry.
 */
export async function payAgain(ctx: MoneyContext, entry: string): Promise<void> {
  const now = new Date(ctx.clock.now());
  await ctx.db.transaction().execute(async (tx) => {
    const back = await tx
      .updateTable('money.rail_entry')
      .set({ state: 'reversed' })
      .where('entry', '=', entry)
      .where('state', '=', 'ask')
      .where('reason', '=', 'given-back')
      .where('explained_at', 'is', null)
      .returning(['reverses', 'amount', 'rail'])
      .executeTakeFirst();
    const payment = back
      ? await tx
          .updateTable('money.rail_payment')
          .set({
            state: 'due',
            entry: null,
            asked_as: `again/${entry}`,
            sent_at: null,
            refused_at: null,
            updated_at: now,
          })
          .where('entry', '=', back.reverses)
          .where('state', '=', 'booked')
          .where('rail', '=', 'custodian')
          .where('amount', '=', back.amount)
          .returning(['kind', 'party'])
          .executeTakeFirst()
      : undefined;
    if (!back || !payment) throw new AppError('BANK_ENTRY_UNKNOWN');
    await tx
      .updateTable('money.rail_entry')
      .set({ state: 'reversed' })
      .where('entry', '=', back.reverses!)
      .where('state', '=', 'paid')
      .execute();
    if (payment.kind === 'return')
      await tx
        .updateTable('money.rail_entry')
        .set({ state: 'returning' })
        .where('entry', '=', payment.party)
        .where('state', '=', 'returned')
        .execute();
  });
}
