/** The HTTP contract of money: paying in, relayed steps of the patient, statements of a clinic. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);

export const PaymentOrder = z.object({
  reference: z.string(),
  amount: Minor,
  currency: z.string(),
  state: z.enum(['expected', 'received', 'minted', 'held']),
  /** Where to pay: the custodian's account as people read it. */
  payee: z.object({ zh: z.string(), en: z.string() }),
  /** After this nothing is taken any more. */
  payBy: z.iso.datetime().nullable(),
  /** What is still to be paid: the rest, or what the bank took back. */
  missing: Minor,
  /** What came in for it, in the order of booking, and what became of each. */
  entries: z.array(
    z.object({
      entry: z.string(),
      amount: Minor,
      at: z.iso.datetime(),
      state: z.enum([
        'matched',
        'part',
        'unassigned',
        'return-due',
        'returning',
        'returned',
        'reversed',
        'owed',
        'settled',
        'ask',
      ]),
      reason: z.string().nullable(),
    }),
  ),
});

export const ForwardRequest = z.strictObject({
  from: Address,
  to: Address,
  value: z.literal('0'),
  gas: z.string().regex(/^\d{1,8}$/),
  nonce: z.string().regex(/^\d{1,20}$/),
  deadline: z.int(),
  data: Hex,
});

export const moneyApi = {
  orderPayment: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/payment',
    summary: { zh: '获取付款信息', en: 'How to pay for this agreement; asked by its patient' },
    auth: 'public',
    params: z.object({ id: Bytes32 }),
    response: { 200: PaymentOrder },
    errors: ['PAYMENT_NOT_DUE', 'PAYMENT_UNKNOWN'],
  }),
  readPayment: defineRoute({
    method: 'GET',
    path: '/api/agreements/:id/payment',
    summary: { zh: '查看付款进度', en: 'How far the payment is; asked by its patient' },
    auth: 'public',
    params: z.object({ id: Bytes32 }),
    response: { 200: PaymentOrder },
    errors: ['PAYMENT_UNKNOWN'],
  }),
  claimPayment: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/payment/claim',
    summary: { zh: '认领一笔没有对上的付款', en: 'Claim a payment that was not matched' },
    auth: 'public',
    perMinute: 6,
    params: z.object({ id: Bytes32 }),
    body: z.strictObject({
      /** The bank’s own number, as it stands on the payer’s statement. */
      entry: z.string().trim().min(6).max(60),
      amount: Minor,
    }),
    response: { 200: PaymentOrder },
    errors: ['PAYMENT_UNKNOWN', 'PAYMENT_NOT_AT_BANK'],
  }),
  forwardNonce: defineRoute({
    method: 'GET',
    path: '/api/relay/:address/nonce',
    summary: { zh: '转交序号', en: 'The next nonce of a key at the forwarder' },
    auth: 'public',
    params: z.object({ address: Address }),
    response: { 200: z.object({ nonce: z.string() }) },
    errors: [],
  }),
  relay: defineRoute({
    method: 'POST',
    path: '/api/relay',
    summary: { zh: '转交患者签名的一步', en: 'Relay a step that the patient signed' },
    auth: 'public',
    perMinute: 30,
    body: z.strictObject({ request: ForwardRequest, signature: Hex }),
    response: { 200: z.object({ transaction: Hex, block: z.int() }) },
    errors: [
      'RELAY_REFUSED',
      'CHAIN_REVERTED',
      'CHAIN_UNAVAILABLE',
      'ABSENCE_UNKNOWN',
      'ABSENCE_NOT_KNOWN',
      'ABSENCE_NOT_OPEN',
      'ABSENCE_TOO_EARLY',
    ],
  }),
  statement: defineRoute({
    method: 'GET',
    path: '/api/desk/statement',
    summary: { zh: '机构对账单', en: 'The clinic’s statement' },
    auth: 'desk',
    response: {
      200: z.object({
        currency: z.string(),
        held: Minor,
        credit: Minor,
        paidOut: Minor,
        movements: z.array(
          z.object({
            at: z.iso.datetime(),
            kind: z.string(),
            agreementId: Bytes32.nullable(),
            amount: Minor,
          }),
        ),
      }),
    },
    errors: [],
  }),
};
export type MoneyApi = typeof moneyApi;
