/** The HTTP contract of instalments: asking, offering, agreeing, paying, and the lender's desk. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';

const Hex = z
  .string()
  .max(20_000)
  .regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Number_ = z.string().regex(/^\d{1,24}$/);
const Text = z.object({ zh: z.string(), en: z.string() });

export const PlanJsonSchema = z.strictObject({
  agreement: Bytes32,
  lender: Address,
  borrower: Address,
  payout: Bytes32,
  principal: Number_,
  rate: Number_,
  cap: Number_,
  lateBps: Number_,
  coolingOff: Number_,
  start: Number_,
  instalments: z
    .array(z.strictObject({ amount: Number_, dueBy: Number_, term: Number_ }))
    .min(1)
    .max(36),
  salt: Bytes32,
});

export const LoanView = z.object({
  /** `open`: may be asked for; `declined`: stepped back or lapsed, may be asked for again. */
  state: z.enum(['open', 'asked', 'offered', 'accepted', 'live', 'closed', 'written-off', 'declined']),
  months: z.int().nullable(),
  principal: Number_,
  currency: z.string(),
  lender: Text.nullable(),
  plan: PlanJsonSchema.nullable(),
  offer: Hex.nullable(),
  /** Everything included, in millionths a year. */
  cost: z.int().nullable(),
  instalments: z.array(
    z.object({ dueAt: z.iso.datetime(), amount: Number_, open: Number_, late: z.boolean() }),
  ),
  /** What would close it today, and the late fees in it. */
  payoff: Number_,
  fees: Number_,
  paid: Number_,
  toLoan: Number_,
  toPatient: Number_,
  /** Still to be given back by the lenders' pool. */
  due: Number_,
  order: PaymentOrder.nullable(),
});

const agreement = z.object({ id: Bytes32 });

export const instalmentApi = {
  readLoan: defineRoute({
    method: 'GET',
    path: '/api/agreements/:id/loan',
    summary: { zh: '查看分期', en: 'The instalments of an agreement' },
    auth: 'public',
    params: agreement,
    response: { 200: LoanView },
    errors: ['LOAN_UNKNOWN', 'LOANS_OFF'],
  }),
  applyForLoan: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/loan/application',
    summary: { zh: '申请分期', en: 'Ask for instalments' },
    auth: 'public',
    perMinute: 10,
    params: agreement,
    body: z.strictObject({
      months: z.int().min(1).max(36),
      /** The same for every loan of this person, and told to nobody else. */
      person: Bytes32.meta({ phi: true }),
      payout: Bytes32,
      age20: z.boolean().meta({ phi: true }),
      student: z.boolean().meta({ phi: true }),
      /** By the agreement's key over `applicationWords`. */
      signature: Hex,
    }),
    response: { 200: LoanView },
    errors: ['LOAN_UNKNOWN', 'LOAN_REFUSED', 'LOAN_NOT_NOW', 'LOAN_WRONG', 'LOANS_OFF'],
  }),
  agreeToLoan: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/loan/agreement',
    summary: { zh: '同意分期放款', en: 'Let the agreement be opened once the loan is paid out' },
    auth: 'public',
    params: agreement,
    body: z.strictObject({ signature: Hex }),
    response: { 200: LoanView },
    errors: ['LOAN_UNKNOWN', 'LOAN_NOT_NOW', 'LOAN_WRONG', 'LOANS_OFF'],
  }),
  orderInstalment: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/loan/payments',
    summary: { zh: '获取分期付款信息', en: 'How to pay the next instalment, or everything' },
    auth: 'public',
    perMinute: 30,
    params: agreement,
    body: z.strictObject({ what: z.enum(['next', 'all']) }),
    response: { 200: PaymentOrder },
    errors: ['LOAN_UNKNOWN', 'LOAN_NOT_NOW', 'LOANS_OFF'],
  }),
  lenderLoans: defineRoute({
    method: 'GET',
    path: '/api/desk/loans',
    summary: { zh: '出借机构：申请与贷款', en: 'A lender’s applications and loans' },
    auth: 'desk',
    response: {
      200: z.object({
        currency: z.string(),
        account: Address,
        cap: z.int(),
        coolingOff: z.int(),
        pool: z.object({ cash: Number_, outstanding: Number_, impaired: Number_, ours: Number_ }),
        applications: z.array(
          z.object({
            agreement: Bytes32,
            borrower: Address,
            payout: Bytes32,
            months: z.int(),
            principal: Number_,
            askedAt: z.iso.datetime(),
          }),
        ),
        loans: z.array(
          z.object({
            agreement: Bytes32,
            state: LoanView.shape.state,
            impaired: z.boolean(),
            principal: Number_,
            received: Number_,
            carrying: Number_,
            cost: z.int().nullable(),
            nextAt: z.iso.datetime().nullable(),
          }),
        ),
      }),
    },
    errors: ['LOAN_REFUSED', 'LOANS_OFF'],
  }),
  offerLoan: defineRoute({
    method: 'POST',
    path: '/api/desk/loans',
    summary: { zh: '出借机构：提交签名的分期方案', en: 'A lender’s signed offer' },
    auth: 'desk',
    body: z.strictObject({
      plan: PlanJsonSchema,
      signature: Hex,
      /** The lender attests that it looked at what the borrower can afford. */
      affordable: z.boolean(),
    }),
    response: { 200: z.object({ planId: Bytes32 }) },
    errors: ['LOAN_UNKNOWN', 'LOAN_REFUSED', 'LOAN_WRONG', 'LOAN_NOT_NOW', 'LOANS_OFF'],
  }),
  orderCapital: defineRoute({
    method: 'POST',
    path: '/api/desk/loans/capital',
    summary: { zh: '出借机构：存入资金的付款信息', en: 'How a lender pays in capital' },
    auth: 'desk',
    body: z.strictObject({ amount: z.string().regex(/^[1-9]\d{0,14}$/) }),
    response: { 200: PaymentOrder },
    errors: ['LOAN_REFUSED', 'LOANS_OFF'],
  }),
  readCapital: defineRoute({
    method: 'GET',
    path: '/api/desk/loans/capital/:reference',
    summary: { zh: '出借机构：查看存入进度', en: 'How far a lender’s payment is' },
    auth: 'desk',
    params: z.object({ reference: z.string().max(40) }),
    response: { 200: PaymentOrder },
    errors: ['LOAN_UNKNOWN', 'LOAN_REFUSED', 'LOANS_OFF'],
  }),
};
export type InstalmentApi = typeof instalmentApi;
