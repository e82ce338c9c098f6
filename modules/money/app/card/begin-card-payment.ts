/** A payer turns to her card: the acquirer opens a page of its own, and only that page asks for the number. */
import { AppError, type Hex, newId } from '@zhenmei/kernel';
import type { z } from 'zod';
import { decideAuthorised } from '../../core/card-payment.ts';
import type { CardView } from '../../rails-api.ts';
import type { MoneyContext } from '../context.ts';
import { offeredRails } from './read-rails.ts';
import { viewCard } from './view-card.ts';
import { wantedOf } from './wanted.ts';

/**
 * One attempt of an order is open at a time, and asked for again it is the same one.
 * Throws PAYMENT_UNKNOWN, RAIL_NOT_OFFERED, CARD_NOTHING_DUE, CARD_UNAVAILABLE.
 */
export async function beginCardPayment(
  ctx: MoneyContext,
  agreementId: Hex,
): Promise<z.infer<typeof CardView>> {
  const { rails, page } = await offeredRails(ctx, agreementId);
  if (!ctx.card || !rails.includes('card')) throw new AppError('RAIL_NOT_OFFERED');
  const order = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('purpose', '=', 'agreement')
    .executeTakeFirst();
  if (!order) throw new AppError('PAYMENT_UNKNOWN');
  const stillWanted = async () => {
    const wanted = await wantedOf(ctx, ctx.db, order);
    if (decideAuthorised(wanted, wanted.missing, ctx.clock.now()) === 'void')
      throw new AppError('CARD_NOTHING_DUE');
    return wanted.missing;
  };
  let missing = await stillWanted();
  const open = await ctx.db
    .selectFrom('money.card_payment')
    .selectAll()
    .where('order_reference', '=', order.reference)
    .where('state', 'in', ['open', 'challenge', 'authorised'])
    .executeTakeFirst();
  if (open && BigInt(open.amount) === missing) return viewCard(open);
  // the rest of a part is another amount: the old page is of no use any more
  if (open) {
    await letGo(ctx, open);
    missing = await stillWanted();
  }
  const now = new Date(ctx.clock.now());
  const id = newId(now.getTime(), ctx.random.bytes(10));
  const { number, url } = await ctx.card.begin({
    key: id,
    reference: order.reference,
    amount: missing,
    currency: order.currency,
    returnTo: page,
  });
  const row = {
    id,
    order_reference: order.reference,
    number,
    url,
    amount: missing.toString(),
    currency: order.currency,
    state: 'open' as const,
    brand: null,
    last4: null,
    token: null,
    created_at: now,
    updated_at: now,
  };
  // somebody else may have begun in between: her page counts, this one is never shown
  await ctx.db
    .insertInto('money.card_payment')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();
  const kept = await ctx.db
    .selectFrom('money.card_payment')
    .selectAll()
    .where('order_reference', '=', order.reference)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return viewCard(kept);
}

/** The acquirer may have taken the money a moment before: what it says afterwards counts. */
async function letGo(ctx: MoneyContext, { id, number }: { id: string; number: string }): Promise<void> {
  await ctx.card!.release(number);
  const told = await ctx.card!.read(number);
  await ctx.db
    .updateTable('money.card_payment')
    .set({ ...told, updated_at: new Date(ctx.clock.now()) })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'challenge', 'authorised'])
    .execute();
}
