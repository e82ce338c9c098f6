/**
 * Strict SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc): reading and presenting. Sizes are bounded before any work
 * is done. Signature, issuer, time and status are judged by `verify-credential.ts`; issuing is in `issue.ts`.
 */
import { AppError, type Json, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { type Disclosure, disclose, pointerStep, readDisclosures } from './disclosure.ts';
import './errors.ts';
import {
  type Es256Signer,
  type JsonObject,
  type Jws,
  type JwsCodes,
  MAX_DEPTH,
  readJws,
  signJws,
} from './jws.ts';

export const LIMITS = { bytes: 65_536, disclosures: 200, depth: MAX_DEPTH } as const;

const part = (name: string) => ({
  encoding: `SDJWT_${name}_ENCODING`,
  text: `SDJWT_${name}_TEXT`,
  json: `SDJWT_${name}_MALFORMED`,
  twice: `SDJWT_${name}_TWICE`,
  deep: 'SDJWT_TOO_DEEP',
});

const TOKEN: JwsCodes = {
  parts: 'SDJWT_PARTS',
  header: part('HEADER'),
  payload: part('PAYLOAD'),
  signature: 'SDJWT_SIGNATURE_ENCODING',
};

const PROOF = {
  encoding: 'KB_ENCODING',
  text: 'KB_TEXT',
  json: 'KB_MALFORMED',
  twice: 'KB_TWICE',
  deep: 'KB_TOO_DEEP',
} as const;

const KEY_BINDING: JwsCodes = {
  parts: 'KB_FORMAT',
  header: PROOF,
  payload: PROOF,
  signature: 'KB_SIGNATURE_ENCODING',
};

export interface SdJwt {
  readonly jws: Jws;
  /** Claims after disclosure; digests removed. Objects have no prototype. */
  readonly claims: JsonObject;
  readonly disclosures: readonly Disclosure[];
  /** Names that were selectively disclosed, at the top level. */
  readonly disclosed: readonly string[];
  readonly keyBinding: Jws | null;
  /** What the key binding's `sd_hash` covers. */
  readonly presented: string;
}

/**
 * Reads a token and checks its form. Nothing is believed yet.
 * @param typ media type expected in the header
 * Throws the SDJWT codes and KB_FORMAT.
 */
export function readSdJwt(token: string, typ = 'dc+sd-jwt'): SdJwt {
  if (token.length > LIMITS.bytes) throw new AppError('SDJWT_TOO_LARGE');
  const parts = token.split('~', LIMITS.disclosures + 3);
  if (parts.length < 2) throw new AppError('SDJWT_NO_TILDE');
  if (parts.length - 2 > LIMITS.disclosures) throw new AppError('SDJWT_TOO_MANY_DISCLOSURES');
  const jws = readJws(parts[0]!, TOKEN);
  checkHeader(jws.header, typ);
  const { payload } = jws;
  if (Object.hasOwn(payload, '_sd_alg') && payload._sd_alg !== 'sha-256')
    throw new AppError('SDJWT_HASH_ALGORITHM');
  const found = readDisclosures(parts.slice(1, -1));
  const claims = disclose(payload, found);
  const disclosures = [...found.values()];
  const last = parts.at(-1)!;
  return {
    jws,
    claims,
    disclosures,
    disclosed: disclosures
      .filter((d) => d.parent === null && d.name !== null && isTop(d))
      .map((d) => d.name!),
    keyBinding: last === '' ? null : readKeyBinding(last),
    presented: `${parts.slice(0, -1).join('~')}~`,
  };
}

const isTop = ({ path }: Disclosure) => path !== null && path.lastIndexOf('/') === 0;

function checkHeader(header: JsonObject, typ: string): void {
  if (header.typ !== typ) throw new AppError('SDJWT_TYPE');
  if (header.alg !== 'ES256') throw new AppError('SDJWT_ALGORITHM');
  if ('crit' in header || 'b64' in header) throw new AppError('SDJWT_CRITICAL');
  // a key or chain that the token brings is never looked at; an address of one asks to be fetched
  if ('jku' in header || 'x5u' in header) throw new AppError('SDJWT_HEADER_KEY');
  if ('kid' in header && typeof header.kid !== 'string') throw new AppError('SDJWT_KEY_ID');
}

function readKeyBinding(text: string): Jws {
  const jws = readJws(text, KEY_BINDING);
  const { header, payload } = jws;
  if (header.typ !== 'kb+jwt') throw new AppError('KB_TYPE');
  if (header.alg !== 'ES256') throw new AppError('KB_ALGORITHM');
  if ('crit' in header || 'b64' in header) throw new AppError('KB_CRITICAL');
  if ('jku' in header || 'x5u' in header) throw new AppError('KB_HEADER_KEY');
  for (const name of ['aud', 'nonce', 'sd_hash'] as const)
    if (typeof payload[name] !== 'string' || payload[name] === '') throw new AppError('KB_CLAIM', { name });
  for (const name of ['iat', 'nbf', 'exp'])
    if ((name === 'iat' || name in payload) && !isTime(payload[name]))
      throw new AppError('KB_CLAIM', { name });
  return jws;
}

/** A NumericDate (RFC 7519 §2) in whole seconds, not before 1970. */
export function isTime(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export interface Binding {
  readonly audience: string;
  readonly nonce: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/**
 * Shows only what is named, and proves possession for one audience and one occasion.
 * @param names claims to show: a name at the top level, or a JSON pointer (`/address/country`, `/departments/0`);
 *   what encloses a named claim is shown with it, what lies hidden inside it is not
 * Throws SDJWT_CLAIM_ABSENT, KB_UNEXPECTED if it was shown already, and the codes of `readSdJwt`.
 */
export async function presentSdJwt(
  token: string,
  names: readonly string[],
  binding: Binding,
  sign: Es256Signer,
): Promise<string> {
  const { disclosures, keyBinding } = readSdJwt(token);
  if (keyBinding) throw new AppError('KB_UNEXPECTED');
  const shown = new Set<Disclosure>();
  for (const name of names) {
    const path = name.startsWith('/') ? name : `/${pointerStep(name)}`;
    let one = disclosures.find((d) => d.path === path) ?? null;
    if (!one) throw new AppError('SDJWT_CLAIM_ABSENT', { name });
    for (; one; one = one.parent) shown.add(one);
  }
  const kept = disclosures.filter((d) => shown.has(d)).map(({ text }) => text);
  const presented = `${[token.slice(0, token.indexOf('~')), ...kept].join('~')}~`;
  const payload = {
    iat: binding.at,
    aud: binding.audience,
    nonce: binding.nonce,
    sd_hash: toBase64Url(sha256(utf8(presented))),
  };
  return presented + (await signJws({ alg: 'ES256', typ: 'kb+jwt' }, payload, sign));
}

/**
 * The certificate without the named claims and without any proof of possession; everything else stays shown.
 * @param names claims at the top level
 */
export function withoutClaims(token: string, names: readonly string[]): string {
  const { disclosures } = readSdJwt(token);
  const hidden = (one: Disclosure): boolean =>
    (isTop(one) && one.name !== null && names.includes(one.name)) ||
    (one.parent !== null && hidden(one.parent));
  const kept = disclosures.filter((one) => !hidden(one)).map(({ text }) => text);
  return `${[token.slice(0, token.indexOf('~')), ...kept].join('~')}~`;
}
