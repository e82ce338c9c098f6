/**
 * Whether a certificate holds: signature, issuer entitled to this type at issuance and not withdrawn, time, status,
 * and possession where the caller's policy asks for it.
 */
import { AppError, type Json, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';
import { type PublicJwk, parseJwk, thumbprint } from './jwk.ts';
import { verifyJws } from './jws.ts';
import { readSdJwt, type SdJwt } from './sd-jwt.ts';
import { REVOKED, readStatusList, type StatusList, SUSPENDED, statusListSigned } from './status-list.ts';

/** One issuer as the verifier believes it; from the trust file or from the registry on chain. Times in seconds. */
export interface IssuerTrust {
  readonly id: string;
  readonly keys: readonly {
    readonly jwk: PublicJwk;
    readonly from?: number;
    readonly until?: number | null;
    readonly withdrawnAt?: number | null;
  }[];
  readonly types: readonly {
    readonly vct: string;
    readonly from: number;
    readonly until: number | null;
    readonly withdrawnAt?: number | null;
  }[];
}

export interface VerifyOptions {
  /** Seconds since the epoch at which it must hold. */
  readonly at: number;
  readonly issuers: readonly IssuerTrust[];
  /** Signed status lists by address. */
  readonly statusLists: Readonly<Record<string, string>>;
  readonly type?: string;
  /** Present = possession is required, whatever the token brings. */
  readonly keyBinding?: {
    readonly audience: string;
    readonly nonce: string /** Seconds the proof may be away from `at`. */;
    readonly window?: number;
  };
}

export type CredentialVerdict = 'proven' | 'false' | 'cannot-judge';

export interface CredentialResult {
  readonly verdict: CredentialVerdict;
  readonly code: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly issuer: string | null;
  readonly type: string | null;
  readonly claims: Readonly<Record<string, Json>> | null;
  readonly holder: PublicJwk | null;
  /** Thumbprint (base64url) of the issuer's key. */
  readonly issuerKey: string | null;
}

/** Codes that mean "cannot judge", not "false". */
const OPEN = new Set(['ISSUER_UNKNOWN', 'STATUS_MISSING', 'STATUS_STALE']);

const SKEW = 60;

/** Never throws for a bad token: every problem is a named answer. */
export async function verifyCredential(token: string, options: VerifyOptions): Promise<CredentialResult> {
  let sdJwt: SdJwt | null = null;
  let key: PublicJwk | null = null;
  try {
    sdJwt = readSdJwt(token);
    key = await checkIssuer(sdJwt, options);
    checkTime(sdJwt.claims, options.at);
    const holder = await checkBinding(sdJwt, options);
    await checkStatus(sdJwt, options);
    return answer('proven', new AppError('CREDENTIAL_PROVEN'), sdJwt, holder, key);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return answer(OPEN.has(error.code) ? 'cannot-judge' : 'false', error, sdJwt, null, key);
  }
}

function answer(
  verdict: CredentialVerdict,
  error: AppError,
  sdJwt: SdJwt | null,
  holder: PublicJwk | null,
  key: PublicJwk | null,
): CredentialResult {
  const text = (name: string) =>
    typeof sdJwt?.claims[name] === 'string' ? (sdJwt.claims[name] as string) : null;
  return {
    verdict,
    code: error.code,
    message: { zh: error.text('zh-CN'), en: error.text('en') },
    issuer: text('iss'),
    type: text('vct'),
    claims: verdict === 'proven' ? (sdJwt?.claims ?? null) : null,
    holder,
    issuerKey: key && toBase64Url(thumbprint(key)),
  };
}

async function checkIssuer(sdJwt: SdJwt, options: VerifyOptions): Promise<PublicJwk> {
  const { iss, vct, iat } = sdJwt.claims;
  if (typeof vct !== 'string' || vct === '') throw new AppError('CREDENTIAL_TYPE_MISSING');
  if (options.type !== undefined && vct !== options.type)
    throw new AppError('CREDENTIAL_TYPE_OTHER', { type: vct });
  if (typeof iss !== 'string') throw new AppError('SDJWT_PAYLOAD', { reason: 'iss' });
  if (!Number.isSafeInteger(iat)) throw new AppError('CREDENTIAL_TIME', { name: 'iat' });
  const issued = iat as number;
  const issuer = options.issuers.find(({ id }) => id === iss);
  if (!issuer) throw new AppError('ISSUER_UNKNOWN', { issuer: iss.slice(0, 120) });
  const type = issuer.types.find((t) => t.vct === vct);
  if (!type) throw new AppError('ISSUER_NOT_FOR_TYPE');
  if (!inForce(type, issued)) throw new AppError('ISSUER_NOT_THEN');
  for (const entry of issuer.keys) {
    const kid = sdJwt.jws.header.kid;
    if (typeof kid === 'string' && kid !== toBase64Url(thumbprint(entry.jwk))) continue;
    if (!(await verifyJws(sdJwt.jws, entry.jwk))) continue;
    if (entry.withdrawnAt !== undefined && entry.withdrawnAt !== null && issued >= entry.withdrawnAt)
      throw new AppError('ISSUER_KEY_WITHDRAWN');
    if (!inForce({ from: entry.from ?? 0, until: entry.until ?? null }, issued))
      throw new AppError('ISSUER_NOT_THEN');
    return entry.jwk;
  }
  const known = issuer.keys.some((entry) => sdJwt.jws.header.kid === toBase64Url(thumbprint(entry.jwk)));
  throw new AppError(known || sdJwt.jws.header.kid === undefined ? 'SDJWT_SIGNATURE' : 'ISSUER_KEY_UNKNOWN');
}

function inForce(
  period: { from: number; until: number | null; withdrawnAt?: number | null },
  at: number,
): boolean {
  return (
    at >= period.from &&
    (period.until === null || at < period.until) &&
    (period.withdrawnAt === undefined || period.withdrawnAt === null || at < period.withdrawnAt)
  );
}

function checkTime(claims: SdJwt['claims'], at: number): void {
  for (const name of ['nbf', 'exp', 'iat'] as const)
    if (claims[name] !== undefined && !Number.isSafeInteger(claims[name]))
      throw new AppError('CREDENTIAL_TIME', { name });
  const { nbf, exp, iat } = claims as { nbf?: number; exp?: number; iat: number };
  if (at + SKEW < iat || (nbf !== undefined && at + SKEW < nbf)) throw new AppError('CREDENTIAL_NOT_YET');
  if (exp !== undefined && at >= exp) throw new AppError('CREDENTIAL_EXPIRED');
}

async function checkBinding(sdJwt: SdJwt, { keyBinding, at }: VerifyOptions): Promise<PublicJwk | null> {
  const cnf = sdJwt.claims.cnf;
  const given = typeof cnf === 'object' && cnf !== null && !Array.isArray(cnf) ? cnf.jwk : undefined;
  const holder = given === undefined ? null : parseJwk(given);
  if (!keyBinding) return holder;
  const kb = sdJwt.keyBinding;
  if (!kb) throw new AppError('KB_MISSING');
  if (!holder) throw new AppError('KB_HOLDER_KEY');
  if (kb.header.typ !== 'kb+jwt') throw new AppError('KB_HEADER', { reason: 'typ' });
  if (kb.header.alg !== 'ES256' || 'crit' in kb.header) throw new AppError('KB_HEADER', { reason: 'alg' });
  if (!(await verifyJws(kb, holder))) throw new AppError('KB_SIGNATURE');
  if (kb.payload.aud !== keyBinding.audience) throw new AppError('KB_AUDIENCE');
  if (kb.payload.nonce !== keyBinding.nonce) throw new AppError('KB_NONCE');
  if (!Number.isSafeInteger(kb.payload.iat)) throw new AppError('KB_PAYLOAD', { reason: 'iat' });
  if (Math.abs((kb.payload.iat as number) - at) > (keyBinding.window ?? 300)) throw new AppError('KB_TIME');
  if (kb.payload.sd_hash !== toBase64Url(sha256(utf8(sdJwt.presented)))) throw new AppError('KB_HASH');
  return holder;
}

async function checkStatus(sdJwt: SdJwt, { statusLists, issuers, at }: VerifyOptions): Promise<void> {
  const status = sdJwt.claims.status;
  if (status === undefined) return;
  const reference =
    typeof status === 'object' && status !== null && !Array.isArray(status) ? status.status_list : undefined;
  if (typeof reference !== 'object' || reference === null || Array.isArray(reference))
    throw new AppError('SDJWT_PAYLOAD', { reason: 'status' });
  const { uri, idx } = reference;
  if (typeof uri !== 'string' || !Number.isSafeInteger(idx))
    throw new AppError('SDJWT_PAYLOAD', { reason: 'status' });
  const token = Object.hasOwn(statusLists, uri) ? statusLists[uri] : undefined;
  if (token === undefined) throw new AppError('STATUS_MISSING');
  const list = await cachedList(token);
  if (list.uri !== uri) throw new AppError('STATUS_OTHER_LIST');
  const issuer = issuers.find(({ id }) => id === sdJwt.claims.iss);
  const signed = await Promise.all((issuer?.keys ?? []).map(({ jwk }) => statusListSigned(list, jwk)));
  if (!signed.includes(true)) throw new AppError('STATUS_SIGNATURE');
  if (at + SKEW < list.issuedAt || at >= list.freshUntil) throw new AppError('STATUS_STALE');
  const value = list.bits.get(idx as number);
  if (value === REVOKED) throw new AppError('CREDENTIAL_REVOKED');
  if (value === SUSPENDED) throw new AppError('CREDENTIAL_SUSPENDED');
  if (value !== 0) throw new AppError('CREDENTIAL_REVOKED');
}

const lists = new Map<string, Promise<StatusList>>();

/** Unpacking a list costs more than reading it; a few stay at hand. */
function cachedList(token: string): Promise<StatusList> {
  let list = lists.get(token);
  if (!list) {
    list = readStatusList(token);
    lists.set(token, list);
    list.catch(() => lists.delete(token));
    if (lists.size > 64) lists.delete(lists.keys().next().value!);
  }
  return list;
}
