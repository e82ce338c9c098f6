/** The HTTP contract of provenance. The full EPCIS REST binding grows from `capture` and `events`. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { supplyApi } from './api/supply.ts';
import { ProductBody } from './core/product.ts';

export type {
  ExceptionLineView,
  ExceptionView,
  HandoverDetailView,
  HandoverView,
  LotView,
  PartyView,
  ScanView,
} from './api/supply-views.ts';

const Text = z.object({ zh: z.string(), en: z.string() });
const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;

export const VerdictReason = z.object({
  code: z.string(),
  level: z.enum(['red', 'amber', 'grey', 'green']),
  text: Text,
  /** How anyone can check it. */
  check: Text,
  doNow: Text,
  by: Text.nullable(),
  at: z.string().nullable(),
  event: Hex.nullable(),
});

export const VerdictView = z.object({
  level: z.enum(['red', 'amber', 'grey', 'green']),
  reasons: z.array(VerdictReason),
  handovers: z.object({ signed: z.int(), total: z.int() }),
  unit: z.string().nullable(),
  lot: z.string().nullable(),
  expiry: z.string().nullable(),
  product: z
    .object({
      gtin: z.string(),
      name: Text,
      maker: Text,
      class: z.string(),
      registration: z.string(),
      approvedRoutes: z.array(z.string()),
      approvedRegions: z.array(z.string()),
      ingredients: z.array(z.string()),
    })
    .nullable(),
  trail: z.array(
    z.object({ step: z.string(), at: z.string(), site: Text.nullable(), city: Text.nullable(), event: Hex }),
  ),
});
export type VerdictView = z.infer<typeof VerdictView>;

export const provenanceApi = {
  registerProduct: defineRoute({
    method: 'POST',
    path: '/api/products',
    summary: { zh: '厂家登记产品', en: 'A maker registers a product' },
    auth: 'desk',
    body: z.object({
      product: ProductBody,
      authorisation: z.string().max(64_000).optional(),
      /** Why it is stated anew. */
      note: z.string().max(300).optional(),
    }),
    response: { 200: z.object({ gtin: z.string() }) },
    errors: [
      'PRODUCT_EXISTS',
      'NOT_A_MAKER',
      'PRODUCT_GTIN_WRONG',
      'PRODUCT_STORAGE_WRONG',
      'PRODUCT_ROUTE_MISSING',
      'PRODUCT_ROUTE_WRONG',
    ],
  }),
  readProduct: defineRoute({
    method: 'GET',
    path: '/api/products/:gtin',
    summary: { zh: '查看产品', en: 'Read a product' },
    auth: 'public',
    params: z.object({ gtin: z.string().regex(/^\d{14}$/) }),
    response: { 200: z.object({ product: ProductBody, maker: Text, authorisation: z.string().nullable() }) },
    errors: ['PRODUCT_UNKNOWN'],
  }),
  registerLot: defineRoute({
    method: 'POST',
    path: '/api/lots',
    summary: { zh: '厂家公布一批产品的序列号', en: 'A maker publishes the serial numbers of a lot' },
    auth: 'desk',
    bodyLimit: 2_000_000,
    body: z.object({
      link: z.string().max(200),
      gtin: z.string().regex(/^\d{14}$/),
      units: z.array(z.string().max(200)).min(1).max(10_000),
    }),
    response: { 200: z.object({ link: z.string(), units: z.int() }) },
    errors: ['PRODUCT_UNKNOWN', 'LOT_EXISTS'],
  }),
  readLot: defineRoute({
    method: 'GET',
    path: '/api/lots',
    summary: { zh: '查看一批产品的序列号', en: 'The serial numbers of a lot' },
    auth: 'public',
    query: z.object({ link: z.string().max(200) }),
    response: { 200: z.object({ link: z.string(), gtin: z.string(), units: z.array(z.string()) }) },
    errors: ['PRODUCT_UNKNOWN'],
  }),
  capture: defineRoute({
    method: 'POST',
    path: '/capture',
    summary: {
      zh: '记录一个 EPCIS 事件或一份 EPCIS 文档（JSON-LD）',
      en: 'Capture an EPCIS event or document (JSON-LD)',
    },
    auth: 'desk',
    bodyLimit: 2_000_000,
    body: z.looseObject({ type: z.string().max(200) }),
    response: {
      200: z.object({ digest: Hex, events: z.array(z.object({ digest: Hex, eventID: z.string() })) }),
    },
    errors: ['EVENT_INVALID', 'EVENT_NOT_YOURS', 'EVENT_NOT_YOUR_ROLE'],
  }),
  events: defineRoute({
    method: 'GET',
    path: '/events',
    summary: { zh: '查询已记录的事件', en: 'Query captured events' },
    auth: 'public',
    query: z.object({
      MATCH_anyEPC: z.string().max(300).optional(),
      EQ_bizStep: z.string().max(200).optional(),
      GE_eventTime: z.iso.datetime({ offset: true }).optional(),
      LT_eventTime: z.iso.datetime({ offset: true }).optional(),
      perPage: z.coerce.number().int().min(1).max(200).optional(),
      nextPageToken: z.string().max(120).optional(),
    }),
    response: {
      200: z.object({
        '@context': z.array(z.unknown()),
        type: z.literal('EPCISQueryDocument'),
        schemaVersion: z.literal('2.0'),
        creationDate: z.string(),
        epcisBody: z.object({
          queryResults: z.object({
            queryName: z.string(),
            resultsBody: z.object({ eventList: z.array(z.record(z.string(), z.unknown())) }),
          }),
        }),
        'zm:nextPageToken': z.string().nullable(),
      }),
    },
    errors: ['QUERY_INVALID'],
  }),
  verify: defineRoute({
    method: 'GET',
    path: '/api/verify',
    summary: { zh: '验真：不需要账号', en: 'Verify a product: no account needed' },
    auth: 'public',
    perMinute: 60,
    query: z.object({
      code: z.string().min(1).max(400),
      region: z.string().max(10).optional(),
      route: z.string().max(60).optional(),
    }),
    response: { 200: VerdictView },
    errors: [],
  }),
  resolve: defineRoute({
    method: 'GET',
    path: '/01/:gtin/21/:serial',
    summary: { zh: 'GS1 Digital Link：这一支的验真结果', en: 'GS1 Digital Link: the verdict on this unit' },
    auth: 'public',
    perMinute: 60,
    params: z.object({ gtin: z.string().max(14), serial: z.string().min(1).max(60) }),
    response: { 200: VerdictView },
    errors: [],
  }),
  ...supplyApi,
};
export type ProvenanceApi = typeof provenanceApi;
