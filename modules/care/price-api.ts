/** The HTTP contract of prices: lists by version, the clinic's own quote, change orders. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PricedService, PriceList } from './core/price-list.ts';
import { Bilingual, Quote } from './core/quote.ts';

const Id = z.object({ id: z.uuid() });
const { items, excluded, currency } = Quote.shape;
const Done = z.object({ done: z.literal(true) });

export const ChangeOrderView = z.object({
  id: z.uuid(),
  state: z.enum(['proposed', 'declined', 'accepted', 'lapsed']),
  currency,
  items,
  excluded,
  reason: Bilingual,
  proposedAt: z.iso.datetime(),
  lapsesAt: z.iso.datetime(),
});

export const priceApi = {
  readPriceLists: defineRoute({
    method: 'GET',
    path: '/api/clinics/:id/prices',
    summary: { zh: '机构的价目表，全部版本', en: 'The price lists of a clinic, all versions' },
    auth: 'public',
    params: Id,
    response: {
      200: z.object({
        lists: z.array(
          z.object({
            list: PriceList,
            hash: z.string(),
            /** Of its prices, by the code of the service. */
            currencies: z.record(z.string(), currency),
          }),
        ),
      }),
    },
    errors: [],
  }),
  publishPriceList: defineRoute({
    method: 'POST',
    path: '/api/desk/prices',
    summary: { zh: '发布新一版价目表', en: 'Publish the next version of the price list' },
    auth: 'desk',
    body: z.strictObject({
      validFrom: z.iso.datetime(),
      services: z.array(PricedService).min(1).max(200),
    }),
    response: { 200: z.object({ version: z.int(), hash: z.string() }) },
    errors: [
      'PRICE_LIST_TOO_EARLY',
      'PRICE_LIST_WRONG',
      'PLAN_WRONG',
      'CANCELLATION_WITH_PLAN',
      'SCOPE_REFUSED',
      'SCOPE_UNKNOWN',
      'DOCUMENT_UNKNOWN',
    ],
  }),
  reviseQuote: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/quote',
    summary: {
      zh: '机构修改报价；与价目表不同之处必须说明原因',
      en: 'The clinic’s own quote; what differs from the price list needs a reason',
    },
    auth: 'desk',
    params: Id,
    body: z.strictObject({ items, excluded, differs: Quote.shape.differs.unwrap() }),
    response: { 200: Done },
    errors: ['QUOTE_DIFFERS_UNSAID', 'STEP_NOT_ALLOWED', 'VISIT_UNKNOWN', 'PLAN_WRONG'],
  }),
  proposeChange: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/changes',
    summary: { zh: '机构提出变更单', en: 'The clinic proposes a change order' },
    auth: 'desk',
    params: Id,
    body: z.strictObject({ items, excluded, reason: Bilingual }),
    response: { 200: z.object({ id: z.uuid() }) },
    errors: ['CHANGE_ORDER_NOT_NOW', 'VISIT_UNKNOWN'],
  }),
  readChanges: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/changes',
    summary: { zh: '就诊的变更单', en: 'The change orders of a visit' },
    auth: 'public',
    params: Id,
    response: { 200: z.object({ changes: z.array(ChangeOrderView) }) },
    errors: ['VISIT_UNKNOWN'],
  }),
  declineChange: defineRoute({
    method: 'POST',
    path: '/api/changes/:id/decline',
    summary: { zh: '患者不需要变更', en: 'The patient declines a change order' },
    auth: 'public',
    params: Id,
    body: z.strictObject({}),
    response: { 200: Done },
    errors: ['CHANGE_ORDER_UNKNOWN', 'VISIT_UNKNOWN'],
  }),
};
export type PriceApi = typeof priceApi;
