/**
 * A patient under age. The guardian signs for booking, consent and money each on its own, with the key to which the
 * certificate of guardianship was issued; the certificate names the child's key, and the child signs that this visit is
 * its own. On the day the certificate names, the guardian's rights end by themselves.
 */
import { canonicalJson, defineErrors, type Hex, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';

defineErrors({
  GUARDIAN_NOT_PROVEN: {
    status: 403,
    retryable: false,
    zh: '监护人的签字没有得到证实（{code}）。请监护人用登记了监护凭证的手机再签一次。',
    en: 'The guardian’s signature is not proven ({code}). Ask the guardian to sign again on the phone that holds the certificate.',
  },
  GUARDIAN_NEEDED: {
    status: 403,
    retryable: false,
    zh: '患者未成年，这一步还需要监护人签字（{use}）。请让监护人在自己的手机上签。',
    en: 'The patient is under age; a guardian has to sign for this step too ({use}), on their own phone.',
  },
  GUARDIAN_ENDED: {
    status: 403,
    retryable: false,
    zh: '患者已在 {day} 成年，监护人不能再代为决定。请由本人办理。',
    en: 'The patient came of age on {day}; a guardian can no longer decide. The patient has to act.',
  },
});

export const GUARDIAN_AUDIENCE = 'zhenmei:guardian';
export type GuardianUse = 'book' | 'consent' | 'money';

/** Kept with the visit. */
export interface Minor {
  /** Thumbprint of the child's key (RFC 7638). */
  readonly child: string;
  readonly guardian: string;
  /** First day on which the child is of age. */
  readonly until: string;
}

const digest = (text: string) => toBase64Url(sha256(utf8(text)));

/** What the guardian's key signs as the nonce of its showing: one use, with what it is about; or a look at a child's visits. */
export const guardianNonce = (use: GuardianUse | 'view', about: Readonly<Record<string, string>>): string =>
  digest(`zhenmei/guardian/v1\n${canonicalJson({ use, ...about })}`);

/** What the child's key signs: this visit is mine, under this fresh key. */
export const childStatement = (visit: string, address: Hex): Uint8Array<ArrayBuffer> =>
  utf8(`zhenmei/minor/v1\n${canonicalJson({ visit, address })}`);

/** @param at milliseconds since the epoch */
export const isOfAge = ({ until }: Minor, at: number): boolean => at >= Date.parse(`${until}T00:00:00Z`);

/**
 * What the policy is asked with: who is of age needs nobody; who is not has a guardian that signed. Who came of age on
 * the day of a certificate is proven to be of age by it.
 */
export function ageFacts(
  minor: Minor | null,
  at: number,
  shown: boolean,
): { adult: boolean; guardianSigned: boolean; ageProven: boolean } {
  const adult = minor === null || isOfAge(minor, at);
  return { adult, guardianSigned: !adult, ageProven: adult && (shown || minor !== null) };
}
