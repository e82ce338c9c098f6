/** The HTTP contract of disputes: both parties, the mediator, the drawn assessors, and deposits into a purse. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';
import { SCALES } from './core/panel-pictures.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Signature = z.string().regex(/^0x[0-9a-f]{2,8192}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const At = z.iso.datetime();
const Text = z.object({ zh: z.string(), en: z.string() });
const Agreement = z.object({ id: Bytes32 });
const PHASE = z.enum([
  'secrets',
  'opening',
  'voting',
  'revealing',
  'tallying',
  'appealable',
  'ruled',
  'settled',
  'failed',
]);
const SIDE = z.enum(['patient', 'clinic', 'house']);

export const Seat = z.object({
  assessor: Address,
  committed: z.boolean(),
  revealed: z.boolean(),
  /** base64url, to seal papers to; null until the assessor's device has given one. */
  sealKey: z.string().nullable(),
  /** Whether the caller's papers are there for this assessor. */
  sealed: z.boolean(),
});

export const PanelView = z.object({
  id: z.string(),
  phase: PHASE,
  round: z.int(),
  beacon: Bytes32,
  refundBps: z.int().nullable(),
  /** Sides that committed to a number for the draw, and those that opened it. */
  committed: z.array(SIDE),
  opened: z.array(SIDE),
  seats: z.array(Seat),
});

export const DisputeView = z.object({
  agreementId: Bytes32,
  milestone: z.int(),
  you: z.enum(['patient', 'clinic', 'mediator']),
  stage: z.enum(['talk', 'mediation', 'panel', 'appeal', 'settled', 'undecided']),
  disputedAt: At,
  until: At.nullable(),
  panelBy: At,
  endsAt: At,
  mayCallPanel: z.boolean(),
  mayAppeal: z.boolean(),
  /** In dispute, and everything that is held and that a split divides. */
  amount: Minor,
  held: Minor,
  /** Of the price. */
  currency: z.enum(['CNY', 'HKD', 'SGD', 'EUR', 'USD']),
  cost: Minor,
  appealCost: Minor,
  /** What the patient need not put down itself. */
  subsidised: z.boolean(),
  /** Given back in the end; null while it is open. */
  refunded: Minor.nullable(),
  splits: z.array(
    z.object({ by: z.enum(['patient', 'clinic', 'mediator']), refund: Minor, signed: z.boolean(), at: At }),
  ),
  panel: PanelView.nullable(),
});

const Facts = z.object({
  code: z.string().meta({ phi: true }),
  procedure: Text.meta({ phi: true }),
  quote: z.array(z.object({ name: Text, quantity: z.number(), unitPrice: Minor })).meta({ phi: true }),
  excluded: z.array(Text),
  consent: z.object({ template: z.string(), version: z.string() }).nullable(),
  /** Digital Links of what was opened; null if nothing was. */
  unit: z.string().nullable(),
  lot: z.string().nullable(),
  /** Commitment to the sealed record. */
  record: z.string().nullable(),
  history: z.array(z.object({ type: z.string(), at: At })),
});

const CaseRow = z.object({
  panelId: z.string(),
  round: z.int(),
  phase: PHASE,
  deadline: At.nullable(),
  committed: z.boolean(),
  revealed: z.boolean(),
  earned: Minor,
  /** What a claim asks for: 1 objective failure, 2 no improvement, 3 goodwill; null for a disputed milestone. */
  asked: z.int().nullable(),
});

const Picture = z.union([
  z.object({ sealed: z.enum(['a', 'b']) }),
  z.object({ mime: z.string(), bytes: z.base64() }),
]);
/** Two pictures to grade, or the answer that holds because none came. */
const Place = z.union([
  z.object({ left: Picture, right: Picture }),
  z.object({ answer: z.int().min(0).max(6) }),
]);

/** How well an assessor sees what is known, and the bound below which it is not drawn. */
export const Calibration = z.object({
  looks: z.int(),
  right: z.int(),
  enough: z.boolean(),
  minLooks: z.int(),
  boundPercent: z.int(),
});

export const disputeApi = {
  readDispute: defineRoute({
    method: 'GET',
    path: '/api/disputes/:id',
    summary: { zh: '查看争议', en: 'A dispute: where it stands, what is next, what it costs' },
    auth: 'public',
    params: Agreement,
    response: { 200: DisputeView },
    errors: ['DISPUTE_UNKNOWN'],
  }),
  endStage: defineRoute({
    method: 'POST',
    path: '/api/disputes/:id/stages',
    summary: { zh: '结束协商或调解，进入下一步', en: 'End talk or mediation and go on' },
    auth: 'public',
    params: Agreement,
    body: z.strictObject({ stage: z.enum(['talk', 'mediation']) }),
    response: { 200: DisputeView },
    errors: ['DISPUTE_UNKNOWN', 'DISPUTE_STAGE_WRONG'],
  }),
  signSplit: defineRoute({
    method: 'POST',
    path: '/api/disputes/:id/splits',
    summary: {
      zh: '签署分配方案；双方一致即执行',
      en: 'Sign a split; once both signed the same one it is done',
    },
    auth: 'public',
    params: Agreement,
    body: z.strictObject({ refund: Minor, signature: Signature }),
    response: { 200: DisputeView },
    errors: [
      'DISPUTE_UNKNOWN',
      'DISPUTE_STAGE_WRONG',
      'DISPUTE_SPLIT_WRONG',
      'CHAIN_REVERTED',
      'CHAIN_UNAVAILABLE',
    ],
  }),
  openSecret: defineRoute({
    method: 'POST',
    path: '/api/disputes/:id/secrets',
    summary: { zh: '打开抽签数字', en: 'Open the number that one sealed for the draw' },
    auth: 'public',
    params: Agreement,
    body: z.strictObject({ secret: Bytes32 }),
    response: { 200: DisputeView },
    errors: [
      'DISPUTE_UNKNOWN',
      'DISPUTE_STAGE_WRONG',
      'DISPUTE_SECRET_WRONG',
      'CHAIN_REVERTED',
      'CHAIN_UNAVAILABLE',
    ],
  }),
  leavePapers: defineRoute({
    method: 'POST',
    path: '/api/disputes/:id/papers',
    summary: { zh: '把加密材料交给一位评估师', en: 'Leave sealed papers for one assessor' },
    auth: 'public',
    params: Agreement,
    bodyLimit: 3_000_000,
    body: z.strictObject({
      assessor: Address,
      /** The key that it is sealed for. */
      sealedFor: z.string().max(2_000),
      sealed: z.string().max(2_900_000),
    }),
    response: { 200: DisputeView },
    errors: ['DISPUTE_UNKNOWN', 'DISPUTE_STAGE_WRONG', 'DISPUTE_NOT_SEATED'],
  }),
  mediations: defineRoute({
    method: 'GET',
    path: '/api/desk/mediations',
    summary: { zh: '待调解的争议', en: 'Disputes that wait for the mediator' },
    auth: 'desk',
    response: { 200: z.object({ disputes: z.array(DisputeView) }) },
    errors: ['DISPUTE_ROLE_WRONG'],
  }),
  propose: defineRoute({
    method: 'POST',
    path: '/api/desk/mediations/:id',
    summary: { zh: '调解员提出分配方案', en: 'The mediator proposes a split' },
    auth: 'desk',
    params: Agreement,
    body: z.strictObject({ refund: Minor }),
    response: { 200: DisputeView },
    errors: ['DISPUTE_UNKNOWN', 'DISPUTE_ROLE_WRONG', 'DISPUTE_STAGE_WRONG', 'DISPUTE_SPLIT_WRONG'],
  }),
  assessorDesk: defineRoute({
    method: 'GET',
    path: '/api/desk/panels',
    summary: { zh: '评估师工作台', en: 'An assessor’s cases, standing and earnings' },
    auth: 'desk',
    response: {
      200: z.object({
        cases: z.array(CaseRow),
        purse: Minor,
        bond: Minor,
        earned: Minor,
        slashed: Minor,
        calibration: Calibration,
        /** When the admission ends; null while there is none. */
        admittedUntil: At.nullable(),
        /** A payment that is on its way into the purse. */
        order: PaymentOrder.nullable(),
        /** Votes that were revealed, and those of them that were counted. */
        votes: z.int(),
        counted: z.int(),
      }),
    },
    errors: ['DISPUTE_ROLE_WRONG'],
  }),
  announceKey: defineRoute({
    method: 'PUT',
    path: '/api/desk/panels/key',
    summary: { zh: '登记接收材料的公钥', en: 'The key to which an assessor’s papers are sealed' },
    auth: 'desk',
    body: z.strictObject({ sealKey: z.string().regex(/^[A-Za-z0-9_-]{1000,2000}$/) }),
    response: { 200: z.object({ done: z.literal(true) }) },
    errors: ['DISPUTE_ROLE_WRONG'],
  }),
  readCase: defineRoute({
    method: 'GET',
    path: '/api/desk/panels/:panel',
    summary: { zh: '案件材料（仅限被抽中的评估师）', en: 'A case’s papers, for a drawn assessor only' },
    auth: 'desk',
    params: z.object({ panel: z.string().regex(/^g?\d{1,18}$/) }),
    response: {
      200: z.object({
        case: CaseRow,
        amount: Minor,
        facts: Facts,
        papers: z.array(z.object({ by: z.enum(['patient', 'clinic']), sealed: z.string() })),
        /** Pictures alone decide here; null where there are none. */
        pictures: z
          .object({
            scale: z.enum(SCALES),
            promisedBy: z.enum(['patient', 'clinic']),
            /** Two pictures that open with this device's key; null while they have not come. */
            sealed: z.string().nullable(),
            places: z.array(Place).length(4),
          })
          .nullable(),
      }),
    },
    errors: ['DISPUTE_NOT_SEATED', 'DISPUTE_PAPERS_CLOSED', 'DISPUTE_ROLE_WRONG'],
  }),
  candidates: defineRoute({
    method: 'GET',
    path: '/api/desk/assessors',
    summary: {
      zh: '可任命的评估师与须标记的机构',
      en: 'Who may be admitted as assessor, and which clinics need tags',
    },
    auth: 'desk',
    response: {
      200: z.object({
        organisations: z.array(
          z.object({
            id: z.uuid(),
            kind: z.enum(['assessor', 'clinic']),
            account: Address,
            /** Salted: equal where city or institution is, and nothing else can be read from them. */
            tags: z.tuple([Bytes32, Bytes32, Bytes32]),
            /** The appointment is valid today. Always true of a clinic. */
            appointed: z.boolean(),
            name: Text,
            /** On the ledger: until when it may be drawn, its purse, and how well it sees; null if never admitted. */
            admitted: z
              .object({ until: At, live: z.boolean(), purse: Minor, calibration: Calibration })
              .nullable(),
          }),
        ),
      }),
    },
    errors: ['DISPUTE_ROLE_WRONG'],
  }),
  knownPairs: defineRoute({
    method: 'GET',
    path: '/api/desk/known-pairs',
    summary: { zh: '标准对照片的数量', en: 'How many known pairs of pictures there are' },
    auth: 'desk',
    response: { 200: z.object({ better: z.int(), same: z.int() }) },
    errors: ['DISPUTE_ROLE_WRONG'],
  }),
  addKnownPair: defineRoute({
    method: 'POST',
    path: '/api/desk/known-pairs',
    summary: {
      zh: '加入一对答案已知的照片，用来校准评估师',
      en: 'Add a pair of pictures whose answer is known, to calibrate assessors',
    },
    auth: 'desk',
    bodyLimit: 1_800_000,
    body: z.strictObject({
      kind: z.enum(['better', 'same']),
      first: z.base64().max(810_000),
      second: z.base64().max(810_000),
    }),
    response: { 200: z.object({ better: z.int(), same: z.int() }) },
    errors: ['DISPUTE_ROLE_WRONG', 'KNOWN_PAIR_WRONG'],
  }),
  orderDeposit: defineRoute({
    method: 'POST',
    path: '/api/desk/deposits',
    summary: { zh: '存入保证金或评估费', en: 'How to pay a bond or a deposit in' },
    auth: 'desk',
    body: z.strictObject({ amount: Minor }),
    response: { 200: PaymentOrder },
    errors: ['DISPUTE_ROLE_WRONG'],
  }),
};
export type DisputeApi = typeof disputeApi;
