/**
 * A claim's way where a panel decides: called → drawn → judged → paid or refused. A pure function of what the chain
 * says and of the time.
 */
import { defineErrors } from '@zhenmei/kernel';
import type { PanelFacts } from './dispute.ts';
import { appealFee, disputeFee, ROUND_TIME, SUBSIDISED } from './panel-math.ts';

export type ClaimStage = 'call' | 'panel' | 'appeal' | 'undecided' | 'settled';

export interface ClaimFacts {
  /** What the claim would pay if all of it is found, minor units. */
  readonly amount: bigint;
  /** Last moment in which a ruling counts; milliseconds since the epoch, like all times here. */
  readonly end: number;
  /** The book waits for a ruling. */
  readonly open: boolean;
  readonly panel: PanelFacts | null;
}

export interface ClaimStanding {
  readonly stage: ClaimStage;
  /** When the present stage ends by itself; null where nothing is waited for. */
  readonly until: number | null;
  /** When the panel may be called at the latest, so that it can still decide. */
  readonly panelBy: number;
  readonly mayCall: boolean;
  readonly mayAppeal: boolean;
  /** What who loses pays for the panel, minor units. */
  readonly cost: bigint;
  readonly appealCost: bigint;
  /** The fund puts the patient's part down. */
  readonly subsidised: boolean;
}

/** Where a claim stands at `now`. */
export function claimStanding({ amount, end, open, panel }: ClaimFacts, now: number): ClaimStanding {
  const cost = disputeFee(amount);
  const panelBy = end - ROUND_TIME;
  const base = {
    panelBy,
    cost,
    appealCost: appealFee(cost),
    subsidised: amount <= SUBSIDISED,
    mayCall: false,
    mayAppeal: false,
  };
  if (!open || panel?.phase === 'settled') return { ...base, stage: 'settled', until: null };
  if (panel?.phase === 'failed' || (!panel && now > panelBy))
    return { ...base, stage: 'undecided', until: end };
  if (!panel) return { ...base, stage: 'call', until: panelBy, mayCall: true };
  return {
    ...base,
    stage: panel.round === 0 ? 'panel' : 'appeal',
    until: panel.deadline === 0 ? null : panel.deadline,
    mayAppeal: panel.phase === 'appealable' && now <= panel.deadline && now <= panelBy,
  };
}

defineErrors({
  CLAIM_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这项申请。请从就诊页面重新打开。',
    en: 'There is no such claim. Open it again from the visit.',
  },
  CLAIM_NOT_BY_PANEL: {
    status: 409,
    retryable: false,
    zh: '这项保障由监管部门裁定，不经评估组。请等待裁定。',
    en: 'The authority decides about this promise, not a panel. Wait for its decision.',
  },
});
