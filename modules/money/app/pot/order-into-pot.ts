/** An order that puts money into a pot. It comes in like any payment, and nothing is minted for it. */
import { AppError } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { MoneyContext } from '../context.ts';
import type { OrderRow } from '../credits.ts';
import { OPEN_FOR, openOrder } from '../open-order.ts';
import { viewOrder } from '../payments.ts';

export interface PotOrder {
  readonly pot: string;
  readonly amount: bigint;
  readonly currency: string;
  /** After this nothing is taken; milliseconds since the epoch. */
  readonly until: number;
}

/**
 * One order waits at a time: asked again with the same amount it is the same; another amount takes its place, unless a
 * part of it has come in. Throws RAIL_MISSING.
 */
export async function orderIntoPot(ctx: MoneyContext, { pot, amount, currency, until }: PotOrder) {
  if (!ctx.rail) throw new AppError('RAIL_MISSING');
  const now = ctx.clock.now();
  const row = await ctx.db.transaction().execute(async (tx): Promise<OrderRow> => {
    // one asks at a time. Not by a lock of the pot: who takes money in has locked the order before it comes to the pot
    await sql`select pg_advisory_xact_lock(hashtextextended(${`money.pot/order/${pot}`}, 0))`.execute(tx);
    await tx
      .insertInto('money.pot')
      .values({ id: pot, currency })
      .onConflict((c) => c.doNothing())
      .execute();
    const waiting = await tx
      .selectFrom('money.payment_order')
      .selectAll()
      .where('pot', '=', pot)
      .where('state', '=', 'expected')
      .where('pay_by', '>=', new Date(now))
      .forUpdate()
      .executeTakeFirst();
    return openOrder(ctx, tx, waiting, {
      purpose: 'pot',
      pot,
      agreement_id: null,
      payer_address: null,
      amount,
      currency,
      pay_by: new Date(Math.min(until, now + OPEN_FOR)),
    });
  });
  return viewOrder(ctx, row);
}
