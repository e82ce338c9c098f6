/** What an operator sees of the money: everything that waits for somebody, and what was compared last. */
import type { z } from 'zod';
import type { MoneyDesk, ReconciliationView } from '../operator-api.ts';
import type { MoneyContext } from './context.ts';
import { railsIn } from './read-statement-entries.ts';
import type { Reconciliation } from './reconcile-money.ts';
import { viewReserve } from './reserve/view-reserve.ts';
import { isStopped } from './send-home.ts';

const SHOWN = 100;

export async function readMoneyDesk(
  ctx: MoneyContext,
  nextAt: number | null,
): Promise<z.infer<typeof MoneyDesk>> {
  const entries = await ctx.db
    .selectFrom('money.rail_entry')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['part', 'unassigned', 'return-due', 'returning', 'owed']),
        eb.and([eb('state', '=', 'ask'), eb('explained_at', 'is', null)]),
      ]),
    )
    .orderBy('booked_at', 'desc')
    .limit(SHOWN)
    .execute();
  const outgoing = await ctx.db
    .selectFrom('money.rail_payment')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(20)
    .execute();
  const parked = await ctx.db
    .selectFrom('money.rail_payment as p')
    .innerJoin('money.rail_entry as e', 'e.entry', 'p.asks')
    .select(['p.key', 'p.amount', 'p.currency', 'p.created_at', 'e.entry', 'e.order_reference'])
    .select('e.amount as paid_in')
    .where('p.state', '=', 'due')
    .where('e.paid_by', 'is', null)
    .orderBy('p.created_at')
    .orderBy('p.key')
    .execute();
  const balances = await Promise.all(
    railsIn(ctx).map(async ([rail, port]) => ({
      rail,
      // a rail that does not answer hides nothing of the other
      balance: await port.balance('CNY').then(String, () => null),
    })),
  );
  const alarms = await ctx.db
    .selectFrom('money.alarm')
    .selectAll()
    .orderBy('raised_at', 'desc')
    .limit(10)
    .execute();
  const last = await ctx.db
    .selectFrom('money.reconciliation')
    .selectAll()
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    connected: ctx.rail !== null,
    balance: balances.find(({ rail }) => rail === 'custodian')?.balance ?? '0',
    balances,
    stopped: await isStopped(ctx.db),
    reserve: await viewReserve(ctx, 'CNY'),
    parked: parked.map((p) => ({
      key: p.key,
      amount: p.amount,
      currency: p.currency,
      at: p.created_at.toISOString(),
      entry: p.entry,
      paidIn: p.paid_in,
      order: p.order_reference,
    })),
    coinReturns: await stuckReturns(ctx),
    entries: entries.map((e) => ({
      entry: e.entry,
      direction: e.direction,
      reference: e.reference,
      order: e.order_reference,
      amount: e.amount,
      currency: e.currency,
      state: e.state,
      reason: e.reason,
      at: e.booked_at.toISOString(),
    })),
    outgoing: outgoing.map((o) => ({
      key: o.key,
      kind: o.kind,
      amount: o.amount,
      currency: o.currency,
      state: o.state,
      at: o.updated_at.toISOString(),
    })),
    last: last ? reconciliationView({ ...last, at: last.at.getTime() }) : null,
    nextAt: nextAt === null ? null : new Date(nextAt).toISOString(),
    alarms: alarms.map((a) => ({
      id: a.id,
      raisedAt: a.raised_at.toISOString(),
      differences: a.differences,
      closedAt: a.closed_at?.toISOString() ?? null,
      reason: a.reason,
    })),
  };
}

/** What was sent meanwhile by hand is no trouble any more: it is `sent`. */
async function stuckReturns(ctx: MoneyContext): Promise<z.infer<typeof MoneyDesk>['coinReturns']> {
  const rows = await ctx.db
    .selectFrom('money.token_return')
    .selectAll()
    .where('state', 'in', ['signed', 'refused'])
    .where('trouble', 'is not', null)
    .orderBy('updated_at', 'desc')
    .orderBy('hash')
    .limit(SHOWN)
    .execute();
  return rows.map((one) => ({
    hash: one.hash,
    chainId: Number(one.chain_id),
    order: one.order_reference,
    state: one.state === 'refused' ? 'refused' : 'signed',
    trouble: one.trouble!,
    nextAt: one.next_at.toISOString(),
  }));
}

export function reconciliationView({
  id,
  at,
  fits,
  body,
}: Reconciliation): z.infer<typeof ReconciliationView> {
  const { agreements, ms, totals, differences } = body;
  return {
    id,
    at: new Date(at).toISOString(),
    fits,
    agreements,
    ms,
    totals: { ...totals },
    differences: [...differences],
  };
}
