/** The HTTP contract of what moves goods: products, lots, signed hand-overs, stock, exceptions. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { LotPlan } from '../core/commission.ts';
import * as v from './supply-views.ts';

const EVENT_ERRORS = ['EVENT_INVALID', 'EVENT_NOT_YOURS', 'EVENT_NOT_YOUR_ROLE'];
const LOG_ERRORS = [
  'SENSOR_LOG_NO_TABLE',
  'SENSOR_LOG_TIME_WRONG',
  'SENSOR_LOG_DATE_AMBIGUOUS',
  'SENSOR_LOG_VALUE_WRONG',
  'SENSOR_LOG_ORDER',
  'SENSOR_LOG_TOO_SHORT',
  'SENSOR_LOG_TOO_LONG',
];

export const supplyApi = {
  captureSigned: defineRoute({
    method: 'POST',
    path: '/api/signed-events',
    summary: {
      zh: '记录一个由本机构设备签名的事件，例如发货或收货',
      en: 'Capture an event signed by a device of the organisation, e.g. a shipment or receipt',
    },
    auth: 'desk',
    bodyLimit: 2_000_000,
    body: z.object({
      event: z.looseObject({ type: z.string().max(200) }),
      signature: z.string().regex(/^0x[0-9a-f]{128}$/) as z.ZodType<`0x${string}`>,
    }),
    response: { 200: z.object({ digest: v.Hex, eventID: z.string() }) },
    errors: [
      ...EVENT_ERRORS,
      'EVENT_SIGNATURE_WRONG',
      'GOODS_LOCKED',
      'SUPPLY_REFUSED',
      'RELEASE_NOT_YOURS',
      'SENSOR_LOG_UNKNOWN',
      'SENSOR_LOG_DIFFERS',
    ],
  }),
  readSignatures: defineRoute({
    method: 'GET',
    path: '/api/signed-events/:digest',
    summary: {
      zh: '谁的设备签了这个事件，以及如何核对',
      en: 'Whose devices signed an event, and what to check it with',
    },
    auth: 'public',
    params: z.object({ digest: v.Digest }),
    response: {
      200: z.object({
        event: v.Hex,
        /** What the event says; null where no such event was captured. */
        says: z.looseObject({ type: z.string() }).nullable(),
        /** What was signed with ES256. */
        statement: v.Hex,
        signatures: z.array(v.SignatureView),
      }),
    },
    errors: [],
  }),
  listParties: defineRoute({
    method: 'GET',
    path: '/api/parties',
    summary: { zh: '可以交接货物的机构', en: 'Organisations that goods can be handed over to' },
    auth: 'public',
    response: { 200: z.object({ parties: z.array(v.PartyView) }) },
    errors: [],
  }),
  listProducts: defineRoute({
    method: 'GET',
    path: '/api/products',
    summary: { zh: '按名称、编号或注册证查找产品', en: 'Find products by name, number or registration' },
    auth: 'public',
    query: z.object({ q: z.string().max(100).optional(), maker: z.uuid().optional() }),
    response: { 200: z.object({ products: z.array(v.ProductLineView), more: z.boolean() }) },
    errors: [],
  }),
  productHistory: defineRoute({
    method: 'GET',
    path: '/api/products/:gtin/versions',
    summary: { zh: '产品资料的每一个版本', en: 'Every version of a product’s master data' },
    auth: 'public',
    params: z.object({ gtin: v.Gtin }),
    response: { 200: z.object({ versions: z.array(v.ProductVersionView) }) },
    errors: ['PRODUCT_UNKNOWN'],
  }),
  planLot: defineRoute({
    method: 'POST',
    path: '/api/lots/plans',
    summary: {
      zh: '厂家公布一批的序列号，并确定赋码与包装的记录',
      en: 'A maker publishes a lot’s serial numbers and fixes what will be recorded of making and packing',
    },
    auth: 'desk',
    bodyLimit: 2_000_000,
    body: z.object({
      gtin: v.Gtin,
      lot: z.string().min(1).max(20),
      expiry: z.iso.date(),
      madeAt: z.iso.datetime(),
      offset: z.string().regex(/^[+-]\d{2}:\d{2}$/),
      units: z.array(z.string().max(200)).min(1).max(10_000),
      packing: z
        .object({
          companyPrefix: z.string().regex(/^\d{4,12}$/),
          perBox: z.int().min(1).max(1_000),
          boxesPerCase: z.int().min(0).max(1_000),
        })
        .nullable(),
    }),
    response: { 200: z.object({ link: z.string(), plan: LotPlan }) },
    errors: [
      'PRODUCT_UNKNOWN',
      'LOT_EXISTS',
      'LOT_UNITS_WRONG',
      'LOT_SERIALS_GUESSABLE',
      'LOT_SERIALS_TAKEN',
      'LOT_DATES_WRONG',
      'LOT_PREFIX_WRONG',
    ],
  }),
  listLots: defineRoute({
    method: 'GET',
    path: '/api/lots/plans',
    summary: { zh: '厂家的批次，记录到哪一步', en: 'A maker’s lots, and how far each is recorded' },
    auth: 'public',
    query: z.object({ maker: z.uuid().optional(), gtin: v.Gtin.optional() }),
    response: { 200: z.object({ lots: z.array(v.LotView), more: z.boolean() }) },
    errors: [],
  }),
  readLotStatus: defineRoute({
    method: 'GET',
    path: '/api/lots/status',
    summary: { zh: '一批记录到哪一步，是否已上链', en: 'How far a lot is recorded, and its published root' },
    auth: 'public',
    query: z.object({ link: z.string().max(200) }),
    response: { 200: v.LotView },
    errors: ['LOT_UNKNOWN'],
  }),
  readStock: defineRoute({
    method: 'GET',
    path: '/api/stock',
    summary: { zh: '本机构持有和在途的货', en: 'What this organisation holds, and what is on its way to it' },
    auth: 'desk',
    response: {
      200: z.object({
        held: z.array(v.StockLineView),
        coming: z.array(v.StockLineView),
        containers: z.array(v.ContainerView),
      }),
    },
    errors: [],
  }),
  freeUnits: defineRoute({
    method: 'GET',
    path: '/api/stock/units',
    summary: { zh: '一批中可以发出的产品', en: 'Units of a lot that may be sent' },
    auth: 'desk',
    query: z.object({
      gtin: v.Gtin,
      lot: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(10_000),
    }),
    response: { 200: z.object({ units: z.array(z.string()) }) },
    errors: [],
  }),
  lookUp: defineRoute({
    method: 'POST',
    path: '/api/scans',
    summary: { zh: '扫到的是什么，现在在哪里', en: 'What was scanned, and how it stands' },
    auth: 'desk',
    perMinute: 1_200,
    body: z.object({ code: z.string().min(1).max(400) }),
    response: { 200: v.ScanView },
    errors: [],
  }),
  listHandovers: defineRoute({
    method: 'GET',
    path: '/api/handovers',
    summary: {
      zh: '本机构的发货、到货与收货',
      en: 'Shipments from and to this organisation, and its receipts',
    },
    auth: 'desk',
    query: z.object({ way: z.enum(['out', 'in', 'received']) }),
    response: { 200: z.object({ handovers: z.array(v.HandoverView), more: z.boolean() }) },
    errors: [],
  }),
  readHandover: defineRoute({
    method: 'GET',
    path: '/api/handovers/:digest',
    summary: { zh: '一次交接的全部内容', en: 'Everything about one hand-over' },
    auth: 'desk',
    params: z.object({ digest: v.Digest }),
    response: { 200: v.HandoverDetailView },
    errors: ['HANDOVER_UNKNOWN'],
  }),
  storeSensorLog: defineRoute({
    method: 'POST',
    path: '/api/sensor-logs',
    summary: {
      zh: '上传温度记录仪的原始文件（CSV）',
      en: 'Upload the raw file of a temperature logger (CSV)',
    },
    auth: 'desk',
    bodyLimit: 6_000_000,
    body: z.object({
      text: z.string().min(1).max(5_000_000),
      /** Zone of times that name none, minutes east of UTC. */
      offsetMinutes: z.int().min(-720).max(840),
    }),
    response: {
      200: z.object({ uri: z.string(), summary: v.LegView, missing: z.int(), unitAssumed: z.boolean() }),
    },
    errors: LOG_ERRORS,
  }),
  readSensorLog: defineRoute({
    method: 'GET',
    path: '/.well-known/ni/sha-256/:value',
    summary: { zh: '按内容取得原始文件（RFC 6920）', en: 'Get a raw file by its content (RFC 6920)' },
    auth: 'public',
    params: z.object({ value: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
    response: {
      200: z.string().meta({
        contentType: 'text/csv; charset=utf-8',
        cacheControl: 'public, max-age=31536000, immutable',
      }),
    },
    errors: ['SENSOR_LOG_UNKNOWN'],
  }),
  listExceptions: defineRoute({
    method: 'GET',
    path: '/api/exceptions',
    summary: {
      zh: '本机构的收件箱：需要澄清或停用的货',
      en: 'The inbox: what must be cleared up or not go on',
    },
    auth: 'desk',
    query: z.object({ over: z.enum(['true', 'false']).optional() }),
    response: {
      200: z.object({ exceptions: z.array(v.ExceptionLineView), more: z.boolean(), mine: z.int() }),
    },
    errors: [],
  }),
  readException: defineRoute({
    method: 'GET',
    path: '/api/exceptions/:id',
    summary: { zh: '一个事项与它的经过', en: 'A case and its history' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    response: { 200: v.ExceptionView },
    errors: ['EXCEPTION_UNKNOWN'],
  }),
  stepException: defineRoute({
    method: 'POST',
    path: '/api/exceptions/:id/steps',
    summary: {
      zh: '认领、封存或备注；事项只由新的记录来结束',
      en: 'Take a case on, set goods aside, or note something; only a new record ends it',
    },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({
      step: z.enum(['take-on', 'quarantine', 'note']),
      note: z.string().max(500).optional(),
    }),
    response: { 200: z.object({ state: z.enum(['open', 'clarifying', 'quarantined', 'resolved']) }) },
    errors: ['EXCEPTION_UNKNOWN', 'EXCEPTION_STEP_WRONG', 'EXCEPTION_NOTE_MISSING'],
  }),
};
export type SupplyApi = typeof supplyApi;
