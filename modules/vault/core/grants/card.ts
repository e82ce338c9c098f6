/**
 * How a patient's device knows that a key is an organisation's: not because the server says so, but because the holder of
 * its licence showed that licence for this very key. Issuers and status lists are judged by whoever composes this.
 */
import { concat, fromBase64Url, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';

export const GRANTEE_AUDIENCE = 'zhenmei:grantee';

/** Nonce of the licence's presentation: the key itself. */
export function granteeNonce(publicKey: string): string {
  return toBase64Url(sha256(concat(utf8('zhenmei/grantee/key/v1\n'), fromBase64Url(publicKey))));
}

export interface GranteeCard {
  readonly publicKey: string;
  readonly presentation: string;
}
