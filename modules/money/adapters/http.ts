/** Money's handlers, by the names of its contract. */
import { AppError, type Handlers } from '@zhenmei/kernel';
import type { MoneyApi } from '../api.ts';
import type { MoneyContext } from '../app/context.ts';
import { claimPayment, orderPayment, readPayment } from '../app/payments.ts';
import { readStatement } from '../app/statement.ts';

/** @param accountOf the account on chain of a signed-in organisation */
export function moneyHandlers(
  ctx: MoneyContext,
  accountOf: (organisationId: string) => Promise<`0x${string}` | null>,
): Handlers<MoneyApi> {
  return {
    orderPayment: ({ params }) => orderPayment(ctx, params.id),
    readPayment: ({ params }) => readPayment(ctx, params.id),
    claimPayment: ({ params, body }) => claimPayment(ctx, params.id, body),
    forwardNonce: async ({ params }) => ({ nonce: (await ctx.forwardNonce(params.address)).toString() }),
    relay: async ({ body }) => {
      const { key } = await ctx.relay.forward(body.request, body.signature);
      const { hash, block } = await ctx.relay.settled(key);
      return { transaction: hash, block };
    },
    statement: async ({ caller }) => {
      const account = caller?.organisationId ? await accountOf(caller.organisationId) : null;
      if (!account) throw new AppError('PAYMENT_UNKNOWN');
      return readStatement(ctx, account);
    },
  };
}
