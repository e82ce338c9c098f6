/** Goods-in: what a scan means for this clinic. A pure decision; each answer has one precise reason. */
import { GOODS_IN, type GoodsInReason, type Outcome, type ReasonDetail } from './goods-in-reasons.ts';
import type { StockState } from './stock.ts';

/** What the code on the package was found to be. */
export type ScannedCode =
  | { readonly kind: 'malformed'; readonly detail: { readonly zh: string; readonly en: string } }
  | { readonly kind: 'no-serial' | 'other-code' }
  | { readonly kind: 'container'; readonly container: string }
  | {
      readonly kind: 'unit';
      readonly unit: string;
      readonly gtin: string;
      readonly lot: string | null;
      readonly expiry: string | null;
    };

export interface ArrivalRule {
  readonly rule: string;
  readonly reason: { readonly zh: string; readonly en: string };
  readonly next: { readonly zh: string; readonly en: string };
}

export interface Arrival {
  /** Is the product registered at all? */
  readonly known: boolean;
  /** What this clinic knows of the unit already. */
  readonly state: StockState | null;
  /** What the rules of the region say to taking it in. */
  readonly policy: { readonly outcome: 'allow' | 'ask' | 'refuse'; readonly reasons: readonly ArrivalRule[] };
  /** Reasons of the verdict on the unit, once it is received here. */
  readonly codes: readonly string[];
  /** Was it sent to this clinic? */
  readonly announced: boolean;
  readonly expiry: string | null;
}

export interface Decision extends ReasonDetail {
  readonly outcome: Outcome;
  readonly reason: GoodsInReason;
  /** Rule of the policy pack, if one decided. */
  readonly rule?: string;
}

const answer = (reason: GoodsInReason, more: Omit<Decision, 'outcome' | 'reason'> = {}): Decision => ({
  outcome: GOODS_IN[reason].outcome,
  reason,
  ...more,
});

/** What can be said from the code alone, or null. */
export function decideCode(code: ScannedCode): Decision | null {
  if (code.kind === 'malformed') return answer('code-malformed', { detail: code.detail });
  return code.kind === 'no-serial' || code.kind === 'other-code' ? answer(code.kind) : null;
}

/** Red reasons of the verdict, in order of precedence, and what they mean at the door. */
const REFUSED: readonly (readonly [string, GoodsInReason])[] = [
  ['PROOF_INVALID', 'records-invalid'],
  ['UNKNOWN_SERIAL', 'serial-unknown'],
  ['RECALLED_LOT', 'recalled'],
  ['NOT_APPROVED_FOR_USE', 'not-approved'],
  ['EXPIRED', 'expired'],
  ['ALREADY_USED', 'already-used'],
  ['SITE_NOT_LICENSED', 'site-not-licensed'],
  ['STOLEN_OR_DESTROYED', 'stolen-or-destroyed'],
];
const HELD: readonly (readonly [string, GoodsInReason])[] = [
  ['OPENED_OUTSIDE_CUSTODY', 'not-sent-here'],
  ['DATA_MISMATCH', 'data-mismatch'],
  ['COLD_CHAIN_EXCURSION', 'cold-chain'],
  ['SEEN_ELSEWHERE', 'seen-elsewhere'],
  ['CUSTODY_GAP', 'custody-gap'],
];
const HERE: readonly StockState[] = ['in-stock', 'open', 'quarantined', 'recalled', 'installed'];
const GONE: readonly StockState[] = ['used', 'wasted', 'lost'];
/** Says nothing about the unit itself. */
const HARMLESS = new Set(['CONSISTENT', 'STALE_CHECKPOINT']);

export function decideArrival(arrival: Arrival): Decision {
  const { known, state, policy, codes, announced, expiry } = arrival;
  if (!known) return answer('product-unknown');
  if (state !== null && HERE.includes(state)) return answer('already-received');
  if (state !== null && GONE.includes(state)) return answer('already-gone');
  if (policy.outcome !== 'allow') return byRule(policy);
  const has = (code: string) => codes.includes(code);
  for (const [code, reason] of REFUSED)
    if (has(code)) return answer(reason, reason === 'expired' ? { expiry: expiry ?? '' } : {});
  if (!announced) return answer('not-sent-here');
  for (const [code, reason] of HELD) if (has(code)) return answer(reason);
  // a reason this house does not know is no reason to let it in
  if (codes.length === 0 || codes.some((code) => !HARMLESS.has(code))) return answer('not-checkable');
  return answer('accepted');
}

function byRule({ outcome, reasons }: Arrival['policy']): Decision {
  const first = reasons[0];
  if (!first) return answer('not-checkable');
  const { rule, reason: detail, next } = first;
  return answer(outcome === 'refuse' ? 'rule' : 'not-checkable', { rule, detail, next });
}
