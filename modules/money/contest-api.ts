/** The HTTP contract of objections to a check: what anybody reads, and a person's own under its read secret. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PaymentOrder } from './api.ts';
import { CONTEST_STAGES } from './core/contest.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const At = z.iso.datetime();
const Task = z.object({ id: z.string().regex(/^\d{1,20}$/) });
const Grounds = z.string().trim().min(10).max(1000).meta({ phi: true });

export const ContestView = z.object({
  id: z.string(),
  stage: z.enum(CONTEST_STAGES),
  deposit: Minor,
  /** On top of the deposit for whoever is right, if all three answer. */
  reward: Minor,
  /** Until when objections are taken; null if they are not. */
  until: At.nullable(),
  /** Until when the present step takes; null where nothing is waited for. */
  deadline: At.nullable(),
  /** The key that objected, as the ledger has it. */
  by: Address.nullable(),
  /** What whoever objected gets. */
  due: Minor,
});

export const OwnContest = z.object({
  address: Address,
  digest: Bytes32,
  text: Grounds,
  /** Paid in and not put down. */
  units: Minor,
  /** On its way back. */
  credit: Minor,
  order: PaymentOrder.nullable(),
  /** Payments whose money, if it is still there, can be given back. */
  payments: z.array(z.object({ payment: Bytes32, amount: Minor })),
});

export const contestApi = {
  readContests: defineRoute({
    method: 'GET',
    path: '/api/clinics/:id/contests',
    summary: { zh: '对核验结果的异议', en: 'Objections to a clinic’s checks' },
    auth: 'public',
    params: z.object({ id: z.uuid() }),
    response: { 200: z.object({ contests: z.array(ContestView) }) },
    errors: [],
  }),
  leaveContest: defineRoute({
    method: 'POST',
    path: '/api/checks/:id/contest',
    summary: {
      zh: '提出异议：写明理由，取得押金付款单',
      en: 'Object: leave the grounds, get the deposit’s order',
    },
    auth: 'public',
    params: Task,
    body: z.strictObject({
      address: Address,
      text: Grounds,
      signature: z.string().regex(/^0x[0-9a-f]{130}$/) as z.ZodType<`0x${string}`>,
    }),
    response: { 200: OwnContest },
    errors: ['CHECK_UNKNOWN', 'CHECK_CONTEST_CLOSED', 'CHECK_CONTEST_WRONG'],
    perMinute: 20,
  }),
  readOwnContest: defineRoute({
    method: 'GET',
    path: '/api/checks/:id/contest',
    summary: { zh: '我的异议', en: 'One’s own objection' },
    auth: 'public',
    params: Task,
    response: { 200: z.object({ own: OwnContest.nullable() }) },
    errors: [],
  }),
};
export type ContestApi = typeof contestApi;
