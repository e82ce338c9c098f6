/** Compact JWS with ES256 (RFC 7515, RFC 7518 §3.4) over WebCrypto, the same in browser and Node. */
import { AppError, fromBase64Url, fromUtf8, type Json, strictJson, toBase64Url, utf8 } from '@zhenmei/kernel';
import type { PublicJwk } from './jwk.ts';

export type JsonObject = Readonly<Record<string, Json>>;

export interface Jws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signingInput: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Signs `message` with ES256 and gives 64 bytes r ‖ s. A passkey, a WebCrypto key or a test key can stand behind it. */
export type Es256Signer = (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** Levels of nesting in any JSON that a stranger sent. */
export const MAX_DEPTH = 8;

/** Codes under which one part of a token fails: base64url, UTF-8, JSON, a member twice, nesting. */
export interface PartCodes {
  readonly encoding: string;
  readonly text: string;
  readonly json: string;
  readonly twice: string;
  readonly deep: string;
}

/** Codes under which each part fails, so that each kind of token fails in its own name. */
export interface JwsCodes {
  readonly parts: string;
  readonly header: PartCodes;
  readonly payload: PartCodes;
  readonly signature: string;
}

/** Reads without verifying: three parts, strict base64url, strict UTF-8, strict JSON objects. Throws `codes`. */
export function readJws(token: string, codes: JwsCodes): Jws {
  const parts = token.split('.', 4);
  if (parts.length !== 3) throw new AppError(codes.parts);
  const [head, body, sig] = parts as [string, string, string];
  const header = readObject(head, codes.header);
  const payload = readObject(body, codes.payload);
  try {
    return { header, payload, signingInput: `${head}.${body}`, signature: fromBase64Url(sig) };
  } catch (cause) {
    throw new AppError(codes.signature, {}, { cause });
  }
}

function readObject(part: string, codes: PartCodes): JsonObject {
  const value = readJson(part, codes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError(codes.json);
  return value;
}

/** JSON in base64url, read strictly. Throws `codes`. */
export function readJson(part: string, codes: PartCodes): Json {
  try {
    return strictJson(fromUtf8(fromBase64Url(part)), MAX_DEPTH);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError(codeOf(cause, codes), {}, { cause });
  }
}

function codeOf({ code, params }: AppError, codes: PartCodes): string {
  if (code === 'BYTES_NOT_BASE64URL') return codes.encoding;
  if (code === 'BYTES_NOT_UTF8') return codes.text;
  const reason = String(params.reason);
  if (reason.startsWith('too deep')) return codes.deep;
  return reason.startsWith('duplicate key') ? codes.twice : codes.json;
}

/** Importing a key costs as much as using it once; the last ones stay at hand. */
const imported = new Map<string, Promise<CryptoKey>>();
const KEPT_KEYS = 256;

function importKey({ kty, crv, x, y }: PublicJwk): Promise<CryptoKey> {
  const name = `${x}.${y}`;
  let key = imported.get(name);
  if (!key) {
    key = crypto.subtle.importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'verify',
    ]);
    key.catch(() => imported.delete(name));
    if (imported.size >= KEPT_KEYS) imported.delete(imported.keys().next().value!);
    imported.set(name, key);
  }
  return key;
}

/** False for any signature that is not 64 bytes or does not hold. `key` must have passed `parseJwk`. */
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
