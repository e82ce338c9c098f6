/** What leaving an agreement costs: `CareEscrow.retained`, bit for bit. */
import type { PlainTerms } from './plain-terms.ts';

/**
 * What the clinic keeps of milestone `milestone` if the patient cancels at `time`.
 * @param time seconds since the epoch
 * @returns minor units, rounded down: what is rounded away stays with the patient
 */
export function retainedOf(
  terms: Pick<PlainTerms, 'schedule' | 'milestones'>,
  milestone: number,
  time: number,
): bigint {
  const { amount, dueBy } = terms.milestones[milestone]!;
  const left = Math.max(0, dueBy - time);
  const unmet = terms.schedule.findIndex(({ before }) => left >= before);
  const steps = unmet < 0 ? terms.schedule.length : unmet;
  const bps = steps === 0 ? 0 : terms.schedule[steps - 1]!.bps;
  return (BigInt(amount) * BigInt(bps)) / 10_000n;
}
