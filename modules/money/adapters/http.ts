/** Money's handlers, by the names of its contract. */
import { AppError, type Handlers } from '@zhenmei/kernel';
import type { MoneyApi } from '../api.ts';
import type { MoneyContext } from '../app/context.ts';
import { claimPayment, orderPayment, readPayment } from '../app/payments.ts';
import { readStatement } from '../app/statement.ts';
import { ownAgreement } from './own-agreement.ts';

/** @param accountOf the account on chain of a signed-in organisation */
export function moneyHandlers(
  ctx: MoneyContext,
  accountOf: (organisationId: string) => Promise<`0x${string}` | null>,
): Handlers<MoneyApi> {
  const own = ownAgreement(ctx);
  return {
    orderPayment: async (input) => orderPayment(ctx, await own(input)),
    readPayment: async (input) => readPayment(ctx, await own(input)),
    claimPayment: async (input) => claimPayment(ctx, await own(input), input.body),
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
