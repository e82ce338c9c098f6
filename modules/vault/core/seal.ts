/**
 * Sealing to a person's key: X25519 + ML-KEM-768 hybrid (X-Wing construction), then AES-256-GCM. What is sealed today
 * stays sealed against a quantum computer later. Every byte of `purpose` is bound to the opening.
 */
import { ml_kem768_x25519 as kem } from '@noble/post-quantum/hybrid.js';
import { AppError, concat, derive, fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import './errors.ts';
import { openBox, sealBox } from './secret-box.ts';

export interface SealKeys {
  /** base64url, 1216 bytes. */
  readonly publicKey: string;
  readonly secretKey: Uint8Array<ArrayBuffer>;
}

const SEED = 32;
const CIPHERTEXT = 1_120;

/** @param seed 32 secret bytes; the same seed gives the same keys */
export function sealKeys(seed: Uint8Array): SealKeys {
  const { publicKey, secretKey } = kem.keygen(seed.subarray(0, SEED));
  return { publicKey: toBase64Url(publicKey), secretKey: secretKey as Uint8Array<ArrayBuffer> };
}

/** @param random at least 76 random bytes */
export async function sealTo(
  publicKey: string,
  text: Uint8Array<ArrayBuffer>,
  purpose: string,
  random: Uint8Array,
): Promise<string> {
  let sealed: { cipherText: Uint8Array; sharedSecret: Uint8Array };
  try {
    sealed = kem.encapsulate(fromBase64Url(publicKey), random.subarray(0, 64));
  } catch (cause) {
    throw new AppError('VAULT_DAMAGED', {}, { cause });
  }
  const key = derive(sealed.sharedSecret, `zhenmei/seal/v1/${purpose}`);
  const box = await sealBox(key, random.slice(64, 76) as Uint8Array<ArrayBuffer>, text, purpose);
  return toBase64Url(concat(sealed.cipherText, box));
}

/** Throws VAULT_DAMAGED. */
export async function openSealed(
  secretKey: Uint8Array,
  sealed: string,
  purpose: string,
): Promise<Uint8Array<ArrayBuffer>> {
  let shared: Uint8Array;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64Url(sealed);
    shared = kem.decapsulate(bytes.subarray(0, CIPHERTEXT), secretKey);
  } catch (cause) {
    throw new AppError('VAULT_DAMAGED', {}, { cause });
  }
  return openBox(derive(shared, `zhenmei/seal/v1/${purpose}`), bytes.slice(CIPHERTEXT), purpose);
}
