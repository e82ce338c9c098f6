/** Hashes, key derivation and commitments used everywhere. Noble, so that they run in every place alike. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, utf8 } from './bytes.ts';
import { AppError, defineErrors } from './errors.ts';
import { canonicalJson } from './json.ts';

defineErrors({
  COMMITMENT_SALT_SHORT: {
    status: 400,
    retryable: false,
    zh: '盐值太短，至少需要 16 字节。',
    en: 'The salt is too short: at least 16 bytes are needed.',
  },
});

export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return nobleSha256(bytes) as Uint8Array<ArrayBuffer>;
}

export function keccak256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return keccak_256(bytes) as Uint8Array<ArrayBuffer>;
}

/**
 * HKDF-SHA-256 (RFC 5869) with an empty salt: one secret, many values that cannot be linked.
 * @param secret input keying material, at least 16 bytes
 * @param info   what the value is for, e.g. `zhenmei/visit/unit`
 */
export function derive(secret: Uint8Array, info: string, length = 32): Uint8Array<ArrayBuffer> {
  return hkdf(nobleSha256, secret, undefined, utf8(info), length) as Uint8Array<ArrayBuffer>;
}

/**
 * Salted commitment: SHA-256(salt ‖ canonical JSON). Without the salt it says nothing about the record;
 * destroying the salt is the erasure. Throws COMMITMENT_SALT_SHORT under 128 bits.
 */
export function commit(salt: Uint8Array, record: unknown): Uint8Array<ArrayBuffer> {
  if (salt.length < 16) throw new AppError('COMMITMENT_SALT_SHORT');
  return sha256(concat(salt, utf8(canonicalJson(record))));
}

/** SHA-256 of a text's UTF-8 form: the identity of a consent text, a standard, a policy pack. */
export function textHash(text: string): Uint8Array<ArrayBuffer> {
  return sha256(utf8(text));
}
