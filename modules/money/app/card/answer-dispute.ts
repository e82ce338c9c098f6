/** The house's answer to a chargeback, while the acquirer still hears one. */
import { AppError } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { CardDisputes } from '../../rails-api.ts';
import type { MoneyContext } from '../context.ts';

const SHOWN = 100;

export async function listCardDisputes(ctx: MoneyContext): Promise<z.infer<typeof CardDisputes>> {
  const rows = await ctx.db
    .selectFrom('money.card_dispute as d')
    .leftJoin('money.rail_entry as e', 'e.entry', 'd.entry')
    .selectAll('d')
    .select('e.order_reference')
    .orderBy('d.respond_by')
    .limit(SHOWN)
    .execute();
  return {
    disputes: rows.map((d) => ({
      id: d.id,
      entry: d.entry,
      order: d.order_reference,
      amount: d.amount,
      currency: d.currency,
      state: d.state,
      respondBy: d.respond_by.toISOString(),
      answer: d.answer,
    })),
  };
}

/** Throws CARD_DISPUTE_CLOSED. */
export async function answerCardDispute(ctx: MoneyContext, id: string, answer: string): Promise<void> {
  const open = await ctx.db
    .selectFrom('money.card_dispute')
    .select('id')
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('respond_by', '>', new Date(ctx.clock.now()))
    .executeTakeFirst();
  if (!open || !ctx.card) throw new AppError('CARD_DISPUTE_CLOSED');
  await ctx.card.answerDispute(id, answer);
  await ctx.db
    .updateTable('money.card_dispute')
    .set({ state: 'answered', answer, updated_at: new Date(ctx.clock.now()) })
    .where('id', '=', id)
    .execute();
}
