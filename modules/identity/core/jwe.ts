/**
 * Compact JWE with ECDH-ES on P-256 and AES-GCM (RFC 7516, RFC 7518 §4.6, §5.3) over WebCrypto, as HAIP 1.0 asks of
 * answers to verifiers. The key is agreed on directly, so nothing is wrapped.
 */
import {
  AppError,
  concat,
  fromBase64Url,
  fromUtf8,
  type Json,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { type PublicJwk, parseJwk } from './jwk.ts';
import { type JsonObject, MAX_DEPTH } from './jws.ts';
import './openid-errors.ts';

/** Bytes of the content key. */
const KEY_BYTES = { A128GCM: 16, A256GCM: 32 } as const;
export type ContentEncryption = keyof typeof KEY_BYTES;
export const CONTENT_ENCRYPTIONS = Object.keys(KEY_BYTES) as readonly ContentEncryption[];

const IV = 12;
const TAG = 16;
/** Characters; an answer has a handful of certificates. */
const LIMIT = 1_000_000;

/** A P-256 key that agrees with another on 32 bytes, the x of the shared point. */
export interface AgreementKey {
  readonly jwk: PublicJwk;
  agree(other: PublicJwk): Promise<Uint8Array>;
}

/** From a WebCrypto pair made for ECDH. */
export async function webCryptoAgreement({ publicKey, privateKey }: CryptoKeyPair): Promise<AgreementKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return {
    jwk: parseJwk({ kty, crv, x, y }),
    agree: async (other) => {
      const key = await crypto.subtle.importKey(
        'jwk',
        { ...other },
        { name: 'ECDH', namedCurve: 'P-256' },
        false,
        [],
      );
      return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: key }, privateKey, 256));
    },
  };
}

export interface EncryptInput {
  /** The recipient's key, and its name as the recipient gave it. */
  readonly to: PublicJwk;
  readonly kid?: string | undefined;
  readonly enc: ContentEncryption;
  /** Made for this message alone. */
  readonly ephemeral: AgreementKey;
  /** 12 random bytes, used once. */
  readonly iv: Uint8Array<ArrayBuffer>;
}

export async function encryptJwe(text: string, input: EncryptInput): Promise<string> {
  const { to, kid, enc, ephemeral, iv } = input;
  const header = { alg: 'ECDH-ES', enc, ...(kid === undefined ? {} : { kid }), epk: ephemeral.jwk };
  const head = toBase64Url(utf8(JSON.stringify(header)));
  const key = await contentKey(await ephemeral.agree(to), enc, header);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm(iv, head), key, utf8(text)));
  const cut = sealed.length - TAG;
  return [
    head,
    '',
    toBase64Url(iv),
    toBase64Url(sealed.subarray(0, cut)),
    toBase64Url(sealed.subarray(cut)),
  ].join('.');
}

/** Throws JWE_FORM, JWE_ALGORITHM, JWE_KEY, JWE_SEAL. */
export async function decryptJwe(token: string, own: AgreementKey, kid?: string): Promise<string> {
  if (token.length > LIMIT) throw new AppError('JWE_FORM', { name: 'size' });
  const parts = token.split('.', 6);
  if (parts.length !== 5) throw new AppError('JWE_FORM', { name: 'parts' });
  const [head, wrapped, ...rest] = parts as [string, string, string, string, string];
  const header = readHeader(head);
  const { alg, enc, epk } = header;
  if (alg !== 'ECDH-ES' || typeof enc !== 'string' || !Object.hasOwn(KEY_BYTES, enc))
    throw new AppError('JWE_ALGORITHM');
  if ('zip' in header || 'crit' in header) throw new AppError('JWE_ALGORITHM');
  if (wrapped !== '') throw new AppError('JWE_FORM', { name: 'encrypted_key' });
  if (kid !== undefined && header.kid !== kid) throw new AppError('JWE_KEY');
  const [iv, cipher, tag] = rest.map((part) => bytesOf(part)) as [Bytes, Bytes, Bytes];
  if (iv.length !== IV || tag.length !== TAG) throw new AppError('JWE_FORM', { name: 'iv' });
  const key = await contentKey(await own.agree(pointOf(epk)), enc as ContentEncryption, header);
  let plain: ArrayBuffer;
  try {
    plain = await crypto.subtle.decrypt(gcm(iv, head), key, concat(cipher, tag));
  } catch (cause) {
    throw new AppError('JWE_SEAL', {}, { cause });
  }
  try {
    return fromUtf8(new Uint8Array(plain));
  } catch (cause) {
    throw new AppError('JWE_FORM', { name: 'text' }, { cause });
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

const gcm = (iv: Bytes, head: string) => ({
  name: 'AES-GCM',
  iv,
  // the header is sealed with the content
  additionalData: utf8(head),
  tagLength: TAG * 8,
});

function readHeader(head: string): JsonObject {
  let value: Json;
  try {
    value = strictJson(fromUtf8(fromBase64Url(head)), MAX_DEPTH);
  } catch (cause) {
    throw new AppError('JWE_FORM', { name: 'header' }, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('JWE_FORM', { name: 'header' });
  return value;
}

function bytesOf(part: string): Bytes {
  try {
    return fromBase64Url(part);
  } catch (cause) {
    throw new AppError('JWE_FORM', { name: 'base64url' }, { cause });
  }
}

/** A point off the curve would tell something of our key. */
function pointOf(epk: unknown): PublicJwk {
  try {
    return parseJwk(epk);
  } catch (cause) {
    throw new AppError('JWE_KEY', {}, { cause });
  }
}

/** Concat KDF of one round (NIST SP 800-56A §5.8.1, RFC 7518 §4.6.2). */
export function deriveContentKey(shared: Uint8Array, enc: ContentEncryption, header: JsonObject): Bytes {
  const length = KEY_BYTES[enc];
  const party = (value: Json | undefined) => {
    if (value === undefined) return field(new Uint8Array());
    if (typeof value !== 'string') throw new AppError('JWE_FORM', { name: 'apu' });
    return field(bytesOf(value));
  };
  const info = concat(field(utf8(enc)), party(header.apu), party(header.apv), word(length * 8));
  return sha256(concat(word(1), shared, info)).slice(0, length);
}

async function contentKey(shared: Uint8Array, enc: ContentEncryption, header: object): Promise<CryptoKey> {
  const bytes = deriveContentKey(shared, enc, header as JsonObject);
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

const field = (bytes: Uint8Array): Bytes => concat(word(bytes.length), bytes);
function word(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
