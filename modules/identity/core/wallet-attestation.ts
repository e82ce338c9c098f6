/**
 * What a wallet says of itself when it collects (OAuth attestation-based client authentication, as HAIP 1.0 asks): its
 * maker vouches for the instance's key, and the instance shows that it has it. Makers are believed like issuers: by the
 * registry, for this type; a chain of certificates that comes along is never looked at.
 */
import { AppError } from '@zhenmei/kernel';
import { SKEW } from './claims.ts';
import { keyName, type PublicJwk, parseJwk } from './jwk.ts';
import { type Jws, type JwsCodes, readJws, verifyJws } from './jws.ts';
import './openid-errors.ts';
import { type IssuerTrust, mustBeEntitled, mustBeInUse, signingKey } from './trust.ts';

/** As it is entered in the registry for a maker of wallets. */
export const WALLET_TYPE = 'oauth-client-attestation+jwt';
const POSSESSION_TYP = 'oauth-client-attestation-pop+jwt';
/** Seconds by which the proof of possession may be away. */
const WINDOW = 300;

export interface WalletInstance {
  readonly clientId: string;
  /** Thumbprint of the instance's key. */
  readonly key: string;
  /** Must not come twice. */
  readonly jti: string;
}

export interface AttestationUse {
  readonly makers: readonly IssuerTrust[];
  /** Who the proof is for: the issuer's address. */
  readonly audience: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

function refuse(reason: string, cause?: unknown): never {
  throw new AppError('OPENID_WALLET', { reason }, { cause });
}

/** Throws OPENID_WALLET. */
export async function readWalletAttestation(
  attestation: string,
  possession: string,
  use: AttestationUse,
): Promise<WalletInstance> {
  const vouched = read(attestation, WALLET_TYPE);
  const { iss, sub, iat, exp, nbf, cnf } = vouched.payload;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || sub.length > 300) refuse('sub');
  if (!isTime(exp) || use.at >= exp) refuse('exp');
  // the time of issuance may be absent; then it must hold now
  const issued = iat === undefined ? use.at : iat;
  if (!isTime(issued) || issued > use.at + SKEW) refuse('iat');
  if (nbf !== undefined && (!isTime(nbf) || nbf > use.at + SKEW)) refuse('nbf');
  await mustBeVouched(vouched, iss, issued, use);
  const key = instanceKey(cnf);
  const shown = read(possession, POSSESSION_TYP);
  const { aud, jti, iat: shownAt, exp: until, iss: by } = shown.payload;
  if (aud !== use.audience && !(Array.isArray(aud) && aud.length === 1 && aud[0] === use.audience))
    refuse('aud');
  if (!isTime(shownAt) || Math.abs(shownAt - use.at) > WINDOW) refuse('iat');
  if (until !== undefined && (!isTime(until) || use.at >= until)) refuse('exp');
  if (by !== undefined && by !== sub) refuse('iss');
  if (typeof jti !== 'string' || jti.length < 8 || jti.length > 200) refuse('jti');
  if (!(await verifyJws(shown, key))) refuse('possession');
  return { clientId: sub, key: keyName(key), jti };
}

async function mustBeVouched(
  jws: Jws,
  iss: string,
  issued: number,
  { makers, at }: AttestationUse,
): Promise<void> {
  const maker = makers.find(({ id }) => id === iss);
  if (!maker) refuse('iss');
  try {
    mustBeEntitled(maker, WALLET_TYPE, issued);
    mustBeEntitled(maker, WALLET_TYPE, at);
    const key = await signingKey(maker, jws);
    mustBeInUse(key, issued);
    mustBeInUse(key, at);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    refuse(cause.code, cause);
  }
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function instanceKey(cnf: unknown): PublicJwk {
  try {
    return parseJwk((cnf as { jwk?: unknown } | undefined)?.jwk);
  } catch (cause) {
    return refuse('cnf', cause);
  }
}

const part = { encoding: 'x', text: 'x', json: 'x', twice: 'x', deep: 'x' };
const CODES: JwsCodes = { parts: 'x', header: part, payload: part, signature: 'x' };

function read(text: string, typ: string): Jws {
  if (text.length > 16_000) refuse('size');
  let jws: Jws;
  try {
    jws = readJws(text, CODES);
  } catch (cause) {
    return refuse('form', cause);
  }
  const { header } = jws;
  if (header.typ !== typ) refuse('typ');
  if (header.alg !== 'ES256' || 'crit' in header || 'b64' in header) refuse('alg');
  return jws;
}
