/** Handlers of the operator's money desk. */
import type { Handlers } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { payAgain } from '../app/pay-again.ts';
import { assignEntry } from '../app/payments.ts';
import { readMoneyDesk, reconciliationView } from '../app/read-money-desk.ts';
import { reconcileMoney } from '../app/reconcile-money.ts';
import { takeFromReserve } from '../app/reserve/take-from-reserve.ts';
import { closeAlarm, explainEntry, returnEntry, tellPayer } from '../app/settle-entry.ts';
import { readReference } from '../core/rail.ts';
import { nextNight } from '../core/reconcile.ts';
import type { MoneyOperatorApi } from '../operator-api.ts';

const DONE = { done: true } as const;

export function moneyOperatorHandlers(ctx: MoneyContext): Handlers<MoneyOperatorApi> {
  return {
    readMoneyDesk: () => readMoneyDesk(ctx, ctx.rail ? nextNight(ctx.clock.now()) : null),
    assignPayment: async ({ params, body }) => {
      const reference = readReference(body.reference) ?? body.reference;
      await ctx.db.transaction().execute((tx) => assignEntry(ctx, tx, params.entry, reference, null));
      return DONE;
    },
    returnPayment: async ({ params }) => {
      await returnEntry(ctx, params.entry);
      return DONE;
    },
    explainEntry: async ({ params, body }) => {
      await explainEntry(ctx, params.entry, body.reason);
      return DONE;
    },
    payAgain: async ({ params }) => {
      await payAgain(ctx, params.entry);
      return DONE;
    },
    tellPayer: async ({ params, body }) => {
      await tellPayer(ctx, params.entry, body.payer);
      return DONE;
    },
    takeFromReserve: async ({ body }) => {
      await takeFromReserve(ctx, { key: body.key, amount: BigInt(body.amount), currency: 'CNY' });
      return DONE;
    },
    reconcileNow: async () => reconciliationView(await reconcileMoney(ctx, () => performance.now())),
    closeAlarm: async ({ params, body }) => {
      await closeAlarm(ctx, params.id, body.reason);
      return DONE;
    },
  };
}
