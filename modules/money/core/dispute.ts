/**
 * A dispute's way: talk → mediator → panel, and back to the money. A pure function of what the chain and the parties
 * said, and of the time; each answer names what happens next, by when, and what it costs.
 */
import { DAY, defineErrors } from '@zhenmei/kernel';
import { appealFee, disputeFee, ROUND_TIME } from './panel-math.ts';

export const TALK_TIME = 3 * DAY;
export const MEDIATION_TIME = 5 * DAY;

export type DisputeStage = 'talk' | 'mediation' | 'panel' | 'appeal' | 'settled' | 'undecided';
export type PanelPhase =
  | 'secrets'
  | 'opening'
  | 'voting'
  | 'revealing'
  | 'tallying'
  | 'appealable'
  | 'ruled'
  | 'settled'
  | 'failed';
export type Party = 'patient' | 'clinic';

/** By the number that the contract gives its phases. */
export const PHASES: readonly (PanelPhase | null)[] = [
  null,
  'secrets',
  'opening',
  'voting',
  'revealing',
  'tallying',
  'appealable',
  'ruled',
  'settled',
  'failed',
];

export interface PanelFacts {
  readonly phase: PanelPhase;
  /** 0, or 1 after the one appeal. */
  readonly round: number;
  /** Milliseconds; 0 where nothing is waited for. */
  readonly deadline: number;
  /** Basis points to the patient, as ruled so far; null before. */
  readonly refundBps: number | null;
}

export interface DisputeFacts {
  /** Milliseconds since the epoch, like all times here. */
  readonly disputedAt: number;
  /** When the escrow's time for its arbiter ends. */
  readonly end: number;
  /** The disputed milestone, minor units. */
  readonly amount: bigint;
  /** True while the escrow waits for a ruling or a split. */
  readonly open: boolean;
  readonly talkEndedAt: number | null;
  readonly mediationEndedAt: number | null;
  readonly panel: PanelFacts | null;
}

export interface DisputeStanding {
  readonly stage: DisputeStage;
  /** When the present stage ends by itself; null where nothing is waited for. */
  readonly until: number | null;
  /** When the panel may be called at the latest, so that it can still decide. */
  readonly panelBy: number;
  /** True if the panel may be called now. */
  readonly mayCallPanel: boolean;
  readonly mayAppeal: boolean;
  /** What the loser pays for the panel, minor units. */
  readonly cost: bigint;
  readonly appealCost: bigint;
}

/** Where a dispute stands at `now`. */
export function standingOf(facts: DisputeFacts, now: number): DisputeStanding {
  const talkUntil = Math.min(facts.talkEndedAt ?? facts.disputedAt + TALK_TIME, facts.disputedAt + TALK_TIME);
  const mediationUntil = Math.min(
    facts.mediationEndedAt ?? talkUntil + MEDIATION_TIME,
    talkUntil + MEDIATION_TIME,
  );
  const panelBy = facts.end - ROUND_TIME;
  const cost = disputeFee(facts.amount);
  const base = { panelBy, cost, appealCost: appealFee(cost), mayCallPanel: false, mayAppeal: false };
  const { panel } = facts;
  if (!facts.open || panel?.phase === 'settled') return { ...base, stage: 'settled', until: null };
  if (panel?.phase === 'failed') return { ...base, stage: 'undecided', until: facts.end };
  if (panel) {
    const mayAppeal = panel.phase === 'appealable' && now <= panel.deadline && now <= panelBy;
    return {
      ...base,
      stage: panel.round === 0 ? 'panel' : 'appeal',
      until: panel.deadline === 0 ? null : panel.deadline,
      mayAppeal,
    };
  }
  if (now <= talkUntil && facts.talkEndedAt === null) return { ...base, stage: 'talk', until: talkUntil };
  if (now <= mediationUntil && facts.mediationEndedAt === null)
    return { ...base, stage: 'mediation', until: mediationUntil };
  if (now > panelBy) return { ...base, stage: 'undecided', until: facts.end };
  return { ...base, stage: 'panel', until: panelBy, mayCallPanel: true };
}

/** What a co-signed split of the whole held sum may give back. Throws nothing; false says that it may not be proposed. */
export const splitFits = (refund: bigint, held: bigint): boolean => refund >= 0n && refund <= held;

defineErrors({
  DISPUTE_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这个争议。请从就诊页面重新打开。',
    en: 'There is no such dispute. Open it again from the visit.',
  },
  DISPUTE_STAGE_WRONG: {
    status: 409,
    retryable: false,
    zh: '争议已进入下一步，这一步现在不能做。请刷新页面看下一步。',
    en: 'The dispute has moved on and this step is not open now. Reload the page to see what is next.',
  },
  DISPUTE_SPLIT_WRONG: {
    status: 422,
    retryable: false,
    zh: '这个分配方案不成立：金额超出托管，或签名不符。请重新填写。',
    en: 'This split does not hold: it exceeds what is held, or the signature does not fit. Enter it again.',
  },
  DISPUTE_SECRET_WRONG: {
    status: 422,
    retryable: false,
    zh: '抽签用的数字与之前封存的不一致。请用封存时的设备重试。',
    en: 'The number for the draw is not the one that was sealed. Use the device that sealed it.',
  },
  DISPUTE_NOT_SEATED: {
    status: 403,
    retryable: false,
    zh: '你不在这个评估组里，看不到材料。请回到案件列表。',
    en: 'You do not sit on this panel, so its papers are not shown. Go back to your cases.',
  },
  DISPUTE_PAPERS_CLOSED: {
    status: 410,
    retryable: false,
    zh: '案件已结束，材料已收回。',
    en: 'The case is over and its papers have been withdrawn.',
  },
  DISPUTE_ROLE_WRONG: {
    status: 403,
    retryable: false,
    zh: '这一步不由本机构来做。请换到相应的机构账户。',
    en: 'This step is not for this organisation. Change to the organisation that it belongs to.',
  },
});
