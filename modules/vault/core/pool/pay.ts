/**
 * What a study has to have before it takes answers, and what it may still promise. Amounts are minor units of the
 * plan's currency. A study without a payment needs nothing.
 */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';
import type { StudyPlan } from './study.ts';

type Paying = Pick<StudyPlan, 'k' | 'releases' | 'payment' | 'epsilon' | 'epsilonTotal'>;

/** The most answers that one order may pay for. */
export const MOST_ANSWERS = 10_000_000;

export const priceOf = ({ payment }: Pick<StudyPlan, 'payment'>): bigint => BigInt(payment.minor);
export const pays = (plan: Pick<StudyPlan, 'payment'>): boolean => priceOf(plan) > 0n;

/** Paid in before the first answer is taken: enough for k people in every release. */
export const neededFor = (plan: Paying): bigint =>
  BigInt(plan.k) * BigInt(plan.releases.length) * priceOf(plan);

/** What lies at the custodian for one study. */
export interface Fund {
  /** Paid in; less what the bank has taken back. */
  readonly came: bigint;
  /** Asked for: payments to people. */
  readonly paidOut: bigint;
  /** Asked for: what goes back to the organisation. */
  readonly returned: bigint;
}

/** Answers that the fund stands for already. */
export interface Promised {
  /** Published, and their payment not asked for. */
  readonly earned: number;
  /** Given for a release that is not published. */
  readonly pending: number;
  /** The most that all who take part may still give. */
  readonly toCome: number;
}

export interface Person {
  /** ε in thousandths. */
  readonly spent: number;
  /** For the release that is open. */
  readonly answered: boolean;
}

/** The most answers that somebody may still give. @param now milliseconds since the epoch */
export function mostAnswers(
  { releases, epsilon, epsilonTotal }: Paying,
  { spent, answered }: Person,
  now: number,
): number {
  const open = releases.filter((at) => Date.parse(at) > now).length;
  return Math.max(0, Math.min(open - (answered ? 1 : 0), Math.floor((epsilonTotal - spent) / epsilon)));
}

/** What nobody was promised and has got. */
export function freeOf(plan: Paying, { came, paidOut, returned }: Fund, promised: Promised): bigint {
  const answers = promised.earned + promised.pending + promised.toCome;
  return came - paidOut - returned - BigInt(answers) * priceOf(plan);
}

export const isFunded = (plan: Paying, { came }: Pick<Fund, 'came'>): boolean => came >= neededFor(plan);

/** @param more answers that are to be promised on top */
export const hasRoom = (plan: Paying, fund: Fund, promised: Promised, more: number): boolean =>
  more <= 0 || freeOf(plan, fund, promised) >= BigInt(more) * priceOf(plan);

/** Nothing is promised that is not paid in. Throws POOL_NOT_FUNDED, POOL_FUND_USED. */
export function assertRoom(plan: Paying, fund: Fund, promised: Promised, more: number): void {
  if (!pays(plan)) return;
  if (!isFunded(plan, fund)) throw new AppError('POOL_NOT_FUNDED');
  if (!hasRoom(plan, fund, promised, more)) throw new AppError('POOL_FUND_USED');
}

/** Answers that an order has to pay for at least, so that the study may begin; 1 once it may. */
export function leastAnswers(plan: Paying, { came }: Pick<Fund, 'came'>): number {
  const missing = neededFor(plan) - came;
  return missing <= 0n ? 1 : Number((missing + priceOf(plan) - 1n) / priceOf(plan));
}

/** @param answers that the organisation wants to pay for. Throws POOL_UNPAID, POOL_FUND_SMALL. */
export function orderAmount(plan: Paying, fund: Pick<Fund, 'came'>, answers: number): bigint {
  if (!pays(plan)) throw new AppError('POOL_UNPAID');
  const least = leastAnswers(plan, fund);
  if (answers < least) throw new AppError('POOL_FUND_SMALL', { least });
  return BigInt(answers) * priceOf(plan);
}
