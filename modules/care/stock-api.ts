/** The HTTP contract of a clinic's stock: goods-in, shelf, second persons, stock-take, register, and a regulator's alerts. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Bilingual } from './core/quote.ts';
import { Bytes32 } from './core/steps.ts';
import { MOVEMENTS } from './core/stock.ts';
import { REQUEST_KINDS, REQUEST_REASONS } from './core/stock-requests.ts';
import {
  At,
  CaseView,
  Code,
  CountView,
  GoodsInView,
  Gtin,
  Person,
  RequestView,
  ScanBody,
  Signature,
  State,
  StockUnitView,
  Unit,
} from './core/stock-views.ts';

const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const SIGNED = ['STOCK_NEEDS_CLINIC', 'STATEMENT_SIGNATURE_WRONG', 'STATEMENT_TIME_WRONG'];

export const stockApi = {
  receiveGoods: defineRoute({
    method: 'POST',
    path: '/api/desk/goods-in',
    summary: {
      zh: '收货：逐次扫描（单支或整箱），每次一个明确的答复',
      en: 'Goods-in: one scan of a unit or a whole box, each with one precise answer',
    },
    auth: 'desk',
    body: ScanBody,
    response: { 200: z.object({ answers: z.array(GoodsInView) }) },
    errors: [...SIGNED, 'SCAN_NUMBER_USED'],
  }),
  undoScan: defineRoute({
    method: 'POST',
    path: '/api/desk/goods-in/:scan/undo',
    summary: { zh: '撤销一次收货（更正事件）', en: 'Take a receipt back (a correcting event)' },
    auth: 'desk',
    params: z.object({ scan: z.uuid() }),
    body: z.object({ at: At, person: Person, signature: Signature }),
    response: { 200: z.object({ answers: z.array(GoodsInView) }) },
    errors: [...SIGNED, 'SCAN_UNKNOWN', 'SCAN_SETTLED'],
  }),
  goodsIn: defineRoute({
    method: 'GET',
    path: '/api/desk/goods-in',
    summary: { zh: '最近的收货与在途', en: 'Recent scans, and what is on its way' },
    auth: 'desk',
    response: {
      200: z.object({
        scans: z.array(GoodsInView),
        deliveries: z.array(
          z.object({
            shipment: Bytes32,
            from: Bilingual.nullable(),
            sentAt: At,
            boxes: z.array(z.string()),
            items: z.array(z.object({ gtin: Gtin, name: Bilingual, units: z.int() })),
          }),
        ),
      }),
    },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  stock: defineRoute({
    method: 'GET',
    path: '/api/desk/stock',
    summary: { zh: '库存：按状态、产品、效期筛选', en: 'Stock, by state, product and expiry' },
    auth: 'desk',
    query: z.object({
      state: State.optional(),
      shelf: Flag.optional(),
      gtin: Gtin.optional(),
      q: z.string().max(80).optional(),
      withinDays: z.coerce.number().int().min(0).max(3_650).optional(),
      toxin: Flag.optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
      offset: z.coerce.number().int().min(0).max(5_000).optional(),
    }),
    response: {
      200: z.object({
        counts: z.record(State, z.int()),
        total: z.int(),
        units: z.array(StockUnitView),
        products: z.array(z.object({ gtin: Gtin, name: Bilingual, onShelf: z.int() })),
      }),
    },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  unit: defineRoute({
    method: 'GET',
    path: '/api/desk/stock/unit',
    summary: { zh: '一支产品在本机构的全部经过', en: 'Everything that happened to one unit here' },
    auth: 'desk',
    query: z.object({ unit: Unit }),
    response: {
      200: z.object({
        unit: StockUnitView,
        supplier: Bilingual.nullable(),
        movements: z.array(
          z.object({
            kind: z.enum(MOVEMENTS),
            at: At,
            amount: z.int().nullable(),
            remaining: z.int(),
            reason: z.string().nullable(),
            event: Bytes32,
            by: Person.nullable(),
            second: Person.nullable(),
          }),
        ),
        requests: z.array(RequestView),
        scans: z.array(GoodsInView),
      }),
    },
    errors: ['STOCK_NEEDS_CLINIC', 'UNIT_NOT_IN_STOCK'],
  }),
  ask: defineRoute({
    method: 'POST',
    path: '/api/desk/stock/requests',
    summary: {
      zh: '报损、放行、登记遗失（需第二人确认）或退回',
      en: 'Waste, release or loss (a second person agrees), or return',
    },
    auth: 'desk',
    body: z.object({
      id: z.uuid(),
      kind: z.enum(REQUEST_KINDS),
      unit: Unit,
      amount: z.int().min(1).max(10_000_000).nullable(),
      reason: z.enum(REQUEST_REASONS as [string, ...string[]]),
      note: z.string().max(500),
      person: Person,
      at: At,
      signature: Signature,
    }),
    response: { 200: RequestView },
    errors: [
      ...SIGNED,
      'UNIT_NOT_IN_STOCK',
      'REQUEST_NOT_POSSIBLE',
      'REQUEST_OPEN',
      'WASTE_AMOUNT',
      'STEP_DATA_WRONG',
      'RETURN_TO_NOBODY',
    ],
  }),
  confirm: defineRoute({
    method: 'POST',
    path: '/api/desk/stock/requests/:id/confirm',
    summary: { zh: '第二人确认', en: 'The second person agrees' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({ person: Person, at: At, signature: Signature }),
    response: { 200: RequestView },
    errors: [
      ...SIGNED,
      'REQUEST_UNKNOWN',
      'SECOND_PERSON_NEEDED',
      'REQUEST_NOT_POSSIBLE',
      'WASTE_AMOUNT',
      'RELEASE_NO_SHIPMENT',
      'RELEASE_STILL_DIFFERS',
      'RELEASE_REFUSED',
    ],
  }),
  withdraw: defineRoute({
    method: 'DELETE',
    path: '/api/desk/stock/requests/:id',
    summary: { zh: '撤回待确认的操作', en: 'Take back what waits for a second person' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    response: { 200: z.object({}) },
    errors: ['REQUEST_UNKNOWN'],
  }),
  requests: defineRoute({
    method: 'GET',
    path: '/api/desk/stock/requests',
    summary: { zh: '等待第二人确认的操作', en: 'What waits for a second person' },
    auth: 'desk',
    response: { 200: z.object({ requests: z.array(RequestView) }) },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  cases: defineRoute({
    method: 'GET',
    path: '/api/desk/stock/cases',
    summary: { zh: '库存的待处理事项', en: 'Open cases of stock' },
    auth: 'desk',
    query: z.object({ closed: Flag.optional() }),
    response: { 200: z.object({ cases: z.array(CaseView) }) },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  closeCase: defineRoute({
    method: 'POST',
    path: '/api/desk/stock/cases/:id/close',
    summary: { zh: '结束盘点差异', en: 'Close a difference of a stock-take' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({
      outcome: z.enum(['found', 'set-aside', 'explained']),
      note: z.string().max(500),
      person: Person,
    }),
    response: { 200: z.object({}) },
    errors: ['STOCK_NEEDS_CLINIC', 'STOCK_CASE_UNKNOWN', 'CASE_NOT_BY_WORD'],
  }),
  startCount: defineRoute({
    method: 'POST',
    path: '/api/desk/stock/counts',
    summary: { zh: '开始盘点', en: 'Start a stock-take' },
    auth: 'desk',
    body: z.object({ id: z.uuid(), gtin: Gtin.nullable(), person: Person }),
    response: { 200: z.object({ id: z.uuid() }) },
    errors: ['STOCK_NEEDS_CLINIC', 'COUNT_OPEN'],
  }),
  scanCount: defineRoute({
    method: 'POST',
    path: '/api/desk/stock/counts/:id/scans',
    summary: { zh: '盘点：扫描一支', en: 'Stock-take: scan a unit' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({ code: Code, at: At }),
    response: {
      200: z.object({
        unit: Unit,
        serial: z.string(),
        state: State.nullable(),
        expected: z.boolean(),
        again: z.boolean(),
      }),
    },
    errors: ['COUNT_UNKNOWN', 'COUNT_CLOSED', 'COUNT_NOT_A_UNIT', 'COUNT_OTHER_PRODUCT'],
  }),
  closeCount: defineRoute({
    method: 'POST',
    path: '/api/desk/stock/counts/:id/close',
    summary: { zh: '结束盘点，差异成为待处理事项', en: 'Finish a stock-take; differences become cases' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({ person: Person, at: At, signature: Signature }),
    response: { 200: z.object({ missing: z.int(), unexpected: z.int(), counted: z.int() }) },
    errors: [...SIGNED, 'COUNT_UNKNOWN'],
  }),
  counts: defineRoute({
    method: 'GET',
    path: '/api/desk/stock/counts',
    summary: { zh: '盘点记录', en: 'Stock-takes' },
    auth: 'desk',
    response: { 200: z.object({ counts: z.array(CountView) }) },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  toxinRegister: defineRoute({
    method: 'GET',
    path: '/api/desk/toxin-register',
    summary: { zh: '毒性药品专用账册', en: 'Register of toxic drugs' },
    auth: 'desk',
    query: z.object({ from: At, until: At }),
    response: {
      200: z.object({
        rows: z.array(
          z.object({
            at: At,
            kind: z.enum(MOVEMENTS),
            product: Bilingual,
            lot: z.string(),
            serial: z.string(),
            /** Into the cupboard, or out of it with a minus. */
            amount: z.int(),
            remaining: z.int(),
            /** All of this product that the clinic holds then. */
            balance: z.int(),
            amountUnit: z.string(),
            by: z.string().meta({ phi: true }),
            second: z.string().meta({ phi: true }),
            reason: z.string(),
            event: z.string(),
          }),
        ),
      }),
    },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  alerts: defineRoute({
    method: 'GET',
    path: '/api/regulator/alerts',
    summary: { zh: '监管提醒：重复使用、来源不明、毒性药品渠道', en: 'Alerts for the regulator' },
    auth: 'desk',
    response: {
      200: z.object({
        alerts: z.array(
          z.object({
            id: z.uuid(),
            kind: z.enum(['reuse-attempt', 'unknown-serial', 'toxin-channel']),
            clinic: z.object({ id: z.uuid(), name: Bilingual, gln: z.string() }).nullable(),
            unit: Unit.nullable(),
            event: Bytes32.nullable(),
            at: At,
          }),
        ),
      }),
    },
    errors: ['NOT_A_REGULATOR'],
  }),
};
export type StockApi = typeof stockApi;
