/** A clinic's statement of the closed loop, straight from the projection of the escrow. */
import type { Hex } from '@zhenmei/kernel';
import type { MoneyContext } from './context.ts';

export async function readStatement(ctx: MoneyContext, account: Hex) {
  const accounts = await ctx.db
    .selectFrom('money.account')
    .select(['held', 'paid'])
    .where('clinic', '=', account)
    .where('coin', 'is', null)
    .execute();
  const movements = await ctx.db
    .selectFrom('money.movement')
    .selectAll()
    .where('party', '=', account)
    .where('coin', 'is', null)
    .orderBy('block', 'desc')
    .orderBy('log_index', 'desc')
    .limit(200)
    .execute();
  const totals = await ctx.db
    .selectFrom('money.movement')
    .select(['kind', (eb) => eb.fn.sum<string>('amount').as('total')])
    .where('party', '=', account)
    .where('coin', 'is', null)
    .groupBy('kind')
    .execute();
  const total = (kind: string) => BigInt(totals.find((t) => t.kind === kind)?.total ?? 0);
  return {
    currency: 'CNY',
    held: accounts.reduce((all, a) => all + BigInt(a.held), 0n).toString(),
    credit: (total('credited') - total('withdrawn')).toString(),
    paidOut: total('withdrawn').toString(),
    movements: movements.map((m) => ({
      at: m.at.toISOString(),
      kind: m.kind,
      agreementId: m.agreement_id,
      amount: m.amount,
    })),
  };
}
