/** Routes of the data pool: studies, agreeing to one, and answers that come without an account. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';
import { Grant } from './core/grants/grant.ts';
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
const MyStudy = Study.extend({
  mine: z.object({
    state: z.enum(['none', 'joined', 'left']),
    receipt: Hash.nullable(),
    /** ε in thousandths. */
    spent: z.int().min(0),
    answered: z.int().min(0),
    /** Promised and written down; nothing is paid by it. */
    recorded: z.object({ minor: z.string(), currency: z.literal('CNY') }),
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
    response: { 200: z.object({ studies: z.array(Study) }) },
    errors: ['POOL_NOT_ALLOWED'],
  }),
  myStudies: defineRoute({
    method: 'GET',
    path: '/api/vault/pool/mine',
    summary: { zh: '可以参加和已参加的研究', en: 'Studies that I can take part in, or do' },
    auth: 'patient',
    response: { 200: z.object({ studies: z.array(MyStudy), budget: Budget }) },
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
      'POOL_BUDGET_SPENT',
    ],
  }),
};
