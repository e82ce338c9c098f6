/** Every key of a patient from the vault's root: one agreement, one key; nothing links two of them (ADR 0001). */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake512 } from '@noble/hashes/blake1.js';
import { derive, type Hex, keccak256, sha256, toBase64Url, toHex, toHex0x, utf8 } from '@zhenmei/kernel';
import { Base8, mulPointEscalar, subOrder } from '@zk-kit/baby-jubjub';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { type SealKeys, sealKeys } from './seal.ts';

export interface AgreementKey {
  readonly privateKey: Uint8Array<ArrayBuffer>;
  readonly address: Hex;
}

/** secp256k1 key of agreement `index`; the first candidate in range is taken. */
export function agreementKey(root: Uint8Array, index: number): AgreementKey {
  for (let attempt = 0; ; attempt++) {
    const privateKey = derive(root, `zhenmei/agreement/${index}${attempt === 0 ? '' : `/${attempt}`}`);
    if (!secp256k1.utils.isValidSecretKey(privateKey)) continue;
    const point = secp256k1.getPublicKey(privateKey, false);
    return { privateKey, address: `0x${toHex(keccak256(point.subarray(1)).subarray(12))}` };
  }
}

/** Keys to which the clinic seals what belongs to agreement `index`. */
export function agreementSealKeys(root: Uint8Array, index: number): SealKeys {
  return sealKeys(derive(root, `zhenmei/agreement-seal/${index}`));
}

/** Secret with which the visit of agreement `index` is read at the server, and the hash that the server keeps. */
export function readSecret(root: Uint8Array, index: number): { token: string; hash: Hex } {
  const token = toBase64Url(derive(root, `zhenmei/agreement-read/${index}`));
  return { token, hash: toHex0x(sha256(utf8(token))) };
}

/** Where the money of agreement `index` returns to: opaque for everybody but patient and custodian. */
export function payoutReference(root: Uint8Array, index: number): Hex {
  return toHex0x(derive(root, `zhenmei/payout/${index}`));
}

/** Identity commitment of review right `index`, as Semaphore v4 computes it from the identity's private key. */
export function reviewCommitment(root: Uint8Array, index: number): string {
  const [x, y] = mulPointEscalar(Base8, secretScalar(derive(root, `zhenmei/review/${index}`)));
  return poseidon2([x, y]).toString();
}

/** EdDSA secret scalar over Baby Jubjub: the pruned lower half of BLAKE-512, little-endian, divided by eight. */
function secretScalar(privateKey: Uint8Array): bigint {
  const hash = blake512(privateKey).slice(0, 32);
  hash[0]! &= 0xf8;
  hash[31] = (hash[31]! & 0x7f) | 0x40;
  const scalar = hash.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 3n;
  return scalar % subOrder;
}

/** Values of one visit, from the secret that patient and clinic share. */
export const visitValue = {
  opener: (visitSecret: Uint8Array, n: number): Hex =>
    toHex0x(derive(visitSecret, `zhenmei/visit/unit/${n}`)),
  consentSalt: (visitSecret: Uint8Array): Hex => toHex0x(derive(visitSecret, 'zhenmei/visit/consent')),
  quoteSalt: (visitSecret: Uint8Array): Uint8Array<ArrayBuffer> => derive(visitSecret, 'zhenmei/visit/quote'),
  licenceTag: (visitSecret: Uint8Array): Hex => toHex0x(derive(visitSecret, 'zhenmei/visit/licence')),
};

/** Key of a compartment of the vault in one epoch. */
export function compartmentKey(
  root: Uint8Array,
  compartment: Compartment,
  epoch = 1,
): Uint8Array<ArrayBuffer> {
  return derive(root, `zhenmei/vault/${compartment}/${epoch}`);
}

export const COMPARTMENTS = [
  'identity',
  'allergies',
  'treatments',
  'face-photos',
  'skin-measures',
  'genetics',
  'messages',
] as const;
export type Compartment = (typeof COMPARTMENTS)[number];
