/** What only the composition knows: configuration, organisations' operations, the demo's clock and bank. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;

/** A coin of the house. */
export const CoinView = z.object({
  profile: z.enum(['public', 'partner']),
  token: Address,
  symbol: z.string(),
  digits: z.int(),
  /** ISO 4217: of the prices that it pays one to one. */
  currency: z.string(),
  /** ISO 3166. */
  regions: z.array(z.string()),
  /** How a payer's signature gives it to the escrow: ERC-2612 or ERC-3009. */
  by: z.enum(['permit', 'authorization']),
  /** The coin's own EIP-712 domain. */
  domain: z.object({ name: z.string(), version: z.string() }),
});

export const Operation = z.strictObject({
  sender: Address,
  nonce: z.string().regex(/^\d{1,78}$/),
  initCode: Hex,
  callData: Hex,
  accountGasLimits: Hex,
  preVerificationGas: z.string().regex(/^\d{1,12}$/),
  gasFees: Hex,
  paymasterAndData: Hex,
});

export const houseApi = {
  readConfig: defineRoute({
    method: 'GET',
    path: '/api/config',
    summary: { zh: '公开设置', en: 'Public configuration' },
    auth: 'public',
    response: {
      200: z.object({
        chainId: z.int(),
        contracts: z.record(z.string(), Address),
        logOrigin: z.string(),
        demo: z.boolean(),
        now: z.iso.datetime(),
        coolingOffSeconds: z.int(),
        /** The demo may move the time: its ledger is its own. */
        demoTime: z.boolean(),
        /** IANA name of the zone in which the clinics' times are shown. */
        timeZone: z.string(),
        feeTo: Address,
        arbiter: Address,
        /** Whether agreements can be paid by instalments here. */
        instalments: z.boolean(),
        /** Whether the ledger takes reports of absence. */
        absences: z.boolean(),
        /** Coins that agreements are held in, by the regions whose rules say so. */
        coins: z.array(CoinView),
        /** The name by which payers know the ledger's network; null where it has none but its number. */
        network: z.string().nullable(),
      }),
    },
    errors: [],
  }),
  readTrust: defineRoute({
    method: 'GET',
    path: '/zhenmei-trust.json',
    summary: {
      zh: '信任文件：陌生人需要相信的全部内容',
      en: 'The trust file: everything a stranger must believe',
    },
    auth: 'public',
    response: { 200: z.json() },
    errors: [],
  }),
  prepareOperation: defineRoute({
    method: 'POST',
    path: '/api/accounts/operations/prepare',
    summary: {
      zh: '准备一次机构操作（由平台付费）',
      en: 'Prepare an operation of an organisation (sponsored)',
    },
    auth: 'desk',
    body: z.object({
      calls: z
        .array(z.object({ to: Address, data: Hex }))
        .min(1)
        .max(20),
    }),
    bodyLimit: 400_000,
    response: { 200: z.object({ operation: Operation, hash: Hex }) },
    errors: [
      'OPERATION_REFUSED',
      'CHAIN_REVERTED',
      'RELAY_REFUSED',
      'ABSENCE_UNKNOWN',
      'ABSENCE_NOT_KNOWN',
      'ABSENCE_NOT_OPEN',
      'ABSENCE_TOO_EARLY',
      'DESK_DEVICE_NOT_CONFIRMED',
      'DESK_DEVICE_UNKNOWN',
      'DESK_DEVICE_RETIRED',
      'DESK_DEVICE_LAST',
    ],
  }),
  sendOperation: defineRoute({
    method: 'POST',
    path: '/api/accounts/operations',
    summary: { zh: '提交已签名的机构操作', en: 'Send a signed operation' },
    auth: 'desk',
    body: z.object({ operation: Operation, signature: Hex }),
    bodyLimit: 400_000,
    response: { 200: z.object({ transaction: Hex, block: z.int() }) },
    errors: ['OPERATION_REFUSED', 'OPERATION_OUTDATED', 'CHAIN_REVERTED', 'CHAIN_UNAVAILABLE'],
  }),
};
export type HouseApi = typeof houseApi;

const Text = z.object({ zh: z.string(), en: z.string() });
export const OrganisationKind = z.enum([
  'regulator',
  'maker',
  'distributor',
  'clinic',
  'lender',
  'insurer',
  'assessor',
]);

export const demoApi = {
  listDesks: defineRoute({
    method: 'GET',
    path: '/api/demo/desks',
    summary: { zh: '演示：可以加入的机构', en: 'Demo: organisations whose desk can be joined' },
    auth: 'public',
    response: {
      200: z.object({
        desks: z.array(
          z.object({
            key: z.string(),
            organisationId: z.uuid(),
            kind: OrganisationKind,
            name: Text,
            city: Text,
          }),
        ),
      }),
    },
    errors: ['DEMO_NOT_READY'],
  }),
  inviteDesk: defineRoute({
    method: 'POST',
    path: '/api/demo/desk',
    summary: {
      zh: '演示：邀请一台设备加入某机构的工作台，默认是诊所',
      en: 'Demo: invite a device to an organisation’s desk, a clinic’s by default',
    },
    auth: 'public',
    perMinute: 30,
    body: z.strictObject({ organisation: z.string().max(40).optional() }).optional(),
    response: { 200: z.object({ invitation: z.string(), organisationId: z.uuid() }) },
    errors: ['DEMO_NOT_READY', 'DEMO_DESK_UNKNOWN'],
  }),
  equipDesk: defineRoute({
    method: 'POST',
    path: '/api/demo/desk/equip',
    summary: {
      zh: '演示：让这台设备代表机构签署；诊所的设备由监管机构签发机构与医生执照',
      en: 'Demo: this device may sign for its organisation; the regulator licenses a clinic’s',
    },
    auth: 'desk',
    response: {
      200: z.object({
        /** Null where the organisation is no clinic. */
        clinicLicence: z.string().nullable(),
        doctors: z.array(z.object({ id: z.uuid(), licence: z.string() })),
      }),
    },
    errors: ['DEMO_NOT_READY'],
  }),
  sampleLabels: defineRoute({
    method: 'GET',
    path: '/api/demo/labels',
    summary: { zh: '演示：收货时可以试扫的标签', en: 'Demo: labels to try at goods-in' },
    auth: 'desk',
    response: {
      200: z.object({ labels: z.array(z.object({ key: z.string(), name: Text, code: z.string() })) }),
    },
    errors: ['DEMO_NOT_READY'],
  }),
  advanceTime: defineRoute({
    method: 'POST',
    path: '/api/demo/time',
    summary: { zh: '演示：让时间前进', en: 'Demo: let time pass' },
    auth: 'public',
    perMinute: 60,
    body: z.object({ to: z.iso.datetime() }),
    response: { 200: z.object({ now: z.iso.datetime() }) },
    errors: ['DEMO_NOT_READY', 'TIME_BACKWARDS', 'TIME_NOT_OURS'],
  }),
  payAtBank: defineRoute({
    method: 'POST',
    path: '/api/demo/bank/credits',
    summary: { zh: '演示银行：付款', en: 'Demo bank: pay' },
    auth: 'public',
    body: z.object({
      reference: z.string().max(40),
      amount: z.string().regex(/^[1-9]\d{0,14}$/),
      currency: z.string().length(3),
      /** How the customer of the bank pays; exactly, if nothing is said. */
      how: z.enum(['exact', 'part', 'twice', 'late', 'too-much', 'wrong-reference', 'reversed']).optional(),
    }),
    /** The bank’s numbers of the entries, as the customer reads them. */
    response: { 200: z.object({ entries: z.array(z.string()) }) },
    errors: [],
  }),
  sampleCodes: defineRoute({
    method: 'GET',
    path: '/api/demo/codes',
    summary: { zh: '演示：可以试扫的代码', en: 'Demo: codes to try' },
    auth: 'public',
    response: {
      200: z.object({
        codes: z.array(
          z.object({ key: z.string(), name: z.object({ zh: z.string(), en: z.string() }), code: z.string() }),
        ),
      }),
    },
    errors: ['DEMO_NOT_READY'],
  }),
};
export type DemoApi = typeof demoApi;
