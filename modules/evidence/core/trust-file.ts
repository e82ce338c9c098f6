/** `zhenmei-trust.json`: everything a stranger must believe, in one file and nothing else. */
import {
  AppError,
  canonicalJson,
  fromIso,
  type Hex,
  type Json,
  sha256,
  strictJson,
  toBase64Url,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import './errors.ts';

export const TRUST_FORMAT = 'zhenmei-trust/1';

/** Public key as JWK (RFC 7517): EC P-256 or Ed25519. */
export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** RFC 3339; `until` null means open. */
export interface TrustPeriod {
  readonly from: string;
  readonly until: string | null;
}

export interface TrustedIssuer {
  /** Issuer URI as it stands in `iss`. */
  readonly id: string;
  /** A key alone is in use for the issuer's whole period; otherwise for its own. */
  readonly keys: readonly (PublicJwk | { readonly jwk: PublicJwk; readonly period: TrustPeriod })[];
  /** Credential types (`vct` URIs) it may issue, for its whole period or for one of their own, everywhere or in one region. */
  readonly types: readonly (
    | string
    | { readonly vct: string; readonly period: TrustPeriod; readonly scope?: string }
  )[];
  readonly period: TrustPeriod;
  /** RFC 7638 thumbprints (base64url) of keys no longer trusted from `at` on. They stay listed in `keys`. */
  readonly withdrawn: readonly { readonly thumbprint: string; readonly at: string }[];
}

export interface TrustFile {
  readonly format: typeof TRUST_FORMAT;
  readonly chain: {
    readonly id: number;
    /** By the contract's name, e.g. `UnitRegistry`. */
    readonly contracts: Readonly<Record<string, { readonly address: Hex; readonly codeHash: Hex }>>;
  };
  /** Origins with their C2SP verifier keys. */
  readonly logs: readonly { readonly origin: string; readonly keys: readonly string[] }[];
  /** `k` of these must sign a header; `operator` marks the operator's own. */
  readonly witnesses: {
    readonly k: number;
    readonly keys: readonly { readonly name: string; readonly key: Hex; readonly operator: boolean }[];
  };
  readonly issuers: readonly TrustedIssuer[];
}

function fail(path: string, reason: string): never {
  throw new AppError('TRUST_FILE_INVALID', { path: path || '/', reason });
}

/** RFC 7638 thumbprint of a public key, base64url. */
export function jwkThumbprint(key: PublicJwk): string {
  const required =
    key.kty === 'EC'
      ? { crv: key.crv, kty: key.kty, x: key.x, y: key.y }
      : { crv: key.crv, kty: key.kty, x: key.x };
  return toBase64Url(sha256(utf8(canonicalJson(required))));
}

/** The form that is hashed and published. */
export function canonicalTrust(trust: TrustFile): string {
  return canonicalJson(trust);
}

/** SHA-256 of the canonical form: the identity of a trust file. */
export function trustHash(trust: TrustFile): Hex {
  return toHex0x(sha256(utf8(canonicalTrust(trust))));
}

/** Strict: known members only, no duplicate, every value in its one writing. Throws TRUST_FILE_INVALID, JSON_INVALID. */
export function parseTrustFile(text: string): TrustFile {
  const root = object(strictJson(text), '', ['format', 'chain', 'logs', 'witnesses', 'issuers']);
  if (root.format !== TRUST_FORMAT) return fail('/format', `expected ${TRUST_FORMAT}`);
  return {
    format: TRUST_FORMAT,
    chain: parseChain(root.chain),
    logs: distinct(array(root.logs, '/logs').map(parseLog), '/logs', ({ origin }) => origin),
    witnesses: parseWitnesses(root.witnesses),
    issuers: parseTrustedIssuers(root.issuers),
  };
}

/** The member `issuers` alone, for whoever checks certificates without a chain. Throws TRUST_FILE_INVALID. */
export function parseTrustedIssuers(value: Json | undefined): readonly TrustedIssuer[] {
  return distinct(array(value, '/issuers').map(parseIssuer), '/issuers', ({ id }) => id);
}

function parseChain(value: Json | undefined): TrustFile['chain'] {
  const chain = object(value, '/chain', ['id', 'contracts']);
  if (!Number.isSafeInteger(chain.id) || (chain.id as number) < 1) return fail('/chain/id', 'not a chain id');
  const named = chain.contracts;
  if (typeof named !== 'object' || named === null || Array.isArray(named))
    return fail('/chain/contracts', 'not an object');
  const contracts = Object.entries(named).map(([name, one]) => {
    const path = `/chain/contracts/${name}`;
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return fail(path, 'not a contract name');
    const { address, codeHash } = object(one, path, ['address', 'codeHash']);
    return [
      name,
      { address: hex(address, `${path}/address`, 20), codeHash: hex(codeHash, `${path}/codeHash`, 32) },
    ] as const;
  });
  distinct(contracts, '/chain/contracts', ([, { address }]) => address);
  return { id: chain.id as number, contracts: Object.fromEntries(contracts) };
}

function parseLog(value: Json, i: number): TrustFile['logs'][number] {
  const path = `/logs/${i}`;
  const { origin, keys } = object(value, path, ['origin', 'keys']);
  const names = array(keys, `${path}/keys`).map((key, n) => string(key, `${path}/keys/${n}`));
  if (names.length === 0) return fail(`${path}/keys`, 'at least one key');
  return { origin: string(origin, `${path}/origin`), keys: distinct(names, `${path}/keys`, (key) => key) };
}

function parseWitnesses(value: Json | undefined): TrustFile['witnesses'] {
  const { k, keys } = object(value, '/witnesses', ['k', 'keys']);
  const known = array(keys, '/witnesses/keys').map((one, i) => {
    const path = `/witnesses/keys/${i}`;
    const { name, key, operator } = object(one, path, ['name', 'key', 'operator']);
    if (typeof operator !== 'boolean') return fail(`${path}/operator`, 'true or false');
    return { name: string(name, `${path}/name`), key: hex(key, `${path}/key`, 32), operator };
  });
  if (!Number.isSafeInteger(k) || (k as number) < 1 || (k as number) > known.length)
    return fail('/witnesses/k', 'between 1 and n');
  return { k: k as number, keys: distinct(known, '/witnesses/keys', ({ key }) => key) };
}

function parseIssuer(value: Json, i: number): TrustedIssuer {
  const path = `/issuers/${i}`;
  const issuer = object(value, path, ['id', 'keys', 'types', 'period', 'withdrawn']);
  const keys = array(issuer.keys, `${path}/keys`).map((key, n) => parseKey(key, `${path}/keys/${n}`));
  const prints = distinct(
    keys.map((key) => jwkThumbprint('jwk' in key ? key.jwk : key)),
    `${path}/keys`,
    (print) => print,
  );
  const types = array(issuer.types, `${path}/types`).map((type, n) => parseType(type, `${path}/types/${n}`));
  const withdrawn = array(issuer.withdrawn, `${path}/withdrawn`).map((one, n) => {
    const at = `${path}/withdrawn/${n}`;
    const entry = object(one, at, ['thumbprint', 'at']);
    const thumbprint = string(entry.thumbprint, `${at}/thumbprint`);
    if (!prints.includes(thumbprint)) return fail(`${at}/thumbprint`, 'not a key of this issuer');
    return { thumbprint, at: time(entry.at, `${at}/at`) };
  });
  return {
    id: string(issuer.id, `${path}/id`),
    keys,
    types: distinct(types, `${path}/types`, (type) =>
      typeof type === 'string' ? type : JSON.stringify(type),
    ),
    period: parsePeriod(issuer.period, `${path}/period`),
    withdrawn: distinct(withdrawn, `${path}/withdrawn`, ({ thumbprint }) => thumbprint),
  };
}

function parsePeriod(value: Json | undefined, path: string): TrustPeriod {
  const period = object(value, path, ['from', 'until']);
  const from = time(period.from, `${path}/from`);
  const until = period.until === null ? null : time(period.until, `${path}/until`);
  return until !== null && fromIso(until) <= fromIso(from)
    ? fail(path, 'ends before it begins')
    : { from, until };
}

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseType(value: Json, path: string): TrustedIssuer['types'][number] {
  if (!isObject(value)) return string(value, path);
  const scoped = 'scope' in value;
  const { vct, period, scope } = object(value, path, ['vct', 'period', ...(scoped ? ['scope'] : [])]);
  return {
    vct: string(vct, `${path}/vct`),
    period: parsePeriod(period, `${path}/period`),
    ...(scoped ? { scope: string(scope, `${path}/scope`) } : {}),
  };
}

function parseKey(value: Json, path: string): TrustedIssuer['keys'][number] {
  if (!isObject(value) || !('jwk' in value)) return parseJwk(value, path);
  const { jwk, period } = object(value, path, ['jwk', 'period']);
  return {
    jwk: parseJwk(jwk as Json, `${path}/jwk`),
    period: parsePeriod(period, `${path}/period`),
  };
}

/** Members of a JWK that say nothing new to us, as tools write them, and what they must be (RFC 7517 §4). */
const ALSO: Readonly<Record<string, (value: Json, kind: string) => boolean>> = {
  kid: (value) => typeof value === 'string',
  use: (value) => value === 'sig',
  alg: (value, kind) => value === (kind === 'EC' ? 'ES256' : 'EdDSA'),
};

function parseJwk(given: Json, path: string): PublicJwk {
  const value = isObject(given) ? Object.fromEntries(required(given, path)) : given;
  const kind = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.kty : undefined;
  const point = (text: Json | undefined, at: string) => {
    const encoded = string(text, at);
    // 32 bytes in base64url: 42 free digits and one that ends in two zero bits.
    return /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(encoded)
      ? encoded
      : fail(at, 'not 32 bytes of base64url');
  };
  if (kind === 'EC') {
    const { crv, x, y } = object(value, path, ['kty', 'crv', 'x', 'y']);
    if (crv !== 'P-256') return fail(`${path}/crv`, 'expected P-256');
    return { kty: 'EC', crv: 'P-256', x: point(x, `${path}/x`), y: point(y, `${path}/y`) };
  }
  if (kind !== 'OKP') return fail(`${path}/kty`, 'expected EC or OKP');
  const { crv, x } = object(value, path, ['kty', 'crv', 'x']);
  if (crv !== 'Ed25519') return fail(`${path}/crv`, 'expected Ed25519');
  return { kty: 'OKP', crv: 'Ed25519', x: point(x, `${path}/x`) };
}

function required(jwk: Record<string, Json>, path: string): [string, Json][] {
  return Object.entries(jwk).filter(([name, value]) => {
    if (!Object.hasOwn(ALSO, name)) return true;
    if (!ALSO[name]!(value, String(jwk.kty))) fail(`${path}/${name}`, 'not for these signatures');
    return false;
  });
}

function object(value: Json | undefined, path: string, names: readonly string[]): Record<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'not an object');
  for (const name of names) if (!Object.hasOwn(value, name)) return fail(`${path}/${name}`, 'missing');
  for (const name of Object.keys(value))
    if (!names.includes(name)) return fail(`${path}/${name}`, 'unknown member');
  return value;
}

function array(value: Json | undefined, path: string): Json[] {
  return Array.isArray(value) ? value : fail(path, 'not a list');
}

function string(value: Json | undefined, path: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(path, 'not a text');
}

function time(value: Json | undefined, path: string): string {
  const text = string(value, path);
  try {
    fromIso(text);
  } catch {
    return fail(path, 'not a time');
  }
  return text;
}

function hex(value: Json | undefined, path: string, bytes: number): Hex {
  const valid = typeof value === 'string' && value.length === 2 + 2 * bytes && /^0x[0-9a-f]+$/.test(value);
  return valid ? (value as Hex) : fail(path, `not ${bytes} bytes of lower-case hex`);
}

function distinct<T>(items: readonly T[], path: string, key: (item: T) => string): readonly T[] {
  if (new Set(items.map(key)).size !== items.length) return fail(path, 'the same entry twice');
  return items;
}
