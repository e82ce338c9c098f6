/** What travels inside a paper, against its own signatures: terms, consent, patient, clinic. No network, no chain. */
import { consentTextHash, teachBack } from '@zhenmei/care/core/consent.ts';
import { quoteTotal } from '@zhenmei/care/core/quote.ts';
import { AgreeData, OfferData } from '@zhenmei/care/core/step-data.ts';
import { stepHash, type VisitStep, verifyDevice, verifyPatient } from '@zhenmei/care/core/steps.ts';
import { agreementId, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AppError, canonicalJson, fromHex, fromUtf8, strictJson } from '@zhenmei/kernel';
import { AgreementFile, scaleOfFile } from '@zhenmei/server/api/agreement-paper.ts';
import type { z } from 'zod';
import { accountKeys } from './account.ts';

/** Canonical, whole, and of the one form. Throws PAPER_FILE_WRONG. */
export function readAgreementFile(bytes: Uint8Array): AgreementFile {
  let text: string;
  let json: unknown;
  try {
    text = fromUtf8(bytes);
    json = strictJson(text);
  } catch (cause) {
    throw new AppError('PAPER_FILE_WRONG', { what: 'JSON' }, { cause });
  }
  const read = AgreementFile.safeParse(json);
  if (!read.success)
    throw new AppError('PAPER_FILE_WRONG', { what: `/${read.error.issues[0]!.path.join('/')}` });
  if (canonicalJson(read.data) !== text) throw new AppError('PAPER_FILE_WRONG', { what: 'canonical' });
  return read.data;
}

interface Steps {
  readonly offer: AgreementFile['steps'][number];
  readonly agree: AgreementFile['steps'][number];
  readonly offered: z.infer<typeof OfferData>;
  readonly agreed: z.infer<typeof AgreeData>;
}

/** What a gate reported may stand between the two; then its step, which nobody prints, is what the second names. */
const follows = (offer: VisitStep, agree: VisitStep): boolean =>
  agree.sequence === offer.sequence + 1
    ? agree.previous === stepHash(offer)
    : agree.sequence > offer.sequence + 1;

/** Offer and agreement, in this order, of one visit and about this agreement. Throws PAPER_STEPS_WRONG. */
export function stepsOf({ steps, agreementId: id }: AgreementFile): Steps {
  const [offer, agree, ...others] = steps;
  const offered = OfferData.safeParse(offer?.step.data);
  const agreed = AgreeData.safeParse(agree?.step.data);
  const fits =
    offer?.step.type === 'offer' &&
    agree?.step.type === 'agree' &&
    others.length === 0 &&
    offer.step.visit === agree.step.visit &&
    follows(offer.step, agree.step) &&
    offered.success &&
    agreed.success &&
    offered.data.agreement === id &&
    agreed.data.agreement === id;
  if (!fits) throw new AppError('PAPER_STEPS_WRONG');
  return { offer, agree, offered: offered.data, agreed: agreed.data };
}

/** Throws PAPER_TERMS_DIFFER, PAPER_TOTAL_DIFFERS, PAPER_CONSENT_DIFFERS, PAPER_STEPS_WRONG. */
export function checkAgreement(file: AgreementFile): null {
  const { terms, quote, template, language, textHash } = file;
  if (agreementId(termsFromJson(terms)) !== file.agreementId) throw new AppError('PAPER_TERMS_DIFFER');
  const { offered, agreed } = stepsOf(file);
  if (offered.quote !== terms.quote || (file.coin && file.coin.token !== terms.token))
    throw new AppError('PAPER_TERMS_DIFFER');
  const total = terms.milestones.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  if (quoteTotal(quote) * scaleOfFile(file) !== total) throw new AppError('PAPER_TOTAL_DIFFERS');
  const answers = template.questions.map(({ answer }) => answer);
  const same =
    [offered, agreed].every((one) => one.template === template.id && one.version === template.version) &&
    offered.textHashZh === consentTextHash(template, 'zh-CN') &&
    offered.textHashEn === consentTextHash(template, 'en') &&
    agreed.language === language &&
    agreed.textHash === textHash &&
    textHash === consentTextHash(template, language) &&
    agreed.teachBack === teachBack(template, answers);
  if (!same) throw new AppError('PAPER_CONSENT_DIFFERS');
  return null;
}

function guard(code: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new AppError(code, {}, { cause });
  }
}

/** Throws PAPER_PATIENT_WRONG, PAPER_STEPS_WRONG. */
export function checkPatient(file: AgreementFile): null {
  const { agree } = stepsOf(file);
  if (file.keys.patient !== file.terms.patient) throw new AppError('PAPER_PATIENT_WRONG');
  guard('PAPER_PATIENT_WRONG', () =>
    verifyPatient(agree.step, agree.signatures.patient ?? '0x', file.keys.patient),
  );
  // a signature that nobody checks has no place here
  if (agree.signatures.clinic !== undefined) throw new AppError('PAPER_STEPS_WRONG');
  return null;
}

/** @returns the keys that signed for the clinic's account. Throws PAPER_DEVICE_WRONG, PAPER_ACCOUNT_WRONG, PAPER_STEPS_WRONG. */
export function checkClinic(file: AgreementFile): { accountKeys: string } {
  const { offer } = stepsOf(file);
  if (offer.signatures.patient !== undefined) throw new AppError('PAPER_STEPS_WRONG');
  guard('PAPER_DEVICE_WRONG', () =>
    verifyDevice(offer.step, offer.signatures.clinic ?? '0x', fromHex(file.keys.clinic)),
  );
  const { chain, terms, agreementId: agreement, offerSignature: signature } = file;
  const keys = accountKeys({ chain, account: terms.clinic, agreement, signature });
  if (!keys) throw new AppError('PAPER_ACCOUNT_WRONG');
  return { accountKeys: keys.join(' ') };
}
