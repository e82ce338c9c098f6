/** The HTTP contract of who stands behind promises: what the operator licenses, the insurer's desk, the pool's desk. */
import { defineErrors, defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';
import { Bond, DeskCover, ProfileView } from './guarantee-api.ts';

const Minor = z.string().regex(/^\d{1,30}$/);
const Shares = z.string().regex(/^\d{1,60}$/);
const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Signature = z
  .string()
  .max(4_000)
  .regex(/^0x([0-9a-f]{2})+$/) as z.ZodType<`0x${string}`>;
const Amount = z.string().regex(/^[1-9]\d{2,14}$/);
const Text = z.object({ zh: z.string(), en: z.string() });
const Done = z.object({ done: z.literal(true) });

const OperatorBackers = z.object({
  profiles: z.array(ProfileView),
  insurers: z.array(
    z.object({
      id: z.uuid(),
      name: Text,
      /** Its first device has joined: only then has it an account to be licensed. */
      joined: z.boolean(),
      licensed: z.boolean(),
    }),
  ),
  pool: z.boolean(),
});
export type OperatorBackers = z.infer<typeof OperatorBackers>;

const InsurerDesk = z.object({
  licensed: z.boolean(),
  profile: ProfileView,
  bond: Bond,
  /** Paid in and not put anywhere yet. */
  units: Minor,
  /** What clinics ask for and nobody has answered. */
  requests: z.array(DeskCover),
  /** A page of what it stands behind, the newest first. */
  covers: z.array(DeskCover),
  /** Of all pages. */
  total: z.int(),
  order: PaymentOrder.nullable(),
});
export type InsurerDesk = z.infer<typeof InsurerDesk>;

const PoolDesk = z.object({
  profile: ProfileView,
  capital: Minor,
  /** Put aside for claims that were made. */
  frozen: Minor,
  exposure: Minor,
  minimum: Minor,
  /** What may leave. */
  free: Minor,
  /** Capital over the minimum, in 1/10,000; null where nothing is covered. */
  ratioBps: z.int().nullable(),
  enough: z.boolean(),
  clinics: z.array(z.object({ name: Text, amount: Minor, bps: z.int().nullable() })),
  covers: z.array(DeskCover),
  exits: z.array(
    z.object({ mine: z.boolean(), amount: Minor, from: z.iso.datetime(), until: z.iso.datetime() }),
  ),
  mine: z.object({
    worth: Minor,
    shares: Shares,
    /** Shares that may be taken out now. */
    ready: Shares,
    readyWorth: Minor,
  }),
  order: PaymentOrder.nullable(),
});
export type PoolDesk = z.infer<typeof PoolDesk>;

/** One line of the posted prices, signed, as the ledger takes it. */
const PriceLine = z.object({
  rate: z.object({ table: Bytes32, epoch: z.int(), ppm: z.int(), expense: Minor }),
  signature: Signature,
  premium: Minor,
  /** What lies on the clinic's account, ready to pay the premium. */
  ready: Minor,
});

const id = z.object({ id: Bytes32 });
const SEAT = ['GUARANTEE_SEAT_WRONG'] as const;

export const backingApi = {
  readBackers: defineRoute({
    method: 'GET',
    path: '/api/operator/guarantee',
    summary: {
      zh: '运营方：效果保障由谁兜底',
      en: 'Operator: who may stand behind promises about outcomes',
    },
    auth: 'operator',
    response: { 200: OperatorBackers },
    errors: [],
  }),
  licenseInsurer: defineRoute({
    method: 'POST',
    path: '/api/operator/guarantee/insurers',
    summary: {
      zh: '运营方：登记或取消一家持牌公司',
      en: 'Operator: license a company, or take the licence back',
    },
    auth: 'operator',
    body: z.strictObject({ organisationId: z.uuid(), licensed: z.boolean() }),
    response: { 200: Done },
    errors: ['INSURER_UNKNOWN', 'GUARANTEE_PROFILE_OFF'],
  }),
  licensePool: defineRoute({
    method: 'POST',
    path: '/api/operator/guarantee/pool',
    summary: { zh: '运营方：开放或停止资金池', en: 'Operator: license the funded pool, or stop it' },
    auth: 'operator',
    body: z.strictObject({ licensed: z.boolean() }),
    response: { 200: Done },
    errors: ['GUARANTEE_PROFILE_OFF'],
  }),
  readInsurer: defineRoute({
    method: 'GET',
    path: '/api/desk/insurer',
    summary: { zh: '承保公司的工作台', en: 'An insurer’s desk: bond, requests, covers, claims' },
    auth: 'desk',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).optional(),
      offset: z.coerce.number().int().min(0).max(1_000_000).optional(),
    }),
    response: { 200: InsurerDesk },
    errors: [...SEAT],
  }),
  orderInsurerBond: defineRoute({
    method: 'POST',
    path: '/api/desk/insurer/bond-orders',
    summary: { zh: '承保公司：获取存入保障金的付款信息', en: 'How an insurer pays into its bond' },
    auth: 'desk',
    body: z.strictObject({ amount: Amount }),
    response: { 200: PaymentOrder },
    errors: [...SEAT, 'GUARANTEE_PROFILE_OFF'],
  }),
  signPolicy: defineRoute({
    method: 'POST',
    path: '/api/desk/insurer/policies/:id',
    summary: { zh: '承保公司：签署承保', en: 'An insurer signs a policy with its price' },
    auth: 'desk',
    params: id,
    body: z.strictObject({ premium: z.string().regex(/^(0|[1-9]\d{0,14})$/), signature: Signature }),
    response: { 200: Done },
    errors: [...SEAT, 'POLICY_UNKNOWN', 'POLICY_TOO_LATE', 'POLICY_NOT_SIGNED', 'GUARANTEE_PROFILE_OFF'],
  }),
  declinePolicy: defineRoute({
    method: 'POST',
    path: '/api/desk/insurer/policies/:id/decline',
    summary: { zh: '承保公司：谢绝承保', en: 'An insurer declines a request' },
    auth: 'desk',
    params: id,
    body: z.strictObject({}),
    response: { 200: Done },
    errors: [...SEAT, 'POLICY_UNKNOWN', 'POLICY_TOO_LATE'],
  }),
  readPool: defineRoute({
    method: 'GET',
    path: '/api/desk/guarantee-pool',
    summary: {
      zh: '资金池：资本、保障、偿付能力、退出',
      en: 'The funded pool: capital, covers, solvency, exits',
    },
    auth: 'desk',
    response: { 200: PoolDesk },
    errors: [...SEAT],
  }),
  orderPoolCapital: defineRoute({
    method: 'POST',
    path: '/api/desk/guarantee-pool/capital-orders',
    summary: { zh: '资金池：获取存入资金的付款信息', en: 'How capital is paid into the pool' },
    auth: 'desk',
    body: z.strictObject({ amount: Amount }),
    response: { 200: PaymentOrder },
    errors: [...SEAT, 'GUARANTEE_PROFILE_OFF'],
  }),
  priceCover: defineRoute({
    method: 'POST',
    path: '/api/desk/guarantees/:id/price',
    summary: { zh: '资金池兜底的价格', en: 'What the pool asks for standing behind a promise' },
    auth: 'desk',
    params: id,
    body: z.strictObject({}),
    response: { 200: PriceLine },
    errors: [...SEAT, 'POLICY_UNKNOWN', 'GUARANTEE_PROFILE_OFF', 'PRICE_TABLE_WAITS', 'CHAIN_UNAVAILABLE'],
  }),
};
export type BackingApi = typeof backingApi;
export type PriceLine = z.infer<typeof PriceLine>;

defineErrors({
  GUARANTEE_PROFILE_OFF: {
    status: 403,
    retryable: false,
    zh: '这种兜底方式现在没有开放：本地区不允许，或者还没有登记。请选择其他方式。',
    en: 'This way of standing behind a promise is off: the region does not allow it, or it is not licensed yet. Choose another.',
  },
  INSURER_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这家公司，或者它还没有设备加入。请先登记公司，并让它的设备加入。',
    en: 'There is no such company, or none of its devices has joined. Register it, and let a device of it join first.',
  },
  POLICY_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这份请求。请刷新页面。',
    en: 'There is no such request. Reload the page.',
  },
  PRICE_TABLE_WAITS: {
    status: 503,
    retryable: true,
    zh: '这一期的价目表正在公布，现在还不能报价。请几分钟后再试。',
    en: 'This period’s price table is being published, so there is no price yet. Try again in a few minutes.',
  },
  POLICY_TOO_LATE: {
    status: 409,
    retryable: false,
    zh: '这份请求已经有了结果，或者已经过期。请刷新页面；机构可以重新提出。',
    en: 'This request is decided already, or its time is over. Reload the page; the clinic may ask anew.',
  },
  POLICY_NOT_SIGNED: {
    status: 422,
    retryable: false,
    zh: '签名不是这家公司的账户签的，没有登记。请先存入一次保障金，再签署。',
    en: 'The account of this company did not sign this; nothing was kept. Pay into the bond once first, then sign.',
  },
});
