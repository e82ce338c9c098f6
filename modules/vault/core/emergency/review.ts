/** The review of one opening: the patient says what it was; misuse goes to the regulator, whose answer is the last word. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export const REVIEW_STATES = ['open', 'right', 'misuse', 'no-finding', 'warned', 'referred'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];
export const VERDICTS = ['right', 'misuse'] as const;
export type Verdict = (typeof VERDICTS)[number];
export const FINDINGS = ['no-finding', 'warned', 'referred'] as const;
export type Finding = (typeof FINDINGS)[number];

const isFinal = (state: ReviewState) => (FINDINGS as readonly string[]).includes(state);

/** The patient may change her mind until the regulator has answered. Throws EMERGENCY_CASE_CLOSED. */
export function afterVerdict(state: ReviewState, said: Verdict): ReviewState {
  if (isFinal(state)) throw new AppError('EMERGENCY_CASE_CLOSED');
  return said;
}

/** Only what the patient calls misuse is the regulator's. The same answer again changes nothing. Throws EMERGENCY_CASE_CLOSED. */
export function afterFinding(state: ReviewState, finding: Finding): ReviewState {
  if (state === 'misuse' || state === finding) return finding;
  throw new AppError('EMERGENCY_CASE_CLOSED');
}
