/** An order that puts money into a pot. It comes in like any payment, and nothing is minted for it. */
import { AppError, DAY } from '@zhenmei/kernel';
import { paymentReference } from '../../core/rail.ts';
import type { MoneyContext } from '../context.ts';
import type { OrderRow } from '../credits.ts';
import { viewOrder } from '../payments.ts';

/** Milliseconds for which such an order takes money; what came in part goes home then. */
const OPEN_FOR = 30 * DAY;

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
    await tx
      .insertInto('money.pot')
      .values({ id: pot, currency })
      .onConflict((c) => c.doNothing())
      .execute();
    await tx.selectFrom('money.pot').select('id').where('id', '=', pot).forUpdate().execute();
    const waiting = await tx
      .selectFrom('money.payment_order')
      .selectAll()
      .where('pot', '=', pot)
      .where('state', '=', 'expected')
      .where('pay_by', '>=', new Date(now))
      .forUpdate()
      .executeTakeFirst();
    if (waiting && BigInt(waiting.amount) === amount) return waiting;
    if (waiting) {
      const begun = await tx
        .selectFrom('money.rail_entry')
        .select('entry')
        .where('order_reference', '=', waiting.reference)
        .executeTakeFirst();
      if (begun) return waiting;
      await tx.deleteFrom('money.payment_order').where('reference', '=', waiting.reference).execute();
    }
    return tx
      .insertInto('money.payment_order')
      .values({
        reference: paymentReference(ctx.random.bytes(12)),
        purpose: 'pot',
        pot,
        agreement_id: null,
        payer_address: null,
        payout: null,
        amount: amount.toString(),
        currency,
        state: 'expected',
        bank_reference: null,
        pay_by: new Date(Math.min(until, now + OPEN_FOR)),
        created_at: new Date(now),
        updated_at: new Date(now),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  return viewOrder(ctx, row);
}
