/** The HTTP contract of ways to pay beside the custodian: what is offered, paying by card, chargebacks. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { CARD_STATES } from './core/card-payment.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const Rail = z.enum(['custodian', 'card', 'token']);

export const CardView = z.object({
  state: z.enum(CARD_STATES),
  amount: Minor,
  brand: z.string().nullable(),
  last4: z.string().nullable().meta({ phi: true }),
  /** The acquirer's page, while there is something to do on it. */
  url: z.url().nullable(),
  at: z.iso.datetime(),
});

export const PaymentRails = z.object({
  /** The first is the default. */
  rails: z.array(Rail),
  /** The newest attempt by card. */
  card: CardView.nullable(),
});

export const ClinicRails = z.object({
  /** What the region provides for and this house is connected to. */
  may: z.array(Rail),
  taken: z.array(Rail),
});

export const CardDisputes = z.object({
  disputes: z.array(
    z.object({
      id: z.string(),
      entry: z.string(),
      order: z.string().nullable(),
      amount: Minor,
      currency: z.string(),
      state: z.enum(['open', 'answered', 'won', 'lost']),
      respondBy: z.iso.datetime(),
      answer: z.string().nullable().meta({ phi: true }),
    }),
  ),
});

const Done = z.object({ done: z.literal(true) });

export const railsApi = {
  readRails: defineRoute({
    method: 'GET',
    path: '/api/agreements/:id/payment/rails',
    summary: { zh: '可以怎样付款', en: 'How this agreement can be paid; asked by its patient' },
    auth: 'public',
    params: z.object({ id: Bytes32 }),
    response: { 200: PaymentRails },
    errors: ['PAYMENT_UNKNOWN'],
  }),
  payByCard: defineRoute({
    method: 'POST',
    path: '/api/agreements/:id/payment/card',
    summary: { zh: '用银行卡付款', en: 'Pay by card, on the page of the acquirer; asked by its patient' },
    auth: 'public',
    perMinute: 12,
    params: z.object({ id: Bytes32 }),
    body: z.strictObject({}),
    response: { 200: CardView },
    errors: ['PAYMENT_UNKNOWN', 'RAIL_NOT_OFFERED', 'CARD_NOTHING_DUE', 'CARD_UNAVAILABLE'],
  }),
  takeCardEvent: defineRoute({
    method: 'POST',
    path: '/api/rails/card/events',
    summary: { zh: '收单机构的消息', en: 'A message of the acquirer' },
    auth: 'public',
    perMinute: 1_200,
    bodyLimit: 16_000,
    body: z.strictObject({ payload: z.string().max(8_000), signature: z.string().regex(/^[0-9a-f]{64}$/) }),
    response: { 200: Done },
    errors: ['CARD_EVENT_REFUSED', 'CARD_UNAVAILABLE'],
  }),
  readClinicRails: defineRoute({
    method: 'GET',
    path: '/api/desk/rails',
    summary: { zh: '机构接受的付款方式', en: 'What a clinic lets its patients pay with' },
    auth: 'desk',
    response: { 200: ClinicRails },
    errors: ['PAYMENT_UNKNOWN'],
  }),
  setClinicRails: defineRoute({
    method: 'PUT',
    path: '/api/desk/rails',
    summary: { zh: '开启或关闭银行卡付款', en: 'Take cards, or take them no more' },
    auth: 'desk',
    body: z.strictObject({ card: z.boolean() }),
    response: { 200: ClinicRails },
    errors: ['PAYMENT_UNKNOWN', 'RAIL_NOT_IN_REGION'],
  }),
  readCardDisputes: defineRoute({
    method: 'GET',
    path: '/api/operator/money/card-disputes',
    summary: { zh: '运营方：银行卡拒付', en: 'Operator: chargebacks' },
    auth: 'operator',
    response: { 200: CardDisputes },
    errors: [],
  }),
  answerCardDispute: defineRoute({
    method: 'POST',
    path: '/api/operator/money/card-disputes/:id/answer',
    summary: { zh: '运营方：答复拒付', en: 'Operator: answer a chargeback' },
    auth: 'operator',
    params: z.object({ id: z.string().max(60) }),
    body: z.strictObject({ answer: z.string().trim().min(5).max(2_000).meta({ phi: true }) }),
    response: { 200: Done },
    errors: ['CARD_DISPUTE_CLOSED'],
  }),
};
export type RailsApi = typeof railsApi;
