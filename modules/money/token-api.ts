/** The HTTP contract of paying in a coin: the address, what arrived there, and what the payer signs to have sent home. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { RETURN_TROUBLES } from './core/token-return.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
/** In the coin's own smallest unit. */
const Amount = z.string().regex(/^\d{1,78}$/);

export const TokenPaymentView = z.object({
  state: z.enum(['waiting', 'part', 'complete', 'fee-taken', 'stopped', 'over', 'held']),
  /** The network's number (EIP-155). */
  chainId: z.int(),
  token: Address,
  digits: z.int(),
  /** As the coin calls itself. */
  symbol: z.string(),
  /** The agreement's own; its key is on the patient's device alone. */
  address: Address,
  amount: Amount,
  missing: Amount,
  /** ERC-681, for a camera. */
  request: z.string(),
  payBy: z.iso.datetime().nullable(),
  arrivals: z.array(
    z.object({
      at: z.iso.datetime(),
      token: Address,
      from: Address,
      counted: Amount,
      home: Amount,
      reason: z
        .enum(['wrong-token', 'late', 'paid-already', 'too-much', 'not-completed', 'called-off', 'refund'])
        .nullable(),
    }),
  ),
  /** On the ledger, and not yet confirmed. */
  seen: z.array(z.object({ token: Address, from: Address, amount: Amount })),
  /** Number of the next permit of this address (ERC-2612). */
  permits: z.string().regex(/^\d{1,78}$/),
  /** What the payer's device needs to sign a return on this network. */
  sending: z.object({ nonce: z.int(), maxFeePerGas: Amount }),
  /** What the payer has signed to be sent home. */
  returns: z.array(
    z.object({
      hash: Bytes32,
      chainId: z.int(),
      token: Address,
      receiver: Address,
      amount: Amount,
      state: z.enum(['signed', 'sent', 'refused']),
      /** Why it does not go. */
      trouble: z.enum(RETURN_TROUBLES).nullable(),
    }),
  ),
  /** What may be sent home now, and who sent it last. */
  home: z.array(
    z.object({
      token: Address,
      amount: Amount,
      from: Address,
      /** Less than the way home costs; it stays where it is. */
      dust: z.boolean(),
    }),
  ),
  /** What is less than this of the agreement's coin is not sent home; 0 where the network asks nothing. */
  dust: Amount,
});

const params = z.object({ id: Bytes32 });

export const tokenApi = {
  orderDeposit: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/payment/token',
    summary: {
      zh: '用稳定币付款：获取收款地址',
      en: 'Pay in a coin: the address to pay to; asked by its patient',
    },
    auth: 'public',
    params,
    body: z.strictObject({}),
    response: { 200: TokenPaymentView },
    errors: ['PAYMENT_UNKNOWN', 'RAIL_NOT_OFFERED', 'TOKEN_DECIMALS', 'CHAIN_UNAVAILABLE'],
  }),
  readDeposit: defineRoute({
    method: 'GET',
    path: '/api/agreements/:id/payment/token',
    summary: { zh: '用稳定币付款：到账情况', en: 'Pay in a coin: what has arrived; asked by its patient' },
    auth: 'public',
    params,
    response: { 200: TokenPaymentView },
    errors: ['PAYMENT_UNKNOWN', 'CHAIN_UNAVAILABLE'],
  }),
  returnTokens: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/payment/token/returns',
    summary: {
      zh: '退回多付、付错币种或付错网络的稳定币（由付款人签名）',
      en: 'Have sent home what was too much, another coin, or on another network; signed by the payer',
    },
    auth: 'public',
    perMinute: 12,
    bodyLimit: 4_000,
    params,
    body: z.strictObject({ signed: Hex }),
    response: { 200: z.object({ hash: Bytes32, chainId: z.int(), receiver: Address, amount: Amount }) },
    errors: ['PAYMENT_UNKNOWN', 'TOKEN_RETURN_WRONG', 'TOKEN_RETURN_SMALL', 'CHAIN_UNAVAILABLE'],
  }),
};
export type TokenApi = typeof tokenApi;
