/** The HTTP contract of who checks clinics: asking to be admitted, the authority's answer, and a verifier's money. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const At = z.iso.datetime();
const Name = z.object({ zh: z.string(), en: z.string() });
const Done = z.object({ done: z.literal(true) });
const Words = z.string().trim().min(10).max(1000).meta({ phi: true });

export const Admission = z.object({
  state: z.enum(['none', 'asked', 'refused', 'admitted', 'suspended', 'ended']),
  /** What the verifier wrote about itself. */
  about: Words.nullable(),
  /** Of a refusal or a suspension. */
  reason: Words.nullable(),
  /** When it asked, or was refused or suspended. */
  at: At.nullable(),
  /** The admission's last day. */
  until: At.nullable(),
  /** Answered too many seeded fakes wrongly: it is not drawn, whoever admits it. */
  missed: z.boolean(),
  checks: z.int(),
  misses: z.int(),
});

const Part = z.object({ id: z.string(), amount: Minor });

export const VerifierPurse = z.object({
  admission: Admission,
  /** The appointment as assessor is valid today. */
  appointed: z.boolean(),
  /** What one seat locks. */
  lock: Minor,
  free: Minor,
  /** Paid in, but not part of the bond yet. */
  units: Minor,
  /** What can be taken out now. */
  credit: Minor,
  /** By check. */
  locked: z.array(Part),
  /** Second halves of pay, each with its day. */
  waiting: z.array(Part.extend({ at: At.nullable() })),
  earned: Minor,
  slashed: Minor,
  order: PaymentOrder.nullable(),
});

export const verifierApi = {
  readPurse: defineRoute({
    method: 'GET',
    path: '/api/desk/check-purse',
    summary: { zh: '核验员：资格与保证金', en: 'Verifier: admission and money' },
    auth: 'desk',
    response: { 200: VerifierPurse },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  askAdmission: defineRoute({
    method: 'POST',
    path: '/api/desk/check-admission',
    summary: { zh: '申请成为核验员', en: 'Ask to check clinics' },
    auth: 'desk',
    body: z.strictObject({ about: Words }),
    response: { 200: Done },
    errors: ['CHECK_ROLE_WRONG', 'CHECK_NOT_APPOINTED', 'CHECK_ADMISSION_STATE'],
  }),
  admissions: defineRoute({
    method: 'GET',
    path: '/api/desk/check-admissions',
    summary: { zh: '监管：核验员的申请与资格', en: 'Authority: who asked to check clinics, and who may' },
    auth: 'desk',
    response: {
      200: z.object({
        verifiers: z.array(
          Admission.extend({
            account: Address,
            name: Name,
            appointed: z.boolean(),
            /** Salted: equal where city or institution is, and nothing else can be read from them. */
            tags: z.tuple([Bytes32, Bytes32, Bytes32]),
          }),
        ),
      }),
    },
    errors: ['CHECK_ROLE_WRONG'],
  }),
  decideAdmission: defineRoute({
    method: 'POST',
    path: '/api/desk/check-admissions/:account',
    summary: { zh: '监管：拒绝申请，或写明暂停的原因', en: 'Authority: refuse, or say why it suspends' },
    auth: 'desk',
    params: z.object({ account: Address }),
    body: z.strictObject({ decision: z.enum(['refused', 'suspended']), reason: Words }),
    response: { 200: Done },
    errors: ['CHECK_ROLE_WRONG', 'CHECK_UNKNOWN', 'CHECK_ADMISSION_STATE'],
  }),
};
export type VerifierApi = typeof verifierApi;
