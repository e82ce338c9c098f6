/** Who may check clinics: asked, admitted, refused, suspended. The ledger says who is admitted; the rest is said here. */
import { AppError, defineErrors } from '@zhenmei/kernel';

defineErrors({
  CHECK_ADMISSION_STATE: {
    status: 409,
    retryable: false,
    zh: '申请的状态已经变了，没有保存。请刷新页面，看看现在可以做什么。',
    en: 'The application has moved on, so nothing was kept. Load the page again to see what can be done now.',
  },
  CHECK_NOT_APPOINTED: {
    status: 409,
    retryable: false,
    zh: '要先持有有效的评估师任命，才能申请核验资格。请联系监管部门。',
    en: 'Only an assessor whose appointment is valid can ask to check clinics. Ask the authority to appoint you first.',
  },
});

export type AdmissionState = 'none' | 'asked' | 'refused' | 'admitted' | 'suspended' | 'ended';

export interface AdmissionNote {
  readonly kind: 'asked' | 'refused' | 'suspended';
  /** The application, or the reason. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How often the ledger's entry had changed when this was said. */
  readonly changes: number;
}

/** The ledger's entry. */
export interface Registered {
  readonly admitted: boolean;
  /** Milliseconds since the epoch; its last second is included. */
  readonly until: number | null;
  /** Admissions and dismissals so far. */
  readonly changes: number;
}

/**
 * Where somebody stands. What was said before the entry changed is over, but for the reason of a suspension, which is
 * said right before the entry ends.
 * @param notes newest first
 * @param now milliseconds since the epoch
 */
export function admissionOf(
  notes: readonly AdmissionNote[],
  registered: Registered | null,
  now: number,
): AdmissionState {
  if (registered?.admitted)
    return now <= (registered.until ?? 0) ? 'admitted' : askedAgain(notes, registered);
  const newest = notes[0];
  if (!newest) return registered ? 'ended' : 'none';
  const changes = registered?.changes ?? 0;
  if (newest.kind === 'suspended') return newest.changes + 1 === changes ? 'suspended' : 'ended';
  return newest.changes === changes ? newest.kind : 'ended';
}

/** An admission that ran out: it can be asked for again, and refused. */
function askedAgain(notes: readonly AdmissionNote[], { changes }: Registered): AdmissionState {
  const newest = notes[0];
  return newest && newest.kind !== 'suspended' && newest.changes === changes ? newest.kind : 'ended';
}

/** Throws CHECK_ADMISSION_STATE: who waits for an answer or has been admitted does not ask. */
export function assertMayAsk(state: AdmissionState): void {
  if (state === 'asked' || state === 'admitted') throw new AppError('CHECK_ADMISSION_STATE');
}

/** Throws CHECK_ADMISSION_STATE: refused is who asks, suspended who is admitted. */
export function assertMayDecide(state: AdmissionState, decision: 'refused' | 'suspended'): void {
  if (state !== (decision === 'refused' ? 'asked' : 'admitted')) throw new AppError('CHECK_ADMISSION_STATE');
}
