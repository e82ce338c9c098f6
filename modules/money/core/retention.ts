/** What leaving an agreement costs: `CareEscrow.retained`, bit for bit, and when that changes. */
import { AppError, defineErrors } from '@zhenmei/kernel';
import type { PlainTerms } from './plain-terms.ts';
import { amount as yuan } from './plain-values.ts';

type Kept = Pick<PlainTerms, 'schedule' | 'milestones'>;

defineErrors({
  CANCEL_COST_CHANGED: {
    status: 409,
    retryable: true,
    zh: '刚过了一个时间点，取消的结果变了：现在退回 {back}，机构留下 {kept}。什么都没有发生，请看清再决定。',
    en: 'A date has just passed and cancelling has another outcome: {back} comes back now and the clinic keeps {kept}. Nothing was done; decide again.',
  },
});

/**
 * What the clinic keeps of milestone `milestone` if the patient cancels at `time`.
 * @param time seconds since the epoch
 * @returns minor units, rounded down: what is rounded away stays with the patient
 */
export function retainedOf(terms: Kept, milestone: number, time: number): bigint {
  const { amount, dueBy } = terms.milestones[milestone]!;
  const left = Math.max(0, dueBy - time);
  const unmet = terms.schedule.findIndex(({ before }) => left >= before);
  const steps = unmet < 0 ? terms.schedule.length : unmet;
  const bps = steps === 0 ? 0 : terms.schedule[steps - 1]!.bps;
  return (BigInt(amount) * BigInt(bps)) / 10_000n;
}

/** Seconds since the epoch: `kept` (minor units) from the second after `after` on. */
export interface Keeping {
  readonly after: number;
  readonly kept: bigint;
}

/** The dates after which the clinic keeps more of a milestone, the earliest first; empty where it keeps nothing. */
export function keepingsOf(terms: Kept, milestone: number): readonly Keeping[] {
  const { amount, dueBy } = terms.milestones[milestone]!;
  // less than nothing is never left
  const steps = terms.schedule.filter(({ before }) => before > 0);
  const all = steps.map(({ before, bps }) => ({
    after: dueBy - before,
    kept: (BigInt(amount) * BigInt(bps)) / 10_000n,
  }));
  return all.filter(({ kept }, i) => kept > (all[i - 1]?.kept ?? 0n));
}

export interface Leaving {
  /** Minor units. */
  readonly back: bigint;
  readonly kept: bigint;
  /** The last second in which it is so; null if nothing changes it any more. */
  readonly until: number | null;
}

/**
 * What comes back if the patient cancels at `time`.
 * @param coolingEndsAt seconds since the epoch: before it everything comes back
 * @param held minor units: everything that has not been paid out
 */
export function leavingAt(
  terms: Kept,
  { milestone, held, coolingEndsAt }: { milestone: number; held: bigint; coolingEndsAt: number },
  time: number,
): Leaving {
  const keptAt = (at: number) => (at < coolingEndsAt ? 0n : retainedOf(terms, milestone, at));
  const kept = keptAt(time);
  const borders = [coolingEndsAt - 1, ...keepingsOf(terms, milestone).map(({ after }) => after)];
  const until = borders.filter((at) => at >= time && keptAt(at + 1) !== kept).sort((a, b) => a - b)[0];
  return { back: held - kept, kept, until: until ?? null };
}

/** Nobody pays more than what the page said. Throws CANCEL_COST_CHANGED. */
export function assertAsShown(shown: Leaving, now: Leaving): void {
  if (shown.kept !== now.kept || shown.back !== now.back)
    throw new AppError('CANCEL_COST_CHANGED', {
      back: yuan.write(now.back.toString()),
      kept: yuan.write(now.kept.toString()),
    });
}
