/** An objection to a check's result: where it stands, how it ended, and what its deposit becomes. */
import { defineErrors } from '@zhenmei/kernel';
import { challengeDeposit, prize } from './verification-math.ts';
import type { CheckPhase } from './verification-moves.ts';

defineErrors({
  CHECK_CONTEST_CLOSED: {
    status: 409,
    retryable: false,
    zh: '公示期已经过了，或者已有人提出异议，不能再提。已付的押金可以在本页取回。',
    en: 'The time for objections is over, or somebody else has objected. A deposit already paid can be taken back on this page.',
  },
  CHECK_CONTEST_WRONG: {
    status: 403,
    retryable: false,
    zh: '这份异议不是由这台设备签的，没有保存。请打开您的账户，再试一次。',
    en: 'This objection was not signed by this device’s key and was not kept. Open your account and try again.',
  },
});

export const CONTEST_STAGES = ['open', 'drawing', 'comparing', 'won', 'lost', 'undecided', 'closed'] as const;
/** `open`: nobody has objected yet; `closed`: nobody did. */
export type ContestStage = (typeof CONTEST_STAGES)[number];

export interface ContestFacts {
  readonly phase: CheckPhase;
  readonly contested: boolean;
  /** The time for objections is over. */
  readonly late: boolean;
  /** The jury's answers that were opened: whether each accepts. */
  readonly jury: readonly boolean[];
  /** Verifiers before the jury lost their bond. */
  readonly overruled: boolean;
}

/** Two of three decide; a check that failed after that does not undo who was right. */
export function contestStage({ phase, contested, late, jury, overruled }: ContestFacts): ContestStage {
  if (!contested) return phase === 'challengeable' && !late ? 'open' : 'closed';
  if (phase === 'challenged') return 'drawing';
  if (phase === 'answering' || phase === 'revealing') return 'comparing';
  const accepts = jury.filter((one) => one).length;
  if (accepts < 2 && jury.length - accepts < 2) return 'undecided';
  return overruled ? 'won' : 'lost';
}

/** What whoever objected gets. @param jurors of three, how many answered */
export function contestDue(stage: ContestStage, pay: bigint, jurors: number): bigint {
  if (stage === 'won') return challengeDeposit(pay) + prize(pay, jurors);
  return stage === 'undecided' ? challengeDeposit(pay) : 0n;
}

/** What an objection's key signs, so that nobody leaves one in its name. */
export const contestWords = (task: string, text: string): string => `zhenmei/contest/${task}\n${text}`;
