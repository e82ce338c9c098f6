/** HPKE (RFC 9180): the key schedule in modes `base` and `psk`, and one message under it. The KEM is the caller's. */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '@zhenmei/kernel';

export interface HpkeSuite {
  /** Registered identifier of the key encapsulation. */
  readonly kem: number;
  /** Registered identifier of the cipher; the key derivation is always HKDF-SHA-256. */
  readonly aead: number;
  /** Length of the cipher's key in bytes. */
  readonly keyLength: number;
}

export interface HpkeKeys {
  readonly key: Uint8Array<ArrayBuffer>;
  readonly baseNonce: Uint8Array<ArrayBuffer>;
}

/** A secret that both sides have already, and its public name. At least 32 bytes. */
export interface Psk {
  readonly secret: Uint8Array;
  readonly id: Uint8Array;
}

const HKDF_SHA256 = 0x0001;
const NOTHING = new Uint8Array(0);
const u16 = (n: number) => new Uint8Array([n >> 8, n & 255]);

/** RFC 9180 §5.1: from the encapsulated secret to key and nonce; every byte of `info` decides both. */
export function hpkeKeys(suite: HpkeSuite, shared: Uint8Array, info: Uint8Array, psk?: Psk): HpkeKeys {
  const suiteId = concat(utf8('HPKE'), u16(suite.kem), u16(HKDF_SHA256), u16(suite.aead));
  const label = (name: string) => concat(utf8('HPKE-v1'), suiteId, utf8(name));
  const labeledExtract = (salt: Uint8Array, name: string, ikm: Uint8Array) =>
    extract(sha256, concat(label(name), ikm), salt);
  const labeledExpand = (prk: Uint8Array, name: string, context: Uint8Array, length: number) =>
    expand(sha256, prk, concat(u16(length), label(name), context), length) as Uint8Array<ArrayBuffer>;

  const context = concat(
    new Uint8Array([psk ? 1 : 0]),
    labeledExtract(NOTHING, 'psk_id_hash', psk?.id ?? NOTHING),
    labeledExtract(NOTHING, 'info_hash', info),
  );
  const secret = labeledExtract(shared, 'secret', psk?.secret ?? NOTHING);
  return {
    key: labeledExpand(secret, 'key', context, suite.keyLength),
    baseNonce: labeledExpand(secret, 'base_nonce', context, 12),
  };
}

type Way = 'encrypt' | 'decrypt';

/** The first message of a context, which is all that sealing needs. */
export async function hpkeOneMessage(
  way: Way,
  keys: HpkeKeys,
  aad: Uint8Array,
  bytes: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', keys.key, 'AES-GCM', false, [way]);
  const algorithm = { name: 'AES-GCM', iv: keys.baseNonce, additionalData: new Uint8Array(aad) };
  return new Uint8Array(await crypto.subtle[way](algorithm, key, new Uint8Array(bytes)));
}
