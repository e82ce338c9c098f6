/** The reserve as its operator sees it: what is there, what it stands behind, what is missing, what may be taken out. */
import type { z } from 'zod';
import type { ReserveView } from '../../operator-api.ts';
import type { MoneyContext } from '../context.ts';
import { reserveNow } from './read-reserve.ts';

/** What is owed that a desk names; the rest is in the sums. */
const SHOWN = 50;

/** Null where no custodian is connected, or the house has no reserve in this currency. */
export async function viewReserve(
  ctx: MoneyContext,
  currency: string,
): Promise<z.infer<typeof ReserveView> | null> {
  const own = await ctx.db
    .selectFrom('money.reserve')
    .selectAll()
    .where('currency', '=', currency)
    .executeTakeFirst();
  if (!own || !ctx.rail) return null;
  const { balance, used, free, missing, owed, covers } = await reserveNow(ctx.db, currency);
  const shown = owed.slice(0, SHOWN);
  const orders = await ctx.db
    .selectFrom('money.rail_entry')
    .select(['entry', 'order_reference', 'booked_at', 'rail'])
    .where('entry', 'in', ['', ...shown.map(({ debit }) => debit)])
    .execute();
  return {
    reference: own.reference,
    currency,
    balance: balance.toString(),
    used: used.toString(),
    free: free.toString(),
    missing: missing.toString(),
    owed: shown.map(({ debit, amount }) => {
      const row = orders.find(({ entry }) => entry === debit);
      const behind = covers.reduce((sum, one) => (one.debit === debit ? sum + one.amount : sum), 0n);
      return {
        debit,
        rail: row?.rail ?? 'custodian',
        order: row?.order_reference ?? null,
        amount: amount.toString(),
        covered: behind.toString(),
        at: (row?.booked_at ?? new Date(ctx.clock.now())).toISOString(),
      };
    }),
  };
}
