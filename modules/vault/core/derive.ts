/** Every key of a patient from the vault's root: one agreement, one key; nothing links two of them (ADR 0001). */
import { babyjubjub } from '@noble/curves/misc.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake512 } from '@noble/hashes/blake1.js';
import {
  AppError,
  derive,
  type Hex,
  keccak256,
  sha256,
  toBase64Url,
  toHex,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import './errors.ts';
import { type SealKeys, sealKeys } from './seal.ts';

export interface AgreementKey {
  readonly privateKey: Uint8Array<ArrayBuffer>;
  readonly address: Hex;
}

/** HKDF info of number `index` in a family. Throws KEY_INDEX_WRONG. */
export function indexed(family: string, index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new AppError('KEY_INDEX_WRONG');
  return `zhenmei/${family}/${index}`;
}

/** secp256k1 key of agreement `index`, counted from 0. Throws KEY_INDEX_WRONG. */
export function agreementKey(root: Uint8Array, index: number): AgreementKey {
  const info = indexed('agreement', index);
  const privateKey = firstInRange((attempt) => derive(root, attempt === 0 ? info : `${info}/${attempt}`));
  return { privateKey, address: addressOf(privateKey) };
}

/** What an objection to one check is made with; nothing links it to a visit or to another objection. */
export interface ContestKey extends AgreementKey {
  /** Reads the objection at the server, which keeps its hash. */
  readonly token: string;
}

/** @param check names the check for ever: its contract and its number */
export function contestKey(root: Uint8Array, check: string): ContestKey {
  const privateKey = firstInRange((attempt) => derive(root, `zhenmei/contest/${check}/${attempt}`));
  const token = toBase64Url(derive(root, `zhenmei/contest-read/${check}`));
  return { privateKey, address: addressOf(privateKey), token };
}

/** Ethereum address of a secp256k1 private key. */
export function addressOf(privateKey: Uint8Array): Hex {
  const point = secp256k1.getPublicKey(privateKey, false);
  return `0x${toHex(keccak256(point.subarray(1)).subarray(12))}`;
}

/** The first candidate that is a secp256k1 private key: neither 0 nor beyond the group order. */
export function firstInRange(
  candidate: (attempt: number) => Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  for (let attempt = 0; ; attempt++) {
    const key = candidate(attempt);
    if (secp256k1.utils.isValidSecretKey(key)) return key;
  }
}

/** Keys to which the clinic seals what belongs to agreement `index`. */
export function agreementSealKeys(root: Uint8Array, index: number): SealKeys {
  return sealKeys(derive(root, indexed('agreement-seal', index)));
}

/** Secret with which the visit of agreement `index` is read at the server, and the hash that the server keeps. */
export function readSecret(root: Uint8Array, index: number): { token: string; hash: Hex } {
  const token = toBase64Url(derive(root, indexed('agreement-read', index)));
  return { token, hash: toHex0x(sha256(utf8(token))) };
}

/** P-256 key under which somebody under age is known to guardians and to the registry. @param root the vault's first */
export function childKey(root: Uint8Array): Uint8Array<ArrayBuffer> {
  for (let attempt = 0; ; attempt++) {
    const key = derive(root, indexed('child', attempt));
    if (p256.utils.isValidSecretKey(key)) return key;
  }
}

/** Where the money of agreement `index` returns to: opaque for everybody but patient and custodian. */
export function payoutReference(root: Uint8Array, index: number): Hex {
  return toHex0x(derive(root, indexed('payout', index)));
}

/** The identity behind one review right, as Semaphore v4 makes it: EdDSA on Baby Jubjub and its Poseidon hash. */
export interface ReviewIdentity {
  /** 32 bytes from which Semaphore derives all the rest. */
  readonly privateKey: Uint8Array<ArrayBuffer>;
  /** What a membership proof needs to know. */
  readonly secretScalar: bigint;
  /** Point on Baby Jubjub. */
  readonly publicKey: readonly [bigint, bigint];
  /** The member of the clinic's review group. */
  readonly commitment: bigint;
}

/** Identity of review right `index`; it follows from the root, so the clinic cannot compute it (ADR 0003). */
export function reviewIdentity(root: Uint8Array, index: number): ReviewIdentity {
  const privateKey = derive(root, indexed('review', index));
  const secretScalar = scalarOf(privateKey);
  const { x, y } = babyjubjub.Point.BASE.multiply(secretScalar).toAffine();
  return { privateKey, secretScalar, publicKey: [x, y], commitment: poseidon2([x, y]) };
}

/** The commitment alone, in decimal, as terms carry it. */
export function reviewCommitment(root: Uint8Array, index: number): string {
  return reviewIdentity(root, index).commitment.toString();
}

/** The pruned lower half of BLAKE-512, little-endian, divided by the cofactor. */
function scalarOf(privateKey: Uint8Array): bigint {
  const hash = blake512(privateKey).slice(0, 32);
  hash[0]! &= 0xf8;
  hash[31] = (hash[31]! & 0x7f) | 0x40;
  const scalar = hash.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 3n;
  return scalar % babyjubjub.Point.Fn.ORDER;
}

const of = (visitSecret: Uint8Array, what: string) => derive(visitSecret, `zhenmei/visit/${what}`);

/** Values of one visit, from the secret that patient and clinic share. Each place sees its own. */
export const visitValue = {
  opener: (visitSecret: Uint8Array, n: number): Hex => toHex0x(derive(visitSecret, indexed('visit/unit', n))),
  recordSalt: (visitSecret: Uint8Array): Uint8Array<ArrayBuffer> => of(visitSecret, 'record'),
  consentSalt: (visitSecret: Uint8Array): Hex => toHex0x(of(visitSecret, 'consent')),
  claimSalt: (visitSecret: Uint8Array, milestone: number): Uint8Array<ArrayBuffer> =>
    derive(visitSecret, indexed('visit/claim', milestone)),
  quoteSalt: (visitSecret: Uint8Array): Uint8Array<ArrayBuffer> => of(visitSecret, 'quote'),
  licenceTag: (visitSecret: Uint8Array): Hex => toHex0x(of(visitSecret, 'licence')),
  /** Bound to what one side seals to the other (`psk`), it shows that nobody else sealed it. */
  sealSecret: (visitSecret: Uint8Array): Uint8Array<ArrayBuffer> => of(visitSecret, 'seal'),
  /** Key and salt of what both sides say about the gate; the server keeps ciphertext and commitment. */
  gateKey: (visitSecret: Uint8Array): Uint8Array<ArrayBuffer> => of(visitSecret, 'gate'),
  gateSalt: (visitSecret: Uint8Array): Uint8Array<ArrayBuffer> => of(visitSecret, 'gate-salt'),
  /** Label under which the clinic leaves sealed files; nobody else can compute it. */
  mailbox: (visitSecret: Uint8Array): string => toBase64Url(of(visitSecret, 'mailbox')),
};
