/** Small proofs that carry their own key: of a key to be certified (OpenID4VCI App. F.1) and of a token's holder (RFC 9449). */
import { AppError, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { keyName, type PublicJwk, parseJwk } from './jwk.ts';
import { type Jws, type JwsCodes, readJws, verifyJws } from './jws.ts';
import './openid-errors.ts';

/** Seconds by which a proof may be away. */
const WINDOW = 300;

function readProof(
  text: string,
  typ: string,
  refuse: (reason: string) => never,
): { jws: Jws; jwk: PublicJwk } {
  const part = { encoding: 'x', text: 'x', json: 'x', twice: 'x', deep: 'x' };
  const codes: JwsCodes = { parts: 'x', header: part, payload: part, signature: 'x' };
  try {
    const jws = readJws(text, codes);
    const { header } = jws;
    if (header.typ !== typ) return refuse('typ');
    if (header.alg !== 'ES256') return refuse('alg');
    if ('crit' in header || 'b64' in header) return refuse('crit');
    if ('kid' in header || 'x5c' in header || 'jku' in header) return refuse('key');
    return { jws, jwk: parseJwk(header.jwk) };
  } catch (error) {
    if (error instanceof AppError && !error.code.startsWith('OPENID_')) return refuse('form');
    throw error;
  }
}

export interface KeyProof {
  readonly jwk: PublicJwk;
  readonly nonce: string;
}

/** Throws OPENID_PROOF. The nonce is the caller's to take out of use. */
export async function readKeyProof(
  text: string,
  { audience, at }: { readonly audience: string; readonly at: number },
): Promise<KeyProof> {
  const refuse = (reason: string): never => {
    throw new AppError('OPENID_PROOF', { reason });
  };
  const { jws, jwk } = readProof(text, 'openid4vci-proof+jwt', refuse);
  const { aud, iat, nonce } = jws.payload;
  if (aud !== audience) return refuse('aud');
  if (typeof nonce !== 'string' || nonce === '') return refuse('nonce');
  if (!Number.isSafeInteger(iat) || Math.abs((iat as number) - at) > WINDOW) return refuse('iat');
  if (!(await verifyJws(jws, jwk))) return refuse('signature');
  return { jwk, nonce };
}

export interface DpopUse {
  readonly method: string;
  readonly url: string;
  readonly at: number;
  /** The access token it comes with. */
  readonly token?: string;
}

/** Throws OPENID_DPOP. @returns thumbprint of the key, and the identifier that must not come twice */
export async function readDpop(text: string, use: DpopUse): Promise<{ jkt: string; jti: string }> {
  const refuse = (): never => {
    throw new AppError('OPENID_DPOP');
  };
  const { jws, jwk } = readProof(text, 'dpop+jwt', refuse);
  const { htm, htu, iat, jti, ath } = jws.payload;
  const url = new URL(use.url);
  if (htm !== use.method || htu !== `${url.origin}${url.pathname}`) return refuse();
  if (!Number.isSafeInteger(iat) || Math.abs((iat as number) - use.at) > WINDOW) return refuse();
  if (typeof jti !== 'string' || jti.length < 8 || jti.length > 200) return refuse();
  if (use.token !== undefined && ath !== toBase64Url(sha256(utf8(use.token)))) return refuse();
  if (!(await verifyJws(jws, jwk))) return refuse();
  return { jkt: keyName(jwk), jti };
}
