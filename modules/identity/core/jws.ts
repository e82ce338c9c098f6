/** Compact JWS with ES256 (RFC 7515, RFC 7518 §3.4) over WebCrypto, the same in browser and Node. */
import { AppError, fromBase64Url, fromUtf8, type Json, strictJson, toBase64Url, utf8 } from '@zhenmei/kernel';
import type { PublicJwk } from './jwk.ts';

export interface Jws {
  readonly header: Readonly<Record<string, Json>>;
  readonly payload: Readonly<Record<string, Json>>;
  readonly signingInput: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Signs `message` with ES256 and gives 64 bytes r ‖ s. A passkey, a WebCrypto key or a test key can stand behind it. */
export type Es256Signer = (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

const MAX_DEPTH = 8;

/** Reads without verifying. `code` names the error, so that each token type fails in its own name. */
export function readJws(token: string, code: string): Jws {
  const parts = token.split('.');
  if (parts.length !== 3) throw new AppError(code, { reason: 'three parts expected' });
  const [head, body, sig] = parts as [string, string, string];
  let signature: Uint8Array<ArrayBuffer>;
  try {
    signature = fromBase64Url(sig);
  } catch (cause) {
    throw new AppError(code, { reason: 'signature encoding' }, { cause });
  }
  return {
    header: object(head, code, 'header'),
    payload: object(body, code, 'payload'),
    signingInput: `${head}.${body}`,
    signature,
  };
}

function object(part: string, code: string, what: string): Record<string, Json> {
  let value: Json;
  try {
    value = strictJson(fromUtf8(fromBase64Url(part)), MAX_DEPTH);
  } catch (cause) {
    throw new AppError(code, { reason: what }, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError(code, { reason: what });
  return value;
}

const imported = new WeakMap<PublicJwk, Promise<CryptoKey>>();

function importKey(jwk: PublicJwk): Promise<CryptoKey> {
  let key = imported.get(jwk);
  if (!key) {
    const { kty, crv, x, y } = jwk;
    key = crypto.subtle.importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'verify',
    ]);
    imported.set(jwk, key);
  }
  return key;
}

export async function verifyJws(jws: Jws, key: PublicJwk): Promise<boolean> {
  if (jws.signature.length !== 64) return false;
  return crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    await importKey(key),
    jws.signature,
    utf8(jws.signingInput),
  );
}

export async function signJws(header: object, payload: object, sign: Es256Signer): Promise<string> {
  const input = `${toBase64Url(utf8(JSON.stringify(header)))}.${toBase64Url(utf8(JSON.stringify(payload)))}`;
  return `${input}.${toBase64Url(await sign(utf8(input)))}`;
}

/** A signer from a WebCrypto private key. */
export function webCryptoSigner(key: CryptoKey): Es256Signer {
  return async (message) =>
    new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, message));
}
