/**
 * Sealing to a person's key: HPKE (RFC 9180) over X-Wing (X25519 with ML-KEM-768, KEM 0x647a), HKDF-SHA-256 and
 * AES-256-GCM. What is sealed today stays sealed against a quantum computer later. Every byte of `purpose` and of what
 * is `bound` to it decides the key, so a changed scope does not open.
 */
import { ml_kem768_x25519 as kem } from '@noble/post-quantum/hybrid.js';
import { AppError, concat, fromBase64Url, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';
import { type HpkeSuite, hpkeKeys, hpkeOneMessage, type Psk } from './hpke.ts';

export interface SealKeys {
  /** base64url, 1216 bytes. */
  readonly publicKey: string;
  /** 32 bytes. */
  readonly secretKey: Uint8Array<ArrayBuffer>;
}

/** What is bound to a seal beside its purpose. */
export interface Bound {
  /** Bytes that travel beside the sealed text and must not change. */
  readonly aad?: Uint8Array;
  /** At least 32 secret bytes both sides have: shows that the sender knew them. */
  readonly psk?: Uint8Array;
}

const SUITE: HpkeSuite = { kem: 0x647a, aead: 0x0002, keyLength: 32 };
/** First byte of everything sealed; another suite gets another number. */
const VERSION = 1;
const ENCAPSULATED = 1_120;
const TAG = 16;
/** Random bytes that one seal uses. */
export const SEAL_RANDOM = 64;

/** @param seed 32 secret bytes; the same seed gives the same keys */
export function sealKeys(seed: Uint8Array): SealKeys {
  const { publicKey, secretKey } = kem.keygen(seed.subarray(0, 32));
  return { publicKey: toBase64Url(publicKey), secretKey: secretKey as Uint8Array<ArrayBuffer> };
}

const pskOf = ({ psk }: Bound): Psk | undefined => psk && { secret: psk, id: utf8('zhenmei/seal/psk/v1') };

/**
 * @param publicKey base64url, of the person it is for
 * @param random at least 64 fresh random bytes
 * @returns base64url: version ‖ encapsulated key ‖ ciphertext. Throws SEAL_KEY_WRONG.
 */
export async function sealTo(
  publicKey: string,
  text: Uint8Array,
  purpose: string,
  random: Uint8Array,
  bound: Bound = {},
): Promise<string> {
  let made: { cipherText: Uint8Array; sharedSecret: Uint8Array };
  try {
    made = kem.encapsulate(fromBase64Url(publicKey), random.subarray(0, SEAL_RANDOM));
  } catch (cause) {
    throw new AppError('SEAL_KEY_WRONG', {}, { cause });
  }
  const keys = hpkeKeys(SUITE, made.sharedSecret, utf8(purpose), pskOf(bound));
  const cipher = await hpkeOneMessage('encrypt', keys, bound.aad ?? new Uint8Array(0), text);
  return toBase64Url(concat(new Uint8Array([VERSION]), made.cipherText, cipher));
}

/** Throws VAULT_DAMAGED if a byte of the sealed text, its purpose or what was bound to it is another. */
export async function openSealed(
  secretKey: Uint8Array,
  sealed: string,
  purpose: string,
  bound: Bound = {},
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const bytes = fromBase64Url(sealed);
    if (bytes[0] !== VERSION || bytes.length < 1 + ENCAPSULATED + TAG) throw new AppError('VAULT_DAMAGED');
    const shared = kem.decapsulate(bytes.subarray(1, 1 + ENCAPSULATED), secretKey);
    const keys = hpkeKeys(SUITE, shared, utf8(purpose), pskOf(bound));
    return await hpkeOneMessage(
      'decrypt',
      keys,
      bound.aad ?? new Uint8Array(0),
      bytes.subarray(1 + ENCAPSULATED),
    );
  } catch (cause) {
    throw new AppError('VAULT_DAMAGED', {}, { cause });
  }
}
