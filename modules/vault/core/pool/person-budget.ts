/**
 * What all studies together may cost one person. A study takes its part when she agrees: the most that it can still ask
 * of her. What it then did not ask is free again when it is over, or when she leaves.
 */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';
import type { StudyPlan } from './study.ts';

/** The most that all studies may cost one person, ε in thousandths, for as long as she has her vault. */
export const PERSON_EPSILON = 16_000;

export interface PartTaken {
  readonly plan: Pick<StudyPlan, 'epsilon' | 'epsilonTotal' | 'releases'>;
  /** ε in thousandths. */
  readonly spent: number;
  /** She takes part now; whoever left is asked no more. */
  readonly joined: boolean;
}

/** What a study has cost her and may still cost. @param now milliseconds since the epoch */
export function mayCost({ plan, spent, joined }: PartTaken, now: number): number {
  if (!joined) return spent;
  const left = plan.releases.filter((at) => Date.parse(at) > now).length;
  return Math.max(spent, Math.min(plan.epsilonTotal, spent + left * plan.epsilon));
}

/** @returns what is spent, and what is spent or promised. */
export function personBudget(parts: readonly PartTaken[], now: number) {
  return {
    of: PERSON_EPSILON,
    spent: parts.reduce((sum, { spent }) => sum + spent, 0),
    taken: parts.reduce((sum, part) => sum + mayCost(part, now), 0),
  };
}

/** @param others the studies that she takes or took part in, without this one. Throws POOL_PERSON_BUDGET. */
export function assertPersonBudget(others: readonly PartTaken[], next: PartTaken, now: number): void {
  const { taken, of } = personBudget([...others, { ...next, joined: true }], now);
  if (taken > of) throw new AppError('POOL_PERSON_BUDGET');
}
