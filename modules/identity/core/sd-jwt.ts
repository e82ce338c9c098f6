/**
 * Strict SD-JWT (RFC 9901): every disclosure is referenced exactly once, nothing overwrites anything, sizes are bounded
 * before any work is done. Signature, issuer and time are judged by `verify-credential.ts`.
 */
import {
  AppError,
  fromBase64Url,
  fromUtf8,
  type Json,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import './errors.ts';
import type { PublicJwk } from './jwk.ts';
import { type Es256Signer, type Jws, readJws, signJws } from './jws.ts';

export const LIMITS = { bytes: 65_536, disclosures: 200, depth: 8 } as const;

export interface SdJwt {
  readonly jws: Jws;
  /** Claims after disclosure; digests removed. Objects have no prototype. */
  readonly claims: Readonly<Record<string, Json>>;
  /** Names that were selectively disclosed, at the top level. */
  readonly disclosed: readonly string[];
  readonly keyBinding: Jws | null;
  /** What the key binding's `sd_hash` covers. */
  readonly presented: string;
}

interface Disclosure {
  readonly name: string | null;
  readonly value: Json;
  used: boolean;
}

const RESERVED = new Set(['_sd', '...', '_sd_alg', '__proto__']);
/** RFC 9901 and SD-JWT VC: these must never be selectively disclosed. */
const NEVER_DISCLOSED = new Set(['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', 'aud']);

/** Reads and checks the form of a token. Throws SDJWT_TOO_LARGE, SDJWT_FORMAT and the other SDJWT codes. */
export function readSdJwt(token: string): SdJwt {
  if (token.length > LIMITS.bytes) throw new AppError('SDJWT_TOO_LARGE');
  const parts = token.split('~');
  if (parts.length < 2) throw new AppError('SDJWT_FORMAT', { reason: 'no tilde' });
  if (parts.length - 2 > LIMITS.disclosures) throw new AppError('SDJWT_TOO_LARGE');
  const last = parts.at(-1)!;
  const jws = readJws(parts[0]!, 'SDJWT_FORMAT');
  if (jws.header.typ !== 'dc+sd-jwt') throw new AppError('SDJWT_TYPE');
  if (jws.header.alg !== 'ES256') throw new AppError('SDJWT_ALGORITHM');
  if ('crit' in jws.header || 'b64' in jws.header) throw new AppError('SDJWT_HEADER', { reason: 'crit' });
  if ('_sd_alg' in jws.payload && jws.payload._sd_alg !== 'sha-256')
    throw new AppError('SDJWT_HASH_ALGORITHM');

  const disclosures = readDisclosures(parts.slice(1, -1));
  const seen = new Set<string>();
  const claims = resolve(jws.payload, disclosures, seen, 0) as Record<string, Json>;
  for (const one of disclosures.values()) if (!one.used) throw new AppError('SDJWT_DISCLOSURE_UNUSED');
  const disclosed = Object.keys(claims).filter((name) => !(name in jws.payload));
  for (const name of disclosed)
    if (NEVER_DISCLOSED.has(name)) throw new AppError('SDJWT_CLAIM_RESERVED', { name });
  return {
    jws,
    claims,
    disclosed,
    keyBinding: last === '' ? null : readJws(last, 'KB_PAYLOAD'),
    presented: `${parts.slice(0, -1).join('~')}~`,
  };
}

function readDisclosures(texts: string[]): Map<string, Disclosure> {
  const found = new Map<string, Disclosure>();
  for (const text of texts) {
    if (text === '') throw new AppError('SDJWT_DISCLOSURE', { reason: 'empty' });
    const digest = toBase64Url(sha256(utf8(text)));
    if (found.has(digest)) throw new AppError('SDJWT_DISCLOSURE_TWICE');
    let array: Json;
    try {
      array = strictJson(fromUtf8(fromBase64Url(text)), LIMITS.depth);
    } catch (cause) {
      throw new AppError('SDJWT_DISCLOSURE', { reason: 'encoding' }, { cause });
    }
    if (!Array.isArray(array) || (array.length !== 2 && array.length !== 3))
      throw new AppError('SDJWT_DISCLOSURE', { reason: 'two or three elements' });
    if (typeof array[0] !== 'string') throw new AppError('SDJWT_DISCLOSURE', { reason: 'salt' });
    if (array.length === 2) {
      found.set(digest, { name: null, value: array[1]!, used: false });
      continue;
    }
    if (typeof array[1] !== 'string') throw new AppError('SDJWT_DISCLOSURE', { reason: 'name' });
    if (RESERVED.has(array[1])) throw new AppError('SDJWT_CLAIM_RESERVED', { name: array[1] });
    found.set(digest, { name: array[1], value: array[2]!, used: false });
  }
  return found;
}

function take(
  digest: Json | undefined,
  disclosures: Map<string, Disclosure>,
  seen: Set<string>,
): Disclosure | undefined {
  if (typeof digest !== 'string') throw new AppError('SDJWT_PAYLOAD', { reason: 'digest' });
  if (seen.has(digest)) throw new AppError('SDJWT_DIGEST_TWICE');
  seen.add(digest);
  const found = disclosures.get(digest);
  if (found) found.used = true;
  return found;
}

function resolve(value: Json, disclosures: Map<string, Disclosure>, seen: Set<string>, depth: number): Json {
  if (depth > LIMITS.depth) throw new AppError('SDJWT_TOO_DEEP');
  if (Array.isArray(value)) return value.flatMap((item) => resolveElement(item, disclosures, seen, depth));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, Json> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) {
    if (key === '_sd' || (depth === 0 && key === '_sd_alg')) continue;
    if (key === '...' || key === '_sd_alg') throw new AppError('SDJWT_CLAIM_RESERVED', { name: key });
    out[key] = resolve(inner, disclosures, seen, depth + 1);
  }
  if ('_sd' in value) {
    if (!Array.isArray(value._sd)) throw new AppError('SDJWT_PAYLOAD', { reason: '_sd' });
    for (const digest of value._sd) {
      const found = take(digest, disclosures, seen);
      if (!found) continue;
      if (found.name === null)
        throw new AppError('SDJWT_DISCLOSURE', { reason: 'array element in an object' });
      if (found.name in out) throw new AppError('SDJWT_CLAIM_COLLISION', { name: found.name });
      out[found.name] = resolve(found.value, disclosures, seen, depth + 1);
    }
  }
  return out;
}

function resolveElement(
  item: Json,
  disclosures: Map<string, Disclosure>,
  seen: Set<string>,
  depth: number,
): Json[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || !('...' in item))
    return [resolve(item, disclosures, seen, depth + 1)];
  if (Object.keys(item).length !== 1) throw new AppError('SDJWT_PAYLOAD', { reason: 'array digest' });
  const found = take(item['...'], disclosures, seen);
  if (!found) return [];
  if (found.name !== null) throw new AppError('SDJWT_DISCLOSURE', { reason: 'named claim in an array' });
  return [resolve(found.value, disclosures, seen, depth + 1)];
}

export interface IssueInput {
  readonly issuer: string;
  readonly type: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expires: number;
  readonly holder: PublicJwk;
  readonly status?: { readonly uri: string; readonly index: number };
  /** Shown always. */
  readonly open: Readonly<Record<string, Json>>;
  /** Shown only if the holder discloses them. */
  readonly selective: Readonly<Record<string, Json>>;
  readonly keyId: string;
}

/**
 * Issues a credential with all disclosures.
 * @param salts 16 random bytes for each selective claim
 */
export async function issueSdJwt(
  input: IssueInput,
  salts: readonly Uint8Array[],
  sign: Es256Signer,
): Promise<string> {
  const disclosures = Object.entries(input.selective).map(([name, value], i) => {
    if (RESERVED.has(name) || NEVER_DISCLOSED.has(name)) throw new AppError('SDJWT_CLAIM_RESERVED', { name });
    return toBase64Url(utf8(JSON.stringify([toBase64Url(salts[i]!), name, value])));
  });
  const { kty, crv, x, y } = input.holder;
  const payload = {
    ...input.open,
    iss: input.issuer,
    vct: input.type,
    iat: input.issuedAt,
    nbf: input.issuedAt,
    exp: input.expires,
    cnf: { jwk: { kty, crv, x, y } },
    ...(input.status ? { status: { status_list: { idx: input.status.index, uri: input.status.uri } } } : {}),
    _sd_alg: 'sha-256',
    _sd: disclosures.map((d) => toBase64Url(sha256(utf8(d)))).sort(),
  };
  const jwt = await signJws({ alg: 'ES256', typ: 'dc+sd-jwt', kid: input.keyId }, payload, sign);
  return `${[jwt, ...disclosures].join('~')}~`;
}

export interface Binding {
  readonly audience: string;
  readonly nonce: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** Keeps the disclosures of `names` and proves possession for one audience and one occasion. */
export async function presentSdJwt(
  token: string,
  names: readonly string[],
  binding: Binding,
  sign: Es256Signer,
): Promise<string> {
  const parts = token.split('~');
  const kept = parts.slice(1, -1).filter((text) => {
    const array = strictJson(fromUtf8(fromBase64Url(text)), LIMITS.depth) as Json[];
    return array.length === 3 && names.includes(array[1] as string);
  });
  const presented = `${[parts[0], ...kept].join('~')}~`;
  const payload = {
    iat: binding.at,
    aud: binding.audience,
    nonce: binding.nonce,
    sd_hash: toBase64Url(sha256(utf8(presented))),
  };
  return presented + (await signJws({ alg: 'ES256', typ: 'kb+jwt' }, payload, sign));
}
