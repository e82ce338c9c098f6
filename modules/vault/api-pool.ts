/** Routes of the data pool: studies, agreeing to one, answers that come without an account, and their payment. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';
import { Grant } from './core/grants/grant.ts';
import { MOST_ANSWERS } from './core/pool/pay.ts';
import { StudyPlan } from './core/pool/study.ts';

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const Id = z.object({ id: z.uuid() });
const Text = z.object({ zh: z.string(), en: z.string() });
/** Share and standard error in thousandths of the people who answered. */
const Numbers = z.array(z.object({ share: z.int(), error: z.int() }).nullable());
const Study = z.object({
  plan: StudyPlan,
  organisation: z.object({ id: z.uuid(), name: Text, region: z.string() }),
  registeredAt: z.iso.datetime(),
  published: z.array(
    z.object({
      release: z.int().min(0),
      /** 0 where nothing new was published. */
      people: z.int().min(0),
      /** The earlier release that it repeats. */
      repeats: z.int().nullable(),
      /** Null: too few took part. */
      numbers: z.record(z.string(), Numbers.nullable()).nullable(),
      at: z.iso.datetime(),
    }),
  ),
});
export type Study = z.infer<typeof Study>;
const Minor = z.string().regex(/^\d{1,30}$/);
/** An order that pays in for a study. */
const FundOrder = z.object({
  reference: z.string(),
  amount: Minor,
  currency: z.string(),
  state: z.enum(['expected', 'received', 'minted', 'held']),
  payee: Text,
  payBy: z.iso.datetime().nullable(),
  missing: Minor,
});
const DeskStudy = Study.extend({
  /** Null where the study promises nothing. */
  fund: z
    .object({
      /** Before the first answer is taken. */
      needed: Minor,
      /** The fewest answers that the next order may be for. */
      least: z.int().min(1),
      funded: z.boolean(),
      came: Minor,
      returned: Minor,
      /** Null: fewer than k, as are the sums from which they could be counted. */
      people: z.int().nullable(),
      paidOut: Minor.nullable(),
      left: Minor.nullable(),
      /** What went out and is not covered, because the bank took money back. */
      debt: Minor.nullable(),
      order: FundOrder.nullable(),
    })
    .nullable(),
});
export type DeskStudy = z.infer<typeof DeskStudy>;
/** Minor units: published answers, and of these what waits, is on its way, and is paid. */
const Earnings = z.object({ earned: Minor, waiting: Minor, onWay: Minor, paid: Minor });
export type Earnings = z.infer<typeof Earnings>;
const MyStudy = Study.extend({
  /** `none`: pays nothing. `missing`: not enough paid in. `used`: all of it is promised. */
  fund: z.enum(['none', 'missing', 'used', 'ready']),
  mine: z.object({
    state: z.enum(['none', 'joined', 'left']),
    receipt: Hash.nullable(),
    /** The notice has changed since she agreed: no answer is taken before she does so again. */
    changed: z.boolean(),
    /** ε in thousandths. */
    spent: z.int().min(0),
    answered: z.int().min(0),
    pay: Earnings.extend({
      /** Answers whose release is not published yet. */
      pending: z.int().min(0),
      /** Of the last payment that the bank booked. */
      paidAt: z.iso.datetime().nullable(),
      /** She said where to. */
      named: z.boolean(),
      /** Answers from when nothing could be paid; they earn nothing. */
      unpaid: z.int().min(0),
    }),
  }),
});
/** Of all studies together, ε in thousandths: what there is, what is spent, and what is spent or promised to studies. */
const Budget = z.object({ of: z.int(), spent: z.int().min(0), taken: z.int().min(0) });
export type PersonBudget = z.infer<typeof Budget>;
export type MyStudy = z.infer<typeof MyStudy>;

export const poolRoutes = {
  registerStudy: defineRoute({
    method: 'POST',
    path: '/api/vault/pool/studies',
    summary: { zh: '登记一项统计研究', en: 'Register a statistical study' },
    auth: 'desk',
    bodyLimit: 16_000,
    body: StudyPlan,
    response: { 200: Ok },
    errors: ['POOL_NOT_ALLOWED', 'POOL_STUDY_INVALID', 'POOL_STUDY_OTHER'],
  }),
  deskStudies: defineRoute({
    method: 'GET',
    path: '/api/vault/pool/studies',
    summary: { zh: '本机构登记的研究', en: 'Studies that this organisation registered' },
    auth: 'desk',
    response: { 200: z.object({ studies: z.array(DeskStudy) }) },
    errors: ['POOL_NOT_ALLOWED'],
  }),
  fundStudy: defineRoute({
    method: 'POST',
    path: '/api/vault/pool/studies/:id/fund',
    summary: { zh: '为一项研究存入报酬', en: 'Pay in for a study' },
    auth: 'desk',
    bodyLimit: 1_000,
    params: Id,
    body: z.strictObject({ answers: z.int().min(1).max(MOST_ANSWERS) }),
    response: { 200: FundOrder },
    errors: [
      'POOL_NOT_ALLOWED',
      'POOL_STUDY_UNKNOWN',
      'POOL_UNPAID',
      'POOL_NOT_OPEN',
      'POOL_FUND_SMALL',
      'RAIL_MISSING',
    ],
  }),
  namePayees: defineRoute({
    method: 'POST',
    path: '/api/vault/pool/payees',
    summary: { zh: '说明报酬付到哪里', en: 'Say where the money of studies goes' },
    auth: 'patient',
    bodyLimit: 64_000,
    body: z
      .strictObject({
        payees: z
          .array(
            z.strictObject({
              study: z.uuid(),
              /** A payout reference; an account on the ledger is none. */
              payout: z.string().regex(/^0x(?!0{24})[0-9a-f]{64}$/),
            }),
          )
          .min(1)
          .max(200),
      })
      .meta({ phi: true }),
    response: { 200: Ok },
    errors: ['POOL_STUDY_UNKNOWN'],
  }),
  myStudies: defineRoute({
    method: 'GET',
    path: '/api/vault/pool/mine',
    summary: { zh: '可以参加和已参加的研究', en: 'Studies that I can take part in, or do' },
    auth: 'patient',
    response: { 200: z.object({ studies: z.array(MyStudy), budget: Budget, earnings: Earnings }) },
    errors: [],
  }),
  joinStudy: defineRoute({
    method: 'POST',
    path: '/api/vault/pool/studies/:id/consent',
    summary: { zh: '同意参加一项研究', en: 'Agree to take part in one study' },
    auth: 'patient',
    bodyLimit: 4_000,
    params: Id,
    body: z.strictObject({
      receipt: Hash,
      subject: Hash,
      notice: Grant.shape.notice,
      signature: Signature,
    }),
    response: { 200: z.object({ token: Hash }) },
    errors: [
      'POOL_STUDY_UNKNOWN',
      'POOL_NOT_OPEN',
      'POOL_LEFT',
      'POOL_PERSON_BUDGET',
      'POOL_NOT_FUNDED',
      'POOL_FUND_USED',
      'RECEIPT_SIGNATURE_WRONG',
      'VAULT_CLOSING',
      'CONSENT_NOTICE_UNKNOWN',
      'CONSENT_NOTICE_CHANGED',
      'CONSENT_WITHDRAWN',
      'CONSENT_UNKNOWN',
    ],
  }),
  contribute: defineRoute({
    method: 'POST',
    path: '/api/vault/pool/answers',
    summary: {
      zh: '送出加了噪声的回答，不带账号',
      en: 'Send answers that hold noise, without an account',
    },
    auth: 'public',
    bodyLimit: 4_000,
    body: z
      .strictObject({
        study: z.uuid(),
        release: z.int().min(0).max(100),
        answers: z.record(z.string().max(40), z.int().min(0).max(100)),
        pseudonym: Hash,
        token: Hash,
        signature: Signature,
      })
      .meta({ phi: true }),
    response: { 200: Ok },
    errors: [
      'POOL_NOT_YOURS',
      'POOL_STUDY_UNKNOWN',
      'POOL_ANSWER_INVALID',
      'POOL_NOT_OPEN',
      'POOL_ANSWERED',
      'POOL_NOTICE_CHANGED',
      'POOL_BUDGET_SPENT',
      'POOL_NOT_FUNDED',
      'POOL_FUND_USED',
    ],
  }),
};
