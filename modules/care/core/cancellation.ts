/**
 * What a clinic keeps of a price if the patient cancels so near to the appointment. It is part of the quote, whose hash
 * is pinned in the terms; both sides compute the same schedule from it. Without one everything comes back.
 */
import { AppError, defineErrors } from '@zhenmei/kernel';
import { z } from 'zod';

defineErrors({
  CANCELLATION_WITH_PLAN: {
    status: 422,
    retryable: false,
    zh: '疗程、定金或复诊留款不能同时有取消规则：疗程没做的部分总是退回，定金已经留住了时间。请去掉其中一样。',
    en: 'A course, a deposit or a share for the follow-up goes with no cancellation rule: what was not done always comes back, and a deposit keeps the time already. Leave one of them out.',
  },
});

const HOUR = 3_600;

/** From so many hours before the appointment on; 0 is the appointment itself. At most what the contract takes. */
const Step = z.strictObject({ hours: z.int().min(0).max(720), bps: z.int().min(100).max(3_000) });

export const Cancellation = z
  .array(Step)
  .min(1)
  .max(4)
  .refine((steps) => steps.every((s, i) => i === 0 || later(steps[i - 1]!, s)), {
    message: 'the nearer the appointment, the larger the share',
  });
export type Cancellation = z.infer<typeof Cancellation>;

const later = (a: z.infer<typeof Step>, b: z.infer<typeof Step>): boolean =>
  b.hours < a.hours && b.bps > a.bps;

/**
 * The schedule of the terms. The contract counts back from the last second of the part, so that the time from the
 * appointment to it is added.
 * @param startsAt seconds since the epoch: the appointment
 * @param parts of the agreement, with the last second of each
 * Throws CANCELLATION_WITH_PLAN: of several parts only the first has an appointment when the agreement is signed.
 */
export function scheduleOf(
  cancellation: Cancellation | undefined,
  startsAt: number,
  parts: readonly { readonly dueBy: number }[],
): { before: number; bps: number }[] {
  if (!cancellation) return [];
  const [only, second] = parts;
  if (!only || second) throw new AppError('CANCELLATION_WITH_PLAN');
  return cancellation.map(({ hours, bps }) => ({ before: only.dueBy - startsAt + hours * HOUR, bps }));
}

/** What a region's rules are asked about: the largest share, and how early anything is kept. */
export const cancellationFacts = (cancellation: Cancellation): Record<string, number> => ({
  'cancellation.bps': Math.max(...cancellation.map(({ bps }) => bps)),
  'cancellation.hours': Math.max(...cancellation.map(({ hours }) => hours)),
});

/** Minor units that are kept of `total` in each step, rounded down as the contract does. */
export const keptOf = (
  total: bigint,
  cancellation: Cancellation,
): readonly { hours: number; kept: bigint }[] =>
  cancellation.map(({ hours, bps }) => ({ hours, kept: (total * BigInt(bps)) / 10_000n }));
