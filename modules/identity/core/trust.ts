/** Who is believed to issue what, with which keys and when. From a trust file or from the registry on chain. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';
import { keyName, type PublicJwk } from './jwk.ts';
import { type Jws, verifyJws } from './jws.ts';

/** Seconds since the epoch; `until` and `withdrawnAt` null or absent mean open. */
export interface Period {
  readonly from?: number;
  readonly until?: number | null;
  readonly withdrawnAt?: number | null;
}

export interface TrustedKey extends Period {
  /** Must have passed `parseJwk`. */
  readonly jwk: PublicJwk;
}

export interface TrustedType extends Period {
  readonly vct: string;
  /** The one region for which it may issue this type (`region` of the certificate); absent: everywhere. */
  readonly scope?: string;
  readonly from: number;
  readonly until: number | null;
}

/** One issuer as the verifier believes it. A type may stand several times, with several periods or scopes. */
export interface IssuerTrust {
  readonly id: string;
  readonly keys: readonly TrustedKey[];
  readonly types: readonly TrustedType[];
}

/** What stands for a type in the registry on chain, before it is hashed: the type alone or within one scope. */
export function typeSubject(vct: string, scope?: string): string {
  return scope === undefined ? vct : `${vct}#${scope}`;
}

/** Keys tried for a token that names none; more would make one token cost as much as many. */
const MAX_KEYS = 16;

export function withdrawnBy({ withdrawnAt }: Period, at: number): boolean {
  return withdrawnAt !== undefined && withdrawnAt !== null && at >= withdrawnAt;
}

export function within({ from, until }: Period, at: number): boolean {
  return at >= (from ?? 0) && (until === undefined || until === null || at < until);
}

export function inForce(period: Period, at: number): boolean {
  return within(period, at) && !withdrawnBy(period, at);
}

/** Throws ISSUER_UNKNOWN. */
export function findIssuer(issuers: readonly IssuerTrust[], id: string): IssuerTrust {
  const issuer = issuers.find((one) => one.id === id);
  if (!issuer) throw new AppError('ISSUER_UNKNOWN', { issuer: id.slice(0, 120) });
  return issuer;
}

/** Throws ISSUER_NOT_FOR_TYPE, ISSUER_NOT_FOR_SCOPE or ISSUER_NOT_THEN. */
export function mustBeEntitled(issuer: IssuerTrust, vct: string, issuedAt: number, region?: unknown): void {
  const types = issuer.types.filter((type) => type.vct === vct);
  if (types.length === 0) throw new AppError('ISSUER_NOT_FOR_TYPE');
  const here = types.filter((type) => covers(type, region));
  if (here.length === 0) throw new AppError('ISSUER_NOT_FOR_SCOPE');
  if (!here.some((type) => inForce(type, issuedAt))) throw new AppError('ISSUER_NOT_THEN');
}

/** A country covers its parts (ISO 3166-2). */
function covers({ scope }: TrustedType, region: unknown): boolean {
  return (
    scope === undefined || region === scope || (typeof region === 'string' && region.startsWith(`${scope}-`))
  );
}

/** Whether the issuer might issue the same again at this time: the type and at least one key are in force. */
export function entitledAt(issuer: IssuerTrust, vct: string, at: number, region?: unknown): boolean {
  return (
    issuer.types.some((type) => type.vct === vct && covers(type, region) && inForce(type, at)) &&
    issuer.keys.some((key) => inForce(key, at))
  );
}

/**
 * The issuer's key that made this signature. A `kid` that is the thumbprint of a known key chooses it; any other `kid`
 * chooses nothing, and each key is tried. Throws SDJWT_SIGNATURE or ISSUER_KEY_UNKNOWN.
 */
export async function signingKey(issuer: IssuerTrust, jws: Jws): Promise<TrustedKey> {
  const { kid } = jws.header;
  const named = typeof kid === 'string' ? issuer.keys.filter(({ jwk }) => keyName(jwk) === kid) : [];
  for (const key of (named.length > 0 ? named : issuer.keys).slice(0, MAX_KEYS))
    if (await verifyJws(jws, key.jwk)) return key;
  const namesAnother = named.length === 0 && typeof kid === 'string' && /^[A-Za-z0-9_-]{43}$/.test(kid);
  throw new AppError(namesAnother ? 'ISSUER_KEY_UNKNOWN' : 'SDJWT_SIGNATURE');
}

/** The key was the issuer's and in use at issuance. Throws ISSUER_KEY_WITHDRAWN or ISSUER_KEY_NOT_THEN. */
export function mustBeInUse(key: TrustedKey, issuedAt: number): void {
  if (withdrawnBy(key, issuedAt)) throw new AppError('ISSUER_KEY_WITHDRAWN');
  if (!within(key, issuedAt)) throw new AppError('ISSUER_KEY_NOT_THEN');
}
