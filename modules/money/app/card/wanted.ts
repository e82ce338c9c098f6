/** What an order still wants, from whatever rail. */
import type { CardOrder } from '../../core/card-payment.ts';
import type { MoneyContext } from '../context.ts';
import { type OrderRow, orderOf } from '../credits.ts';

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
  const missing = expected ? BigInt(row.amount) - sum : sum;
  const payBy = expected ? (await orderOf(ctx, row)).payBy : Number.MAX_SAFE_INTEGER;
  return { paid: missing === 0n, missing, payBy };
}
