/**
 * Proof of age at a booking: a certificate that says only "this age was reached", shown with the key it is bound to.
 * The proof is for one booking under one fresh key, so that it cannot be shown again for another.
 */
import { canonicalJson, defineErrors, type Hex, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';

defineErrors({
  AGE_NOT_PROVEN: {
    status: 403,
    retryable: false,
    zh: '出示的年龄证明没有通过核验（{code}），没有预约。请在“我的凭证”里重新领取年龄证明后再试。',
    en: 'The certificate of age did not pass the check ({code}); nothing was booked. Take a new one into your wallet and try again.',
  },
});

export const AGE_AUDIENCE = 'zhenmei:age';

export interface AgeAbout {
  readonly visit: string;
  readonly service: string;
  readonly slot: string;
  /** The fresh key under which the visit is booked. */
  readonly address: Hex;
}

/** What the holder's key signs as the nonce of its showing. */
export const ageNonce = ({ visit, service, slot, address }: AgeAbout): string =>
  toBase64Url(sha256(utf8(`zhenmei/age/v1\n${canonicalJson({ visit, service, slot, address })}`)));
