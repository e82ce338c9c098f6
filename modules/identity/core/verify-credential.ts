/**
 * Whether a certificate holds: signature, issuer entitled to this type at issuance and not withdrawn, time, status,
 * and possession where the caller's policy asks for it.
 */
import { AppError, type Json, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { type Holder, holderOf, mustBeForUs, mustBeInTime, SKEW, whatItSays } from './claims.ts';
import './errors.ts';
import { keyName, type PublicJwk } from './jwk.ts';
import { type Jws, verifyJws } from './jws.ts';
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
  /** Takes an empty list of digests, which RFC 9901 allows: so were the authorisations of this house's first version. */
  readonly emptyDigests?: boolean;
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
  'CREDENTIAL_HOLDER_METHOD',
  'CREDENTIAL_STATUS_METHOD',
  'STATUS_MISSING',
  'STATUS_STALE',
  'STATUS_NOT_YET',
  'STATUS_VALUE',
]);

const PROVEN = new AppError('CREDENTIAL_PROVEN');

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
  if (!options.emptyDigests) mustListSomething(sdJwt);
  const { iss, vct, issuedAt } = whatItSays(sdJwt.claims, options.type);
  course.issuer = findIssuer(options.issuers, iss);
  mustBeEntitled(course.issuer, vct, issuedAt, sdJwt.claims.region);
  const key = await signingKey(course.issuer, sdJwt.jws);
  course.key = key;
  mustBeInUse(key, issuedAt);
  if (options.issuerStillEntitled && !entitledAt(course.issuer, vct, at, sdJwt.claims.region))
    throw new AppError('ISSUER_NOT_NOW');
  mustBeInTime(sdJwt.claims, issuedAt, at);
  mustBeForUs(sdJwt.claims, options.keyBinding?.audience);
  const holder = holderOf(sdJwt.claims);
  course.holder = holder && 'key' in holder ? holder.key : null;
  await checkBinding(sdJwt, holder, options);
  course.statusAt = await checkStatus(sdJwt.claims, course.issuer, options);
  // A withdrawn key could have signed any time into `iat`; only knowledge from elsewhere helps.
  const known = options.existedAt;
  if (withdrawnBy(key, at) && (known === undefined || withdrawnBy(key, known)))
    throw new AppError('ISSUER_KEY_WITHDRAWN_SINCE');
}

/** SD-JWT VC §2.2.2.4: where nothing is hidden, there is no list of digests. Throws SDJWT_DIGEST_LIST_EMPTY. */
function mustListSomething({ jws }: SdJwt): void {
  const { _sd } = jws.payload;
  if (Array.isArray(_sd) && _sd.length === 0) throw new AppError('SDJWT_DIGEST_LIST_EMPTY');
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
    issuerKey: key && keyName(key.jwk),
    issuerEntitledNow: issuer && type !== null ? entitledAt(issuer, type, at, sdJwt?.claims.region) : null,
    possession: verdict === 'proven' && keyBinding !== undefined,
    statusAt,
  };
}

/** A proof that is there must hold, asked for or not; audience, nonce and time are the caller's to ask for. */
async function checkBinding(
  { keyBinding: kb, presented }: SdJwt,
  holder: Holder,
  { keyBinding: asked, at }: VerifyOptions,
): Promise<void> {
  if (!kb) {
    if (asked) throw new AppError('KB_MISSING');
    return;
  }
  if (!holder) throw new AppError('KB_HOLDER_KEY');
  if ('named' in holder) throw new AppError('CREDENTIAL_HOLDER_METHOD');
  await mustBeSigned(kb, holder.key);
  const { aud, nonce, sd_hash } = kb.payload;
  const { iat, nbf, exp } = kb.payload as { iat: number; nbf?: number; exp?: number };
  if (sd_hash !== toBase64Url(sha256(utf8(presented)))) throw new AppError('KB_HASH');
  if (!asked) return;
  if (aud !== asked.audience) throw new AppError('KB_AUDIENCE');
  if (nonce !== asked.nonce) throw new AppError('KB_NONCE');
  if (Math.abs(iat - at) > (asked.window ?? WINDOW)) throw new AppError('KB_TIME');
  if ((nbf !== undefined && at + SKEW < nbf) || (exp !== undefined && at >= exp))
    throw new AppError('KB_PERIOD');
}

async function mustBeSigned(kb: Jws, holder: PublicJwk): Promise<void> {
  if (!(await verifyJws(kb, holder))) throw new AppError('KB_SIGNATURE');
}
