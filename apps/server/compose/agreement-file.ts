/** What a visit's two sides signed, as the file that travels inside their paper. */
import type { SignedAgreement } from '@zhenmei/care';
import { AgreementFile } from '../api/agreement-paper.ts';

/** @param absences whether the ledger takes reports of absence */
export function agreementFile(
  signed: SignedAgreement,
  chain: AgreementFile['chain'],
  absences: boolean,
): AgreementFile {
  const { agreementId, terms, offerSignature, keys, quote, template, language, textHash } = signed;
  const { clinic, doctor, procedure, startsAt } = signed;
  return AgreementFile.parse({
    type: 'zhenmei-agreement',
    version: 2,
    agreementId,
    chain,
    terms,
    offerSignature,
    keys,
    quote,
    template,
    language,
    textHash,
    steps: signed.steps.map(({ step, signatures: { clinic: device, patient }, at }) => ({
      step,
      signatures: { ...(device ? { clinic: device } : {}), ...(patient ? { patient } : {}) },
      at,
    })),
    clinic,
    doctor,
    procedure,
    startsAt,
    absences,
  });
}
