/**
 * The terms of an agreement from its quote, standard and parties. Clinic and server compute them alike;
 * the patient's device computes them again before it signs.
 */
import { canonicalJson, type Hex } from '@zhenmei/kernel';
import { scheduleOf } from './cancellation.ts';
import { planParts } from './plan.ts';
import { type Quote, quoteTotal } from './quote.ts';
import type { ServiceStandard } from './standard.ts';

/** JSON form of the contract's `Terms`: amounts and the review commitment as decimal text. */
export interface TermsJson {
  readonly patient: Hex;
  readonly clinic: Hex;
  readonly token: Hex;
  readonly arbiter: Hex;
  readonly feeTo: Hex;
  readonly payout: Hex;
  readonly standard: Hex;
  readonly quote: Hex;
  readonly review: string;
  readonly openBy: number;
  readonly coolingOff: number;
  readonly arbiterWindow: number;
  readonly feeBps: number;
  readonly defaultSplitBps: number;
  readonly schedule: readonly { readonly before: number; readonly bps: number }[];
  readonly milestones: readonly {
    readonly amount: string;
    readonly dueBy: number;
    readonly window: number;
    readonly performed: boolean;
  }[];
  readonly salt: Hex;
}

export interface TermsInput {
  readonly patient: Hex;
  readonly clinic: Hex;
  readonly payout: Hex;
  readonly reviewCommitment: string;
  readonly quote: Quote;
  readonly quoteHash: Hex;
  readonly salt: Hex;
  readonly standard: ServiceStandard;
  readonly standardHash: Hex;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly coolingOffSeconds: number;
  readonly frame: TermsFrame;
}

/** What the contracts and the region say of an agreement's terms. */
export interface TermsFrame {
  readonly token: Hex;
  readonly feeTo: Hex;
  readonly arbiter: Hex;
  /** Absent in the closed loop. */
  readonly coin?: {
    /** The coin's smallest units in one minor unit of the price. */
    readonly scale: bigint;
  };
}

/** One milestone for each part of the quote's plan; what is done in the patient's presence needs her signature. Throws PLAN_WRONG, CANCELLATION_WITH_PLAN. */
export function draftTerms(input: TermsInput): TermsJson {
  const { standard, quote } = input;
  const { coin } = input.frame;
  const startsAt = Math.floor(input.startsAt / 1000);
  const parts = planParts({ total: quoteTotal(quote), plan: quote.plan, startsAt, standard });
  return {
    patient: input.patient,
    clinic: input.clinic,
    token: input.frame.token,
    arbiter: input.frame.arbiter,
    feeTo: input.frame.feeTo,
    // in a coin the contract pays addresses alone: what returns, returns to where it was paid from
    payout: coin ? `0x${'0'.repeat(24)}${input.patient.slice(2)}` : input.payout,
    standard: input.standardHash,
    quote: input.quoteHash,
    review: input.reviewCommitment,
    openBy: Math.floor(Date.parse(quote.validUntil) / 1000),
    coolingOff: input.coolingOffSeconds,
    arbiterWindow: standard.arbiterWindow,
    feeBps: standard.feeBps,
    defaultSplitBps: standard.defaultSplitBps,
    schedule: scheduleOf(quote.cancellation, startsAt, parts),
    milestones: parts.map(({ kind, amount, dueBy, window }) => ({
      amount: (coin ? amount * coin.scale : amount).toString(),
      dueBy,
      window,
      performed: kind !== 'deposit',
    })),
    salt: input.salt,
  };
}

/** The first field in which `given` differs from the terms that were expected, or null. */
export function differsFrom(given: unknown, expected: TermsJson): string | null {
  if (typeof given !== 'object' || given === null) return 'terms';
  const left = given as Record<string, unknown>;
  for (const key of Object.keys(left)) if (!(key in expected)) return key;
  for (const [key, value] of Object.entries(expected))
    if (left[key] === undefined || canonicalJson(left[key]) !== canonicalJson(value)) return key;
  return null;
}
