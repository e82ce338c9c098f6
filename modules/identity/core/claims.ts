/** What a certificate says in the claims of its format (SD-JWT VC §2.2.2, RFC 7519 §4.1, RFC 7800 §3.1). */
import { AppError, type Json, toBase64Url } from '@zhenmei/kernel';
import './errors.ts';
import { type PublicJwk, parseJwk, thumbprint } from './jwk.ts';
import type { JsonObject } from './jws.ts';
import { isTime } from './sd-jwt.ts';

/** Seconds by which clocks may differ. */
export const SKEW = 60;

export interface Stated {
  readonly iss: string;
  readonly vct: string;
  readonly issuedAt: number;
}

/** Throws CREDENTIAL_TYPE_MISSING, CREDENTIAL_TYPE_OTHER, CREDENTIAL_ISSUER_MISSING, CREDENTIAL_TIME, CREDENTIAL_FORM, CREDENTIAL_INTEGRITY. */
export function whatItSays(claims: JsonObject, type?: string): Stated {
  const { iss, vct, iat } = claims;
  if (typeof vct !== 'string' || vct === '') throw new AppError('CREDENTIAL_TYPE_MISSING');
  if (type !== undefined && vct !== type)
    throw new AppError('CREDENTIAL_TYPE_OTHER', { type: vct.slice(0, 120) });
  if (typeof iss !== 'string' || iss === '') throw new AppError('CREDENTIAL_ISSUER_MISSING');
  if (!isTime(iat)) throw new AppError('CREDENTIAL_TIME', { name: 'iat' });
  for (const name of ['nbf', 'exp'])
    if (name in claims && !isTime(claims[name])) throw new AppError('CREDENTIAL_TIME', { name });
  for (const name of ['sub', 'jti'])
    if (name in claims && (typeof claims[name] !== 'string' || claims[name] === ''))
      throw new AppError('CREDENTIAL_FORM', { name });
  if ('vct#integrity' in claims) mustBeIntegrity(claims['vct#integrity']);
  return { iss, vct, issuedAt: iat };
}

/** Characters of a digest in base64, by its algorithm (W3C Subresource Integrity). */
const DIGESTS: Readonly<Record<string, RegExp>> = {
  sha256: /^[A-Za-z0-9+/]{43}=$/,
  sha384: /^[A-Za-z0-9+/]{64}$/,
  sha512: /^[A-Za-z0-9+/]{86}==$/,
};

/** One or more digests with their algorithms, apart by spaces. */
function mustBeIntegrity(value: Json | undefined): void {
  const parts = typeof value === 'string' ? value.split(' ') : [];
  const fits = (part: string) => {
    const at = part.indexOf('-');
    const algorithm = part.slice(0, Math.max(0, at));
    return Object.hasOwn(DIGESTS, algorithm) && DIGESTS[algorithm]!.test(part.slice(at + 1));
  };
  if (parts.length === 0 || !parts.every(fits)) throw new AppError('CREDENTIAL_INTEGRITY');
}

/** Throws CREDENTIAL_PERIOD, CREDENTIAL_NOT_YET, CREDENTIAL_EXPIRED. */
export function mustBeInTime(claims: JsonObject, issuedAt: number, at: number): void {
  const { nbf, exp } = claims as { nbf?: number; exp?: number };
  const begins = Math.max(issuedAt, nbf ?? issuedAt);
  if (exp !== undefined && exp <= begins) throw new AppError('CREDENTIAL_PERIOD');
  if (at + SKEW < begins) throw new AppError('CREDENTIAL_NOT_YET');
  if (exp !== undefined && at >= exp) throw new AppError('CREDENTIAL_EXPIRED');
}

/** A certificate made for somebody is only theirs to accept (RFC 7519 §4.1.3). Throws CREDENTIAL_FORM, CREDENTIAL_AUDIENCE. */
export function mustBeForUs({ aud }: JsonObject, us: string | undefined): void {
  if (aud === undefined) return;
  const named = Array.isArray(aud) ? aud : [aud];
  if (named.length === 0 || named.some((one) => typeof one !== 'string' || one === ''))
    throw new AppError('CREDENTIAL_FORM', { name: 'aud' });
  if (us === undefined || !named.includes(us)) throw new AppError('CREDENTIAL_AUDIENCE');
}

/** Ways of naming the holder's key that are not the key itself (RFC 7800 §3.3–3.5, RFC 9449 §6.1). */
const INDIRECT = ['kid', 'jku', 'jwe', 'jkt', 'x5t#S256'];

export type Holder = { readonly key: PublicJwk } | { readonly named: true } | null;

/**
 * Whom the certificate is bound to: a key, a key that is only named, or nobody.
 * Throws CREDENTIAL_HOLDER if the claim is malformed, holds more than one key, or names another key than it holds.
 */
export function holderOf({ cnf }: JsonObject): Holder {
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) throw new AppError('CREDENTIAL_HOLDER');
  if (['jwk', 'jwe', 'jku'].filter((name) => name in cnf).length > 1) throw new AppError('CREDENTIAL_HOLDER');
  for (const name of INDIRECT)
    if (name in cnf && (typeof cnf[name] !== 'string' || cnf[name] === ''))
      throw new AppError('CREDENTIAL_HOLDER');
  if (!('jwk' in cnf)) {
    if (!INDIRECT.some((name) => name in cnf)) throw new AppError('CREDENTIAL_HOLDER');
    return { named: true };
  }
  const key = keyOf(cnf.jwk);
  if ('jkt' in cnf && cnf.jkt !== toBase64Url(thumbprint(key))) throw new AppError('CREDENTIAL_HOLDER');
  return { key };
}

function keyOf(jwk: Json | undefined): PublicJwk {
  try {
    return parseJwk(jwk);
  } catch (cause) {
    throw new AppError('CREDENTIAL_HOLDER', {}, { cause });
  }
}
