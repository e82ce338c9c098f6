/** The house's answer to a chargeback, while the acquirer still hears one. */
import { AppError } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { CardDisputes } from '../../rails-api.ts';
import type { MoneyContext } from '../context.ts';

/** Decided chargebacks that are still shown. */
const DECIDED = 100;

/** Every one that is not decided, the most urgent first, then those that were decided last. */
export async function listCardDisputes(ctx: MoneyContext): Promise<z.infer<typeof CardDisputes>> {
  const all = ctx.db
    .selectFrom('money.card_dispute as d')
    .leftJoin('money.rail_entry as e', 'e.entry', 'd.entry')
    .selectAll('d')
    .select('e.order_reference');
  const rows = [
    ...(await all.where('d.state', '=', 'open').orderBy('d.respond_by').execute()),
    ...(await all.where('d.state', '=', 'answered').orderBy('d.respond_by').execute()),
    ...(await all
      .where('d.state', 'in', ['won', 'lost'])
      .orderBy('d.updated_at', 'desc')
      .orderBy('d.id')
      .limit(DECIDED)
      .execute()),
  ];
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

/**
 * The text is kept before the acquirer is told. Where it did not hear, the same text is sent again; another one is refused,
 * since it may have heard the first. Throws CARD_DISPUTE_CLOSED.
 */
export async function answerCardDispute(ctx: MoneyContext, id: string, answer: string): Promise<void> {
  const now = new Date(ctx.clock.now());
  const kept = await ctx.db
    .updateTable('money.card_dispute')
    .set({ answer, updated_at: now })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('respond_by', '>', now)
    .where((eb) => eb.or([eb('answer', 'is', null), eb('answer', '=', answer)]))
    .returning('id')
    .executeTakeFirst();
  if (!kept || !ctx.card) throw new AppError('CARD_DISPUTE_CLOSED');
  await ctx.card.answerDispute(id, answer);
  await ctx.db
    .updateTable('money.card_dispute')
    .set({ state: 'answered', updated_at: now })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute();
}
