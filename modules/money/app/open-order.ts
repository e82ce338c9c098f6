/** A payment order of which one waits at a time. */
import { DAY } from '@zhenmei/kernel';
import type { Insertable, Kysely } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import { paymentReference } from '../core/rail.ts';
import type { MoneyContext } from './context.ts';
import type { OrderRow } from './credits.ts';

/** Milliseconds for which such an order takes money; what came in part goes home then. */
export const OPEN_FOR = 30 * DAY;

type Wanted = Pick<
  Insertable<MoneyDatabase['money.payment_order']>,
  'purpose' | 'pot' | 'agreement_id' | 'payer_address' | 'currency' | 'pay_by'
> & { readonly amount: bigint };

/**
 * The order that waits, if it asks for the same amount and takes it no longer than is wanted, or a part of it has come in; otherwise a new one in its place.
 * @param waiting locked in this transaction, if there is one
 */
export async function openOrder(
  ctx: MoneyContext,
  tx: Kysely<MoneyDatabase>,
  waiting: OrderRow | undefined,
  wanted: Wanted,
): Promise<OrderRow> {
  if (waiting && BigInt(waiting.amount) === wanted.amount && !outlasts(waiting, wanted)) return waiting;
  if (waiting) {
    const begun = await tx
      .selectFrom('money.rail_entry')
      .select('entry')
      .where('order_reference', '=', waiting.reference)
      .executeTakeFirst();
    if (begun) return waiting;
    await tx.deleteFrom('money.payment_order').where('reference', '=', waiting.reference).execute();
  }
  const now = new Date(ctx.clock.now());
  return tx
    .insertInto('money.payment_order')
    .values({
      ...wanted,
      reference: paymentReference(ctx.random.bytes(12)),
      payout: null,
      amount: wanted.amount.toString(),
      state: 'expected',
      bank_reference: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

const outlasts = (waiting: OrderRow, { pay_by }: Wanted): boolean =>
  waiting.pay_by !== null && waiting.pay_by.getTime() > new Date(pay_by ?? 0).getTime();
