/** The HTTP contract of provenance: the house's own routes, and the REST binding of EPCIS 2.0 (`api/`). */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { captureApi } from './api/epcis-capture.ts';
import { eventsApi } from './api/epcis-events.ts';
import { queriesApi } from './api/epcis-queries.ts';
import { supplyApi } from './api/supply.ts';
import { ProductBody } from './core/product.ts';

export { type NoticeView, type ProgressView, recallApi } from './api/recall.ts';
export type {
  ExceptionLineView,
  ExceptionView,
  HandoverDetailView,
  HandoverView,
  LotView,
  PartyView,
  ScanView,
} from './api/supply-views.ts';
export { caseApi, verifyApi } from './api/verify.ts';

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
  /** The published notice that says so, in its own words. */
  notice: z.object({ id: z.uuid(), digest: Hex, reason: Text, doNow: Text }).nullable(),
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
    z.object({
      step: z.string(),
      at: z.string(),
      site: Text.nullable(),
      city: Text.nullable(),
      /** Number and kind of the site, if it is known here. */
      gln: z.string().nullable(),
      kind: z.string().nullable(),
      event: Hex,
    }),
  ),
});
export type VerdictView = z.infer<typeof VerdictView>;

export const provenanceApi = {
  ...captureApi,
  ...eventsApi,
  ...queriesApi,
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
  listPlaces: defineRoute({
    method: 'GET',
    path: '/api/places',
    summary: { zh: '可以说明自己在哪里的机构', en: 'Clinics that a person may say to be at' },
    auth: 'public',
    response: {
      200: z.object({ places: z.array(z.object({ gln: z.string(), name: Text, city: Text })) }),
    },
    errors: [],
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
      /** Content and ingredient as printed on the label. */
      dose: z.string().max(60).optional(),
      ingredient: z.string().max(200).optional(),
      /** GLN of the clinic where the person is about to be treated with it. */
      at: z
        .string()
        .regex(/^\d{13}$/)
        .optional(),
    }),
    response: { 200: VerdictView },
    errors: ['SERIALS_GUESSED'],
  }),
  ...supplyApi,
};
export type ProvenanceApi = typeof provenanceApi;
