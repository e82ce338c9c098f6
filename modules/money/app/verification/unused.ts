/** What an organisation paid in and did not use: the payments that it can have sent back. */
import type { Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../context.ts';

/** Payments that are looked back at, the newest first. */
const LOOK_BACK = 50;

/**
 * Of which payments what is still on the account can be given back, the newest first. What was put somewhere in the
 * meantime is no longer there, so the parts together are never more than the account holds.
 */
export async function readUnused(ctx: MoneyContext, account: Hex) {
  const units = await ctx.checks.units(account);
  const rows = await ctx.db
    .selectFrom('money.payment_order')
    .select('reference')
    .where('payer_address', '=', account)
    .where('state', 'in', ['minted', 'held'])
    .orderBy('created_at', 'desc')
    .limit(LOOK_BACK)
    .execute();
  const payments: { payment: Hex; amount: string }[] = [];
  let left = units;
  for (const { reference } of rows) {
    if (left === 0n) break;
    const payment = ctx.checks.paymentRef(reference);
    const kept = await ctx.checks.returnable(payment, account);
    if (kept === 0n) continue;
    const more = left - kept;
    payments.push({ payment, amount: (more > 0n ? kept : left).toString() });
    left = more > 0n ? more : 0n;
  }
  return { units: units.toString(), payments };
}
