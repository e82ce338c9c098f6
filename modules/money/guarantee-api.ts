/** The HTTP contract of the guarantee: what is covered, the clinic's bond, and the guarantee desk. */
import { defineErrors, defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';
import { PROFILES } from './core/guarantee-cover.ts';
import { PLEDGE_STATES } from './core/pledge.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const Seconds = z
  .int()
  .min(0)
  .max(2 ** 40 - 1);
const Text = z.object({ zh: z.string(), en: z.string() });

export const Cover = z.strictObject({
  agreement: Bytes32,
  profile: z.int().min(0).max(2),
  arbiter: Address,
  backer: Address,
  conditions: Bytes32,
  person: Bytes32,
  sum: Minor,
  openBy: Seconds,
  from: Seconds,
  until: Seconds,
  arbiterWindow: Seconds,
  goodwillBps: z.int().min(0).max(10_000),
  silentBps: z.int().min(0).max(10_000),
  salt: Bytes32,
});

export const Bond = z.object({ total: Minor, locked: Minor });

/** One way of standing behind a promise, and whether it may be chosen here. */
export const ProfileView = z.object({
  profile: z.enum(PROFILES),
  /** `not-here`: the region's pack does not allow it; `not-licensed`: it would, and nobody is licensed yet. */
  state: z.enum(['on', 'not-here', 'not-licensed']),
  /** Of the pack's rule, where the region does not allow it. */
  reason: Text.nullable(),
  next: Text.nullable(),
  /** Who is licensed, by name. */
  insurers: z.array(z.object({ account: Address, name: Text })),
});
export type ProfileView = z.infer<typeof ProfileView>;

export const CoverView = z.object({
  id: Bytes32,
  cover: Cover,
  state: z.enum(['offered', 'open', 'claimed', 'settled', 'lapsed']),
  price: Minor,
  /** What each case pays. */
  cases: z.object({ objective: Minor, noImprovement: Minor, goodwill: Minor, silent: Minor }),
  /** True once the agreement is over and the clinic kept something: only then can it be claimed. */
  claimable: z.boolean(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  asked: z.int().nullable(),
  deadline: z.iso.datetime().nullable(),
  ruling: z.int().nullable(),
  silent: z.boolean().nullable(),
  /** Who decides where clinic and patient differ. */
  decider: z.enum(['panel', 'authority']),
  /** Whose money stands for how much of the price, and in which order. */
  backing: z.object({
    profile: z.enum(PROFILES),
    /** The insurer's. */
    name: Text.nullable(),
    /** The clinic's bond pays first, up to this. */
    firstLoss: Minor,
    backed: Minor,
    /** What the insurer said to the clinic's request. */
    answer: z.enum(['asked', 'signed', 'declined']).nullable(),
    /** What the clinic pays for it. */
    premium: Minor.nullable(),
    /** What came from who stands behind the clinic. */
    paid: Minor.nullable(),
  }),
  paidOut: Minor.nullable(),
});
export type CoverView = z.infer<typeof CoverView>;

/** With the agreement's terms, as whoever acts on it needs them. */
export const DeskCover = CoverView.extend({
  clinic: Text,
  terms: z.unknown(),
  /** The insurer's signature, with which the clinic opens the promise. */
  policy: z
    .string()
    .regex(/^0x[0-9a-f]*$/)
    .nullable(),
});
export type DeskCover = z.infer<typeof DeskCover>;

const Experience = z.object({
  covers: z.int(),
  claims: z.int(),
  covered: Minor,
  paid: Minor,
  /** Of the sum covered, in 1/1,000,000: what the price table would say; null without experience. */
  ratePpm: z.int().nullable(),
});

export const guaranteeApi = {
  readCover: defineRoute({
    method: 'GET',
    path: '/api/agreements/:id/guarantee',
    summary: { zh: '查看这份合同的效果保障', en: 'What is promised about the outcome of an agreement' },
    auth: 'public',
    params: z.object({ id: Bytes32 }),
    response: { 200: z.object({ cover: CoverView.nullable() }) },
    errors: [],
  }),
  offerCover: defineRoute({
    method: 'POST',
    path: '/api/desk/guarantees',
    summary: {
      zh: '登记效果保障，随后由机构在账本上开立',
      en: 'Keep a cover before the clinic opens it on the ledger',
    },
    auth: 'desk',
    body: z.strictObject({ cover: Cover }),
    response: { 200: z.object({ id: Bytes32 }) },
    errors: [
      'COVER_NOT_POSSIBLE',
      'COVER_BY_LOAN',
      'COVER_DIFFERS',
      'GUARANTEE_PROFILE_OFF',
      'GUARANTEE_SEAT_WRONG',
    ],
  }),
  readDesk: defineRoute({
    method: 'GET',
    path: '/api/desk/guarantees',
    summary: { zh: '机构的保障金与保障', en: 'A clinic’s bond and covers' },
    auth: 'desk',
    response: {
      200: z.object({
        bond: Bond,
        /** Paid in and not put anywhere yet. */
        units: Minor,
        /** Who decides where clinic and patient differ; null where nobody does yet. */
        arbiter: Address.nullable(),
        /** Who decides where somebody stands behind the clinic; null where nobody does yet. */
        authority: Address.nullable(),
        profiles: z.array(ProfileView),
        covers: z.array(DeskCover),
        experience: Experience,
        order: PaymentOrder.nullable(),
        /** The part of the bond that stands for the clinic's coming, and how many agreements it stands for. */
        pledges: z.object({
          bond: Bond,
          standing: z.int(),
          /** Those that stand, and the newest that ended. */
          list: z.array(z.object({ agreement: Bytes32, sum: Minor, state: z.enum(PLEDGE_STATES) })),
        }),
      }),
    },
    errors: ['GUARANTEE_SEAT_WRONG'],
  }),
  orderBond: defineRoute({
    method: 'POST',
    path: '/api/desk/bond-orders',
    summary: { zh: '获取存入保障金的付款信息', en: 'How to pay into the bond' },
    auth: 'desk',
    body: z.strictObject({ amount: z.string().regex(/^[1-9]\d{2,11}$/) }),
    response: { 200: PaymentOrder },
    errors: ['GUARANTEE_SEAT_WRONG'],
  }),
  readBook: defineRoute({
    method: 'GET',
    path: '/api/desk/guarantee-book',
    summary: { zh: '保障台：全部保障、申请与偿付能力', en: 'The guarantee desk: covers, claims, solvency' },
    auth: 'desk',
    response: {
      200: z.object({
        covers: z.array(DeskCover),
        solvency: z.object({
          bonds: Minor,
          locked: Minor,
          /** What every open cover would pay at most. */
          exposure: Minor,
          claimed: Minor,
          paid: Minor,
          enough: z.boolean(),
        }),
        experience: Experience,
      }),
    },
    errors: ['GUARANTEE_SEAT_WRONG'],
  }),
};
export type GuaranteeApi = typeof guaranteeApi;

defineErrors({
  COVER_BY_LOAN: {
    status: 409,
    retryable: false,
    zh: '这次治疗是分期付款的，赔付会先到出借方，所以不能开立效果保障。请向患者说明；一次付清的治疗可以开立。',
    en: 'This treatment is paid by instalments: a payment would reach the lender, not the patient, so nothing can be promised. Tell the patient; a treatment that is paid at once can have a promise.',
  },
  COVER_NOT_POSSIBLE: {
    status: 409,
    retryable: false,
    zh: '现在不能开立保障：款项须已托管、治疗未开始、且未开立过。请在到诊前操作。',
    en: 'No promise can be opened now: the money must be held, nothing done, and none opened before. Do it before the visit.',
  },
  COVER_DIFFERS: {
    status: 422,
    retryable: false,
    zh: '保障内容与公布的条件不一致（{field}），没有登记。请刷新后重试。',
    en: 'The promise differs from the published conditions ({field}); it was not kept. Reload and try again.',
  },
  GUARANTEE_SEAT_WRONG: {
    status: 403,
    retryable: false,
    zh: '这一页属于另一类机构。请换到相应机构的工作台。',
    en: 'This belongs to another kind of organisation. Change to the desk of such an organisation.',
  },
});
