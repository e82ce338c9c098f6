/** Handlers of payments in a coin. */
import type { Handlers } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { MoneyContext } from '../app/context.ts';
import { orderDeposit, readDeposit, type TokenPayment } from '../app/token/read-deposit.ts';
import { takeReturn } from '../app/token/take-return.ts';
import { watchDeposits } from '../app/token/watch-deposits.ts';
import type { TokenApi, TokenPaymentView } from '../token-api.ts';
import { ownAgreement } from './own-agreement.ts';

export function tokenHandlers(ctx: MoneyContext): Handlers<TokenApi> {
  const own = ownAgreement(ctx);
  return {
    orderDeposit: async (input) => viewOf(await orderDeposit(ctx, await own(input))),
    readDeposit: async (input) => {
      const id = await own(input);
      await watchDeposits(ctx);
      return viewOf(await readDeposit(ctx, id));
    },
    returnTokens: async (input) => {
      const id = await own(input);
      await watchDeposits(ctx);
      const { hash, chainId, to, amount } = await takeReturn(ctx, id, input.body.signed);
      return { hash, chainId, receiver: to, amount: amount.toString() };
    },
  };
}

/** Transfers that a page lists. Anybody may send an address as many as he likes; what counts is always among them. */
const SHOWN = 100;

const shown = (arrivals: TokenPayment['deposit']['arrivals']) =>
  arrivals.filter(({ counted }, i) => counted > 0n || i >= arrivals.length - SHOWN);

function viewOf(payment: TokenPayment): z.infer<typeof TokenPaymentView> {
  const { wanted, digits, symbol, request, deposit, home, seen, permits, sending, returns, dust } = payment;
  const { chainId, token, address, amount, payBy } = wanted;
  return {
    state: deposit.state,
    chainId,
    token,
    digits,
    symbol,
    seen: seen.map(({ token: which, from, amount: sum }) => ({
      token: which,
      from,
      amount: sum.toString(),
    })),
    permits: permits.toString(),
    sending: { nonce: sending.nonce, maxFeePerGas: sending.maxFeePerGas.toString() },
    returns: returns.map((one) => ({
      hash: one.hash,
      chainId: one.chainId,
      token: one.token,
      receiver: one.receiver,
      amount: one.amount.toString(),
      state: one.state,
      trouble: one.trouble,
    })),
    address,
    amount: amount.toString(),
    missing: deposit.missing.toString(),
    request,
    payBy: payBy > 0 && payBy < Number.MAX_SAFE_INTEGER ? new Date(payBy).toISOString() : null,
    arrivals: shown(deposit.arrivals).map((one) => ({
      at: new Date(one.at).toISOString(),
      token: one.token,
      from: one.from,
      counted: one.counted.toString(),
      home: one.home.toString(),
      reason: one.reason,
    })),
    home: home.map((one) => ({ ...one, amount: one.amount.toString() })),
    dust: dust.toString(),
  };
}
