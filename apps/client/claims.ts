/** The claims of all five parts, as patient and clinic both compute them from the visit and its secret. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { sessionSecret } from '@zhenmei/care/core/course.ts';
import type { PartName } from '@zhenmei/care/core/receipt.ts';
import { derive, type Hex, toHex0x } from '@zhenmei/kernel';
import { visitValue } from '@zhenmei/vault/core/derive.ts';

/** What the dispensing event carries in place of a person. */
export function eventCommitment(secret: Uint8Array): Hex {
  return toHex0x(derive(secret, 'zhenmei/visit/event'));
}

interface Treatment {
  readonly unit: string;
  readonly lot: string;
  readonly use: number;
  readonly amount: number;
  readonly amountUnit: string;
  /** Number of the session, where there are several. */
  readonly session?: number;
}

/** @param secret of the visit */
export function allClaims(secret: Uint8Array<ArrayBuffer>, view: VisitView): Record<PartName, unknown> {
  const facts = view.facts;
  const treatment = view.treatment as unknown as Treatment | null;
  const session = sessionSecret(secret, treatment?.session ?? 1);
  if (!facts || !treatment || !view.consent || !view.agreementId)
    throw new Error('the visit is not that far yet');
  return {
    licence: {
      region: facts.region,
      procedure: view.service.procedure,
      tag: visitValue.licenceTag(secret),
      doctor: facts.doctorPresentation,
      clinic: facts.clinicPresentation,
      policy: facts.policy,
      product: facts.product,
    },
    product: {
      unit: treatment.unit,
      lot: treatment.lot,
      use: treatment.use,
      opener: visitValue.opener(session, treatment.use),
      eventCommitment: eventCommitment(session),
      amount: treatment.amount,
      amountUnit: treatment.amountUnit,
      region: facts.region,
      route: view.service.procedure.route ?? '',
    },
    consent: {
      agreement: view.agreementId,
      template: view.consent.template,
      version: view.consent.version,
      language: view.consent.language,
      textHash: facts.consent.textHash,
      teachBack: facts.consent.teachBack,
    },
    money: { agreement: view.agreementId },
    review: { group: view.clinic.account, commitment: view.reviewCommitment },
  };
}
