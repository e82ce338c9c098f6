/**
 * Disclosures of an SD-JWT (RFC 9901 §4.2, §7.1): every one is referenced exactly once, none overwrites anything,
 * digests are unique, and what must stay visible is visible.
 */
import { AppError, type Json, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';
import { type JsonObject, MAX_DEPTH, type PartCodes, readJson } from './jws.ts';

/** Names with a meaning of their own in the format, or in the language that reads it. */
export const RESERVED: ReadonlySet<string> = new Set(['_sd', '...', '_sd_alg', '__proto__']);
/** SD-JWT VC §2.2.2.2 and RFC 9901 §9.7: these are never selectively disclosed, nor anything inside them. */
export const ALWAYS_VISIBLE: ReadonlySet<string> = new Set([
  'iss',
  'nbf',
  'exp',
  'aud',
  'cnf',
  'vct',
  'vct#integrity',
  'status',
]);

const DISCLOSURE: PartCodes = {
  encoding: 'SDJWT_DISCLOSURE_ENCODING',
  text: 'SDJWT_DISCLOSURE_TEXT',
  json: 'SDJWT_DISCLOSURE_MALFORMED',
  twice: 'SDJWT_DISCLOSURE_MEMBER_TWICE',
  deep: 'SDJWT_TOO_DEEP',
};

const DIGEST = /^[A-Za-z0-9_-]{43}$/;

export interface Disclosure {
  /** As it stands in the token. */
  readonly text: string;
  /** null: an element of a list. */
  readonly name: string | null;
  readonly value: Json;
  /** JSON pointer (RFC 6901) of the claim it reveals; null until it is referenced. */
  path: string | null;
  /** The disclosure inside which it is referenced. */
  parent: Disclosure | null;
}

/** Digest of a disclosure as it stands in `_sd` and `...`. */
export function digestOf(text: string): string {
  return toBase64Url(sha256(utf8(text)));
}

/** Reads the disclosures of a token, by digest. */
export function readDisclosures(texts: readonly string[]): Map<string, Disclosure> {
  const found = new Map<string, Disclosure>();
  for (const text of texts) {
    if (text === '') throw new AppError('SDJWT_DISCLOSURE_EMPTY');
    const digest = digestOf(text);
    if (found.has(digest)) throw new AppError('SDJWT_DISCLOSURE_TWICE');
    found.set(digest, readDisclosure(text));
  }
  return found;
}

function readDisclosure(text: string): Disclosure {
  const parts = readJson(text, DISCLOSURE);
  if (!Array.isArray(parts) || parts.length < 2 || parts.length > 3)
    throw new AppError('SDJWT_DISCLOSURE_SHAPE');
  const [salt, second, third] = parts as [Json, Json, Json];
  if (typeof salt !== 'string' || salt === '') throw new AppError('SDJWT_DISCLOSURE_SALT');
  if (parts.length === 2) return { text, name: null, value: second, path: null, parent: null };
  if (typeof second !== 'string') throw new AppError('SDJWT_DISCLOSURE_NAME');
  if (RESERVED.has(second)) throw new AppError('SDJWT_CLAIM_RESERVED', { name: second });
  if (!second.isWellFormed()) throw new AppError('SDJWT_VALUE');
  return { text, name: second, value: third, path: null, parent: null };
}

/** The claims behind a payload: digests replaced by what was disclosed or dropped. Marks each disclosure's place. */
export function disclose(payload: JsonObject, disclosures: Map<string, Disclosure>): JsonObject {
  const seen = new Set<string>();
  const take = (digest: Json | undefined): Disclosure | undefined => {
    if (typeof digest !== 'string' || !DIGEST.test(digest)) throw new AppError('SDJWT_DIGEST_FORM');
    if (seen.has(digest)) throw new AppError('SDJWT_DIGEST_TWICE');
    seen.add(digest);
    return disclosures.get(digest);
  };
  const open = (found: Disclosure, path: string, depth: number, parent: Disclosure | null): Json => {
    found.path = path;
    found.parent = parent;
    return walk(found.value, path, depth, found);
  };

  const walk = (value: Json, path: string, depth: number, parent: Disclosure | null): Json => {
    if (depth > MAX_DEPTH) throw new AppError('SDJWT_TOO_DEEP');
    if (Array.isArray(value)) return list(value, path, depth, parent);
    if (typeof value === 'object' && value !== null) return members(value, path, depth, parent);
    if (typeof value === 'number' && !isExact(value)) throw new AppError('SDJWT_NUMBER');
    if (typeof value === 'string' && !value.isWellFormed()) throw new AppError('SDJWT_VALUE');
    return value;
  };

  const list = (items: Json[], path: string, depth: number, parent: Disclosure | null): Json[] => {
    const out: Json[] = [];
    for (const [i, item] of items.entries()) {
      const at = `${path}/${i}`;
      if (typeof item !== 'object' || item === null || Array.isArray(item) || !('...' in item)) {
        out.push(walk(item, at, depth + 1, parent));
        continue;
      }
      if (Object.keys(item).length !== 1) throw new AppError('SDJWT_ARRAY_DIGEST');
      const found = take(item['...']);
      if (!found) continue;
      if (found.name !== null) throw new AppError('SDJWT_DISCLOSURE_PLACE');
      out.push(open(found, at, depth + 1, parent));
    }
    return out;
  };

  const members = (
    object: { [key: string]: Json },
    path: string,
    depth: number,
    parent: Disclosure | null,
  ): JsonObject => {
    const out: Record<string, Json> = Object.create(null);
    for (const [name, value] of Object.entries(object)) {
      if (name === '_sd' || (path === '' && name === '_sd_alg')) continue;
      if (RESERVED.has(name)) throw new AppError('SDJWT_CLAIM_RESERVED', { name });
      if (!name.isWellFormed()) throw new AppError('SDJWT_VALUE');
      if (path === '' && ALWAYS_VISIBLE.has(name)) mustBeOpen(value, name);
      out[name] = walk(value, `${path}/${pointerStep(name)}`, depth + 1, parent);
    }
    if (!Object.hasOwn(object, '_sd')) return out;
    if (!Array.isArray(object._sd)) throw new AppError('SDJWT_DIGEST_LIST');
    for (const digest of object._sd) {
      const found = take(digest);
      if (!found) continue;
      const { name } = found;
      if (name === null) throw new AppError('SDJWT_DISCLOSURE_PLACE');
      if (path === '' && ALWAYS_VISIBLE.has(name)) throw new AppError('SDJWT_CLAIM_NOT_SELECTIVE', { name });
      if (Object.hasOwn(out, name)) throw new AppError('SDJWT_CLAIM_COLLISION', { name });
      out[name] = open(found, `${path}/${pointerStep(name)}`, depth + 1, parent);
    }
    return out;
  };

  const claims = members(payload as { [key: string]: Json }, '', 0, null);
  for (const { path } of disclosures.values())
    if (path === null) throw new AppError('SDJWT_DISCLOSURE_UNUSED');
  return claims;
}

/** Every reader gets the same number: not infinite, and no whole number beyond 2^53 - 1 (RFC 7493 §2.2). */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function mustBeOpen(value: Json, name: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && ('_sd' in value || '...' in value))
    throw new AppError('SDJWT_CLAIM_NOT_SELECTIVE', { name });
  for (const inner of Object.values(value)) mustBeOpen(inner, name);
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
