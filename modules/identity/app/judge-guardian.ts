/** A certificate of guardianship as it is shown for one purpose, and the key of the child that it names. */
import { p256 } from '@noble/curves/nist.js';
import { fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import { CREDENTIAL_TYPES, readClaims } from '../core/catalogue.ts';
import { jwkPoint, parseJwk, thumbprint } from '../core/jwk.ts';
import type { IdentityContext } from './context.ts';
import { judgeCredential } from './judge-credential.ts';

export interface GuardianJudged {
  readonly proven: boolean;
  readonly code: string;
  /** Thumbprints (RFC 7638). */
  readonly child: string;
  readonly guardian: string;
  /** First day on which the child is of age. */
  readonly until: string;
}

/** Never throws for what was shown: `code` says why it proves nothing. */
export async function judgeGuardian(
  ctx: IdentityContext,
  presentation: string,
  binding: { readonly audience: string; readonly nonce: string },
): Promise<GuardianJudged> {
  const { verdict, code, type, claims, holder } = await judgeCredential(ctx, presentation, binding);
  const none = { proven: false, child: '', guardian: '', until: '' };
  if (verdict !== 'proven' || !holder || !claims) return { ...none, code };
  if (type !== CREDENTIAL_TYPES.guardianOf) return { ...none, code: 'CREDENTIAL_TYPE_OTHER' };
  const { child, until } = readClaims(type, claims) ?? {};
  if (typeof child !== 'string' || typeof until !== 'string') return { ...none, code: 'CHILD_NOT_SHOWN' };
  return { proven: true, code, child, guardian: toBase64Url(thumbprint(holder)), until };
}

/** Thumbprint of the key that signed a statement with ES256, or null if it did not. */
export function signerOf(key: unknown, signature: string, statement: Uint8Array<ArrayBuffer>): string | null {
  try {
    const jwk = parseJwk(key);
    const options = { prehash: true, lowS: false };
    const valid = p256.verify(fromBase64Url(signature), statement, jwkPoint(jwk), options);
    return valid ? toBase64Url(thumbprint(jwk)) : null;
  } catch {
    return null; // no key, no signature, or bytes that are neither
  }
}
