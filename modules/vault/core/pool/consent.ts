/** What a person signs when she agrees to a study; the receipt itself stays in her vault. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { AppError, canonicalJson, fromBase64Url, toBase64Url, utf8 } from '@zhenmei/kernel';
import '../consent/errors.ts';
import type { Grant } from '../grants/grant.ts';

export interface StudyConsent {
  readonly study: string;
  /** Hash of the receipt. */
  readonly receipt: string;
  /** Her name towards the organisation; her name in the study is another. */
  readonly subject: string;
  readonly notice: Grant['notice'];
}

const bytes = (consent: StudyConsent) => utf8(`zhenmei/pool/consent/v1\n${canonicalJson({ ...consent })}`);

/** @param secret Ed25519 seed of the consent's `subject` */
export const signConsent = (consent: StudyConsent, secret: Uint8Array): string =>
  toBase64Url(ed25519.sign(bytes(consent), secret));

/** Throws RECEIPT_SIGNATURE_WRONG. */
export function assertConsentSigned(consent: StudyConsent, signature: string): void {
  let valid = false;
  try {
    const key = fromBase64Url(consent.subject);
    valid = ed25519.verify(fromBase64Url(signature), bytes(consent), key, { zip215: false });
  } catch (cause) {
    throw new AppError('RECEIPT_SIGNATURE_WRONG', { side: 'principal' }, { cause });
  }
  if (!valid) throw new AppError('RECEIPT_SIGNATURE_WRONG', { side: 'principal' });
}
