/** What an order still wants, from whatever rail. */

import { sql } from 'kysely';
import type { CardOrder } from '../../core/card-payment.ts';
import type { MoneyContext } from '../context.ts';
import { type OrderRow, orderOf } from '../credits.ts';

/**
 * What cards were charged for an order and the acquirer has not booked yet: it is on its way, and counts as paid. The
 * statement names orders and no attempts, so sums are compared.
 */
async function unbooked(db: MoneyContext['db'], reference: string): Promise<bigint> {
  const { rows } = await sql<{ sum: string }>`
    select greatest(0, (select coalesce(sum(amount), 0) from money.card_payment
        where order_reference = ${reference} and state = 'captured')
      - (select coalesce(sum(amount), 0) from money.rail_entry where order_reference = ${reference}
        and rail = 'card' and direction = 'credit' and reverses is null))::text as sum`.execute(db);
  return BigInt(rows[0]!.sum);
}

/** The rest of an order while its offer stands, or what was taken back of it, at any time. */
export async function wantedOf(ctx: MoneyContext, db: MoneyContext['db'], row: OrderRow): Promise<CardOrder> {
  const expected = row.state === 'expected';
  const rows = await db
    .selectFrom('money.rail_entry')
    .select('amount')
    .where('order_reference', '=', row.reference)
    .where('direction', '=', 'credit')
    .where('state', '=', expected ? 'part' : 'owed')
    .execute();
  const sum = rows.reduce((all, { amount }) => all + BigInt(amount), 0n);
  const open = (expected ? BigInt(row.amount) - sum : sum) - (await unbooked(db, row.reference));
  const missing = open > 0n ? open : 0n;
  const payBy = expected ? (await orderOf(ctx, row)).payBy : Number.MAX_SAFE_INTEGER;
  return { paid: missing === 0n, missing, payBy };
}
