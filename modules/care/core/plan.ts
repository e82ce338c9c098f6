/**
 * What a price is divided into: sessions of a course, a deposit before them, a share held back until a follow-up. The
 * plan is part of the quote, whose hash is pinned in the terms; both sides compute the same parts from it.
 */
import { AppError, defineErrors } from '@zhenmei/kernel';
import { z } from 'zod';

defineErrors({
  PLAN_WRONG: {
    status: 422,
    retryable: false,
    zh: '这样分期不成立（{why}）：每一期都要有金额，全部疗程要在两年之内。请改总价、次数或间隔。',
    en: 'The price cannot be divided like this ({why}): every part needs an amount, and all of it must be over within two years. Change the price, the sessions or the days between.',
  },
});

const DAY = 86_400;
/** An agreement may last three years; an appointment may lie up to one year ahead. */
const LONGEST = 730 * DAY;

export const Plan = z
  .strictObject({
    /** Sessions of the course; each is paid after it was done. */
    sessions: z.int().min(1).max(10),
    /** Days in which a session falls due, counted from when the one before was paid at the latest. */
    everyDays: z.int().min(1).max(60),
    /** Paid without a treatment once the cooling-off is over and the patient had `windowDays` to object. */
    deposit: z
      .strictObject({ bps: z.int().min(100).max(2_000), windowDays: z.int().min(1).max(14) })
      .optional(),
    /** Paid after a follow-up visit, that many days after the last session at the earliest expected. */
    followUp: z
      .strictObject({ bps: z.int().min(100).max(3_000), afterDays: z.int().min(1).max(180) })
      .optional(),
  })
  .refine(({ sessions, deposit, followUp }) => sessions > 1 || deposit || followUp, {
    path: ['sessions'],
    message: 'one session alone needs no plan',
  });
export type Plan = z.infer<typeof Plan>;

export const PART_KINDS = ['deposit', 'session', 'follow-up'] as const;
export type PartKind = (typeof PART_KINDS)[number];

export interface PlannedPart {
  readonly kind: PartKind;
  /** Number of the session, from 1; 0 for the deposit and the follow-up. */
  readonly n: number;
  /** Minor units. */
  readonly amount: bigint;
  /** Seconds since the epoch: the last second in which the clinic may ask for it. */
  readonly dueBy: number;
  /** Seconds in which the patient may object. */
  readonly window: number;
}

const ONE: Pick<Plan, 'sessions' | 'deposit' | 'followUp'> = { sessions: 1 };

/** Which parts there are, in order. Without a plan: one session. */
export function partKinds(plan: Plan | undefined): readonly Pick<PlannedPart, 'kind' | 'n'>[] {
  const { sessions, deposit, followUp } = plan ?? ONE;
  return [
    ...(deposit ? [{ kind: 'deposit' as const, n: 0 }] : []),
    ...Array.from({ length: sessions }, (_, i) => ({ kind: 'session' as const, n: i + 1 })),
    ...(followUp ? [{ kind: 'follow-up' as const, n: 0 }] : []),
  ];
}

/**
 * The amounts of the parts; they add up to `total` exactly. Deposit, follow-up and every session are rounded down to
 * the minor unit; what rounding leaves goes to the last part, which is held the longest.
 * @param total minor units
 * Throws PLAN_WRONG if a part would be nothing.
 */
export function partAmounts(total: bigint, plan: Plan | undefined): readonly bigint[] {
  const { sessions, deposit, followUp } = plan ?? ONE;
  const share = (bps: number) => (total * BigInt(bps)) / 10_000n;
  const first = deposit ? share(deposit.bps) : 0n;
  const each = (total - first - (followUp ? share(followUp.bps) : 0n)) / BigInt(sessions);
  const amounts = partKinds(plan).map(({ kind }) => (kind === 'deposit' ? first : each));
  const before = amounts.slice(0, -1).reduce((sum, amount) => sum + amount, 0n);
  const all = [...amounts.slice(0, -1), total - before];
  if (plan && all.some((amount) => amount <= 0n)) throw new AppError('PLAN_WRONG', { why: 'amount' });
  return all;
}

export interface PlanInput {
  /** Minor units. */
  readonly total: bigint;
  readonly plan: Plan | undefined;
  /** Seconds since the epoch: the first appointment. */
  readonly startsAt: number;
  /** Seconds: how long after the appointment the first session falls due, and the patient's time to object. */
  readonly standard: { readonly dueAfter: number; readonly acceptanceWindow: number };
}

/**
 * The parts with their dates. A deposit is due by the first appointment; every later part falls due after the one
 * before it could have been paid by silence, as the escrow asks. Throws PLAN_WRONG.
 */
export function planParts({ total, plan, startsAt, standard }: PlanInput): readonly PlannedPart[] {
  const amounts = partAmounts(total, plan);
  const parts: PlannedPart[] = [];
  for (const [i, { kind, n }] of partKinds(plan).entries()) {
    const last = parts.at(-1);
    const paid = last ? last.dueBy + last.window : 0;
    const gap = kind === 'follow-up' ? (plan?.followUp?.afterDays ?? 1) : (plan?.everyDays ?? 1);
    const first = Math.max(startsAt + standard.dueAfter, paid + DAY);
    const session = n === 1 ? first : paid + gap * DAY;
    parts.push({
      kind,
      n,
      amount: amounts[i]!,
      dueBy: kind === 'deposit' ? startsAt : session,
      window: kind === 'deposit' ? (plan?.deposit?.windowDays ?? 1) * DAY : standard.acceptanceWindow,
    });
  }
  if (plan && parts.at(-1)!.dueBy - startsAt > LONGEST) throw new AppError('PLAN_WRONG', { why: 'time' });
  return parts;
}

/** Seconds between the end of the cooling-off and the first appointment: a deposit is claimed and settled in them. */
export const leadSeconds = (plan: Plan | undefined): number =>
  plan?.deposit ? (plan.deposit.windowDays + 1) * DAY : 0;
