/**
 * Whether a certificate holds: signature, issuer entitled to this type at issuance and not withdrawn, time, status,
 * and possession where the caller's policy asks for it.
 */
import { AppError, type Json, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';
import { type PublicJwk, parseJwk, thumbprint } from './jwk.ts';
import { type JsonObject, type Jws, verifyJws } from './jws.ts';
import { readSdJwt, type SdJwt } from './sd-jwt.ts';
import { checkStatus } from './status-check.ts';
import {
  entitledAt,
  findIssuer,
  type IssuerTrust,
  mustBeEntitled,
  mustBeInUse,
  signingKey,
  type TrustedKey,
  withdrawnBy,
} from './trust.ts';

export type { IssuerTrust } from './trust.ts';

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
    readonly nonce: string;
    /** Seconds the proof may be away from `at`; 300 unless told. */
    readonly window?: number;
  };
  /** Refuse if the issuer is no longer entitled at `at`; otherwise that is only reported. */
  readonly issuerStillEntitled?: boolean;
  /** Seconds since the epoch at which the token is known from elsewhere to have existed (a log, a block). */
  readonly existedAt?: number;
}

export type CredentialVerdict = 'proven' | 'false' | 'cannot-judge';

export interface CredentialResult {
  readonly verdict: CredentialVerdict;
  readonly code: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly issuer: string | null;
  readonly type: string | null;
  /** Only if proven. */
  readonly claims: Readonly<Record<string, Json>> | null;
  readonly holder: PublicJwk | null;
  /** Thumbprint (base64url) of the issuer's key. */
  readonly issuerKey: string | null;
  /** Whether the issuer may still issue this kind at the time asked about; null if the issuer was not found. */
  readonly issuerEntitledNow: boolean | null;
  /** Possession was asked for and shown. */
  readonly possession: boolean;
  /** When the status list that was asked was made; null without a status. Seconds since the epoch. */
  readonly statusAt: number | null;
}

/** Codes that mean "cannot judge", not "false". */
const OPEN = new Set([
  'ISSUER_UNKNOWN',
  'ISSUER_KEY_WITHDRAWN_SINCE',
  'CREDENTIAL_STATUS_METHOD',
  'STATUS_MISSING',
  'STATUS_STALE',
  'STATUS_NOT_YET',
  'STATUS_VALUE',
]);

const PROVEN = new AppError('CREDENTIAL_PROVEN');

/** Seconds by which clocks may differ. */
const SKEW = 60;
const WINDOW = 300;

interface Course {
  sdJwt: SdJwt | null;
  issuer: IssuerTrust | null;
  key: TrustedKey | null;
  holder: PublicJwk | null;
  statusAt: number | null;
}

/** Never throws for a bad token: every problem is a named answer. */
export async function verifyCredential(token: string, options: VerifyOptions): Promise<CredentialResult> {
  const course: Course = { sdJwt: null, issuer: null, key: null, holder: null, statusAt: null };
  try {
    await judge(token, options, course);
    return answer('proven', PROVEN, options, course);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return answer(OPEN.has(error.code) ? 'cannot-judge' : 'false', error, options, course);
  }
}

async function judge(token: string, options: VerifyOptions, course: Course): Promise<void> {
  const { at } = options;
  const sdJwt = readSdJwt(token);
  course.sdJwt = sdJwt;
  const { iss, vct, issuedAt } = whatItSays(sdJwt.claims, options);
  course.issuer = findIssuer(options.issuers, iss);
  mustBeEntitled(course.issuer, vct, issuedAt);
  const key = await signingKey(course.issuer, sdJwt.jws);
  course.key = key;
  mustBeInUse(key, issuedAt);
  if (options.issuerStillEntitled && !entitledAt(course.issuer, vct, at))
    throw new AppError('ISSUER_NOT_NOW');
  mustBeInTime(sdJwt.claims, issuedAt, at);
  course.holder = holderOf(sdJwt.claims);
  await checkBinding(sdJwt, course.holder, options);
  course.statusAt = await checkStatus(sdJwt.claims, course.issuer, options);
  // A withdrawn key could have signed any time into `iat`; only knowledge from elsewhere helps.
  const known = options.existedAt;
  if (withdrawnBy(key, at) && (known === undefined || withdrawnBy(key, known)))
    throw new AppError('ISSUER_KEY_WITHDRAWN_SINCE');
}

function answer(
  verdict: CredentialVerdict,
  error: AppError,
  { at, keyBinding }: VerifyOptions,
  { sdJwt, issuer, key, holder, statusAt }: Course,
): CredentialResult {
  const text = (name: string) =>
    typeof sdJwt?.claims[name] === 'string' ? (sdJwt.claims[name] as string) : null;
  const type = text('vct');
  return {
    verdict,
    code: error.code,
    message: { zh: error.text('zh-CN'), en: error.text('en') },
    issuer: text('iss'),
    type,
    claims: verdict === 'proven' ? (sdJwt?.claims ?? null) : null,
    holder: verdict === 'proven' ? holder : null,
    issuerKey: key && toBase64Url(thumbprint(key.jwk)),
    issuerEntitledNow: issuer && type !== null ? entitledAt(issuer, type, at) : null,
    possession: verdict === 'proven' && keyBinding !== undefined,
    statusAt,
  };
}

function whatItSays(claims: JsonObject, { type }: VerifyOptions) {
  const { iss, vct, iat } = claims;
  if (typeof vct !== 'string' || vct === '') throw new AppError('CREDENTIAL_TYPE_MISSING');
  if (type !== undefined && vct !== type)
    throw new AppError('CREDENTIAL_TYPE_OTHER', { type: vct.slice(0, 120) });
  if (typeof iss !== 'string' || iss === '') throw new AppError('CREDENTIAL_ISSUER_MISSING');
  if (!isTime(iat)) throw new AppError('CREDENTIAL_TIME', { name: 'iat' });
  for (const name of ['nbf', 'exp'])
    if (claims[name] !== undefined && !isTime(claims[name])) throw new AppError('CREDENTIAL_TIME', { name });
  return { iss, vct, issuedAt: iat };
}

function isTime(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function mustBeInTime(claims: JsonObject, issuedAt: number, at: number): void {
  const { nbf, exp } = claims as { nbf?: number; exp?: number };
  const begins = Math.max(issuedAt, nbf ?? issuedAt);
  if (exp !== undefined && exp <= begins) throw new AppError('CREDENTIAL_PERIOD');
  if (at + SKEW < begins) throw new AppError('CREDENTIAL_NOT_YET');
  if (exp !== undefined && at >= exp) throw new AppError('CREDENTIAL_EXPIRED');
}

/** The holder's key, or null if the certificate is bound to none that we can check. Throws CREDENTIAL_HOLDER. */
export function holderOf(claims: JsonObject): PublicJwk | null {
  const { cnf } = claims;
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) throw new AppError('CREDENTIAL_HOLDER');
  if (cnf.jwk === undefined) return null;
  try {
    return parseJwk(cnf.jwk);
  } catch (cause) {
    throw new AppError('CREDENTIAL_HOLDER', {}, { cause });
  }
}

/** A proof that is there must hold, asked for or not; audience, nonce and time are the caller's to ask for. */
async function checkBinding(
  { keyBinding: kb, presented }: SdJwt,
  holder: PublicJwk | null,
  { keyBinding: asked, at }: VerifyOptions,
): Promise<void> {
  if (!kb) {
    if (asked) throw new AppError('KB_MISSING');
    return;
  }
  if (!holder) throw new AppError('KB_HOLDER_KEY');
  await mustBeSigned(kb, holder);
  const { aud, nonce, iat, sd_hash } = kb.payload;
  if (sd_hash !== toBase64Url(sha256(utf8(presented)))) throw new AppError('KB_HASH');
  if (!asked) return;
  if (aud !== asked.audience) throw new AppError('KB_AUDIENCE');
  if (nonce !== asked.nonce) throw new AppError('KB_NONCE');
  if (Math.abs((iat as number) - at) > (asked.window ?? WINDOW)) throw new AppError('KB_TIME');
}

async function mustBeSigned(kb: Jws, holder: PublicJwk): Promise<void> {
  if (!(await verifyJws(kb, holder))) throw new AppError('KB_SIGNATURE');
}
