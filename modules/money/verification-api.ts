/** The HTTP contract of paid checks: what anybody reads, a clinic's desk, a verifier's desk, and the operator's. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';
import { CHECK_PHASES } from './core/verification-moves.ts';
import { SOURCES } from './core/verification-papers.ts';
import { Admission } from './verifier-api.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Signature = z.string().regex(/^0x[0-9a-f]{2,8192}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const At = z.iso.datetime();
const Name = z.object({ zh: z.string(), en: z.string() });
const Source = z.enum(SOURCES);
const Phase = z.enum(CHECK_PHASES);
const Task = z.object({ id: z.string().regex(/^\d{1,20}$/) });
const Number_ = z.string().trim().min(2).max(60);
const Done = z.object({ done: z.literal(true) });

export const StatementBody = z.strictObject({
  licence: Number_,
  scope: z.array(Number_).min(1).max(20),
  doctors: z
    .array(Number_.meta({ phi: true }))
    .min(1)
    .max(60),
  devices: z.array(Number_).max(200),
});

const Page = z.strictObject({
  source: Source,
  where: z.string().trim().min(3).max(300),
  said: z.string().trim().min(1).max(500),
});
const Answer = z.strictObject({
  failed: z.int().min(0).max(15),
  checkedOn: z.int().min(0),
  pages: z.array(Page).min(1).max(SOURCES.length),
});

/** `none`: nobody has checked. Nothing here has a place in any list's order. */
export const PublicCheck = z.object({
  state: z.enum(['none', 'running', 'open', 'standing', 'rejected', 'revoked', 'over']),
  checkedOn: At.nullable(),
  verifiers: z.int(),
  sources: z.array(Source),
  /** Sources that did not fit. */
  failed: z.array(Source),
  challengeUntil: At.nullable(),
  challenged: z.boolean(),
  until: At.nullable(),
  accepted: z.boolean().nullable(),
  taskId: z.string().nullable(),
});

export const CheckRow = z.object({
  id: z.string(),
  phase: Phase,
  round: z.int(),
  accepted: z.boolean().nullable(),
  deadline: At.nullable(),
  askedAt: At,
  answered: z.int(),
  seats: z.int(),
});

export const ClinicCheck = z.object({
  pay: Minor,
  fee: Minor,
  deposit: Minor,
  units: Minor,
  /** What can be taken out now. */
  credit: Minor,
  tagged: z.boolean(),
  order: PaymentOrder.nullable(),
  statement: StatementBody.nullable(),
  subject: Bytes32.nullable(),
  task: CheckRow.nullable(),
  check: PublicCheck,
});

export const VerifierTask = CheckRow.extend({
  subject: Bytes32,
  committed: z.boolean(),
  mine: z.boolean().nullable(),
  earned: Minor,
  slashed: Minor,
});

export const VerifierDesk = z.object({
  admitted: z.boolean(),
  suspended: z.boolean(),
  checks: z.int(),
  misses: z.int(),
  bond: Minor,
  lock: Minor,
  pay: Minor,
  tasks: z.array(VerifierTask),
});

export const OperatorChecks = z.object({
  pay: Minor,
  fee: Minor,
  overhead: Minor,
  lost: Minor,
  tasks: z.array(CheckRow.extend({ clinic: Name, fake: z.boolean() })),
  verifiers: z.array(
    z.object({
      name: Name,
      account: Address,
      checks: z.int(),
      misses: z.int(),
      suspended: z.boolean(),
    }),
  ),
  /** Who asked to check clinics and what became of it; the authority decides. */
  admissions: z.array(
    Admission.pick({ state: true, about: true, reason: true, at: true, until: true }).extend({
      account: Address,
      name: Name,
    }),
  ),
  clinics: z.array(z.object({ id: z.string(), name: Name, fake: z.boolean() })),
});

export const verificationApi = {
  readCheck: defineRoute({
    method: 'GET',
    path: '/api/clinics/:id/check',
    summary: { zh: '这家机构是否经过独立核验', en: 'Whether independent verifiers checked this clinic' },
    auth: 'public',
    params: z.object({ id: z.uuid() }),
    response: { 200: PublicCheck },
    errors: [],
  }),
  clinicCheck: defineRoute({
    method: 'GET',
    path: '/api/desk/check',
    summary: { zh: '机构：申请核验', en: 'Clinic: asking for a check' },
    auth: 'desk',
    response: { 200: ClinicCheck },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  leaveStatement: defineRoute({
    method: 'POST',
    path: '/api/desk/check/statement',
    summary: { zh: '机构：说明要核验的内容', en: 'Clinic: what is to be checked' },
    auth: 'desk',
    body: StatementBody,
    response: { 200: z.object({ subject: Bytes32 }) },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  openCheckSecret: defineRoute({
    method: 'POST',
    path: '/api/desk/check/secret',
    summary: { zh: '机构：公开抽签用的随机数', en: 'Clinic: open its number for the draw' },
    auth: 'desk',
    body: z.strictObject({ id: Task.shape.id, secret: Bytes32 }),
    response: { 200: Done },
    errors: ['CHECK_ROLE_WRONG', 'CHECK_UNKNOWN', 'CHAIN_REVERTED'],
  }),
  verifierDesk: defineRoute({
    method: 'GET',
    path: '/api/desk/checks',
    summary: { zh: '核验员：待办与业绩', en: 'Verifier: tasks and standing' },
    auth: 'desk',
    response: { 200: VerifierDesk },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  readTask: defineRoute({
    method: 'GET',
    path: '/api/desk/checks/:id',
    summary: { zh: '核验员：要核对的内容', en: 'Verifier: what is to be compared' },
    auth: 'desk',
    params: Task,
    response: {
      200: z.object({
        task: VerifierTask,
        clinic: Name,
        statement: StatementBody,
        /** Why somebody objected, for the jury alone. */
        grounds: z.string().meta({ phi: true }).nullable(),
      }),
    },
    errors: ['CHECK_ROLE_WRONG', 'CHECK_NOT_DRAWN'],
  }),
  leaveAnswer: defineRoute({
    method: 'POST',
    path: '/api/desk/checks/:id/answer',
    summary: { zh: '核验员：留下签名的答复', en: 'Verifier: leave the signed answer' },
    auth: 'desk',
    params: Task,
    body: z.strictObject({ answer: Answer, salt: Bytes32, signature: Signature }),
    response: { 200: z.object({ commitment: Bytes32 }) },
    errors: ['CHECK_ROLE_WRONG', 'CHECK_NOT_DRAWN', 'CHECK_ANSWER_WRONG'],
  }),
  leaveGrounds: defineRoute({
    method: 'POST',
    path: '/api/desk/checks/:id/grounds',
    summary: { zh: '提出异议的理由', en: 'Grounds of a challenge' },
    auth: 'desk',
    params: Task,
    body: z.strictObject({ text: z.string().trim().min(10).max(1000) }),
    response: { 200: z.object({ digest: Bytes32, deposit: Minor }) },
    errors: ['CHECK_UNKNOWN', 'CHECK_CONTEST_CLOSED'],
  }),
  orderCheckMoney: defineRoute({
    method: 'POST',
    path: '/api/desk/check/orders',
    summary: { zh: '付核验费或押金', en: 'Pay a fee or a deposit in' },
    auth: 'desk',
    /** `contested`: the check whose result it is to contest; money is then taken no longer than objections are. */
    body: z.strictObject({ amount: Minor, contested: Task.shape.id.optional() }),
    response: { 200: PaymentOrder },
    errors: ['CHECK_ROLE_WRONG', 'CHECK_UNKNOWN', 'CHECK_CONTEST_CLOSED'],
  }),
  readUnused: defineRoute({
    method: 'GET',
    path: '/api/desk/check/unused',
    summary: { zh: '已付未用、可以退回的款项', en: 'What was paid in, not used, and can go back' },
    auth: 'desk',
    response: {
      200: z.object({ units: Minor, payments: z.array(z.object({ payment: Bytes32, amount: Minor })) }),
    },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  standingChecks: defineRoute({
    method: 'GET',
    path: '/api/desk/standing-checks',
    summary: { zh: '监管：有效的核验', en: 'Authority: checks that stand' },
    auth: 'desk',
    response: {
      200: z.object({
        checks: z.array(
          z.object({
            id: z.string(),
            organisationId: z.string().nullable(),
            clinic: Name,
            checkedOn: At.nullable(),
            sources: z.array(Source),
            until: At.nullable(),
          }),
        ),
      }),
    },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  operatorChecks: defineRoute({
    method: 'GET',
    path: '/api/operator/checks',
    summary: { zh: '运营方：核验费与抽查', en: 'Operator: the fee of checks, and seeded fakes' },
    auth: 'operator',
    response: { 200: OperatorChecks },
    errors: [],
  }),
  setCheckPay: defineRoute({
    method: 'POST',
    path: '/api/operator/checks/pay',
    summary: { zh: '运营方：设定核验员报酬', en: 'Operator: what a verifier gets' },
    auth: 'operator',
    body: z.strictObject({ pay: Minor }),
    response: { 200: Done },
    errors: ['CHECK_PAY_BOUNDS'],
  }),
  setFake: defineRoute({
    method: 'POST',
    path: '/api/operator/checks/fakes',
    summary: { zh: '运营方：标记抽查用的虚构机构', en: 'Operator: mark a made-up clinic' },
    auth: 'operator',
    body: z.strictObject({ organisationId: z.uuid(), fake: z.boolean() }),
    response: { 200: Done },
    errors: ['CHECK_UNKNOWN'],
  }),
};
export type VerificationApi = typeof verificationApi;
