/** What the claim of a part points to in which nothing is sealed: a deposit, a follow-up. It says nothing to others. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { claimEvidence } from '@zhenmei/care/core/receipt.ts';
import { AppError, type Hex } from '@zhenmei/kernel';

/** Both sides compute it alike from the visit's secret and its agreement. */
export function partEvidence(secret: Uint8Array, view: VisitView): Hex {
  if (!view.agreementId || !view.parts) throw new AppError('STEP_NOT_ALLOWED');
  return claimEvidence(secret, view.parts.present, view.agreementId).evidence;
}
