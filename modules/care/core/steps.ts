/**
 * Signed steps of a visit. Each step names its place in the order and the step before it, so that a replayed,
 * reordered or foreign signature never fits. The patient signs with the agreement key (EIP-712), the clinic's
 * device with its P-256 key (ES256 over the same digest).
 */
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  AppError,
  canonicalJson,
  concat,
  defineErrors,
  fromHex,
  type Hex,
  keccak256,
  sha256,
  toHex,
  toHex0x,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { STEP_TYPES } from './visit.ts';

defineErrors({
  STEP_SIGNATURE_WRONG: {
    status: 403,
    retryable: false,
    zh: '签名与这次就诊不符，没有执行。请刷新后重试。',
    en: 'The signature does not belong to this visit; nothing was done. Refresh and try again.',
  },
  STEP_OUT_OF_ORDER: {
    status: 409,
    retryable: false,
    zh: '这一步与当前进度不符，可能已经完成。请刷新查看。',
    en: 'This step does not fit the present state; it may be done already. Refresh to see.',
  },
});

export const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<Hex>;
export const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<Hex>;

export const VisitStep = z.object({
  visit: z.uuid(),
  type: z.enum(STEP_TYPES),
  /** Place in the order, from 1. */
  sequence: z.int().min(1).max(1000),
  /** SHA-256 of the canonical JSON of the step before; zeros for the first. */
  previous: Bytes32,
  at: z.iso.datetime(),
  data: z.record(z.string().max(60), z.union([z.string().max(4000), z.number(), z.boolean(), z.null()])),
});
export type VisitStep = z.infer<typeof VisitStep>;

export const FIRST: Hex = `0x${'0'.repeat(64)}`;

/**
 * The step that follows what a visit shows.
 * @param now milliseconds since the epoch
 */
export function stepAfter(
  visit: { readonly id: string; readonly sequence: number; readonly lastHash: Hex },
  type: VisitStep['type'],
  data: VisitStep['data'],
  now: number,
): VisitStep {
  return {
    visit: visit.id,
    type,
    sequence: visit.sequence + 1,
    previous: visit.lastHash,
    at: toIso(now),
    data,
  };
}

/** Identity of a step: SHA-256 of its canonical JSON. */
export function stepHash(step: VisitStep): Hex {
  return toHex0x(sha256(utf8(canonicalJson(step))));
}

const DOMAIN = keccak256(
  concat(
    keccak256(utf8('EIP712Domain(string name,string version)')),
    keccak256(utf8('Zhenmei Visit')),
    keccak256(utf8('1')),
  ),
);
const STEP_TYPE_HASH = keccak256(
  utf8('VisitStep(bytes32 visit,uint32 sequence,bytes32 previous,bytes32 body)'),
);

/** EIP-712 digest that the patient's agreement key signs; the device signs the same 32 bytes with ES256. */
export function stepDigest(step: VisitStep): Uint8Array<ArrayBuffer> {
  const sequence = new Uint8Array(32);
  new DataView(sequence.buffer).setUint32(28, step.sequence);
  const struct = keccak256(
    concat(
      STEP_TYPE_HASH,
      sha256(utf8(step.visit)),
      sequence,
      fromHex(step.previous),
      fromHex(stepHash(step)),
    ),
  );
  return keccak256(concat(Uint8Array.of(0x19, 0x01), DOMAIN, struct));
}

/** 65-byte recoverable signature (r ‖ s ‖ v) over the step's digest. */
export function signAsPatient(step: VisitStep, privateKey: Uint8Array): Hex {
  return signDigest(stepDigest(step), privateKey);
}

/** The same over any digest of 32 bytes. */
export function signDigest(digest: Uint8Array, privateKey: Uint8Array): Hex {
  const signature = secp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' });
  return toHex0x(concat(signature.subarray(1), Uint8Array.of(27 + signature[0]!)));
}

/** Throws STEP_SIGNATURE_WRONG unless the signature is low-s and recovers to `address`. */
export function verifyPatient(step: VisitStep, signature: Hex, address: Hex): void {
  if (addressThatSigned(stepDigest(step), signature) !== address)
    throw new AppError('STEP_SIGNATURE_WRONG', { side: 'patient' });
}

/** @returns null if it is no low-s signature of 65 bytes over this digest */
export function addressThatSigned(digest: Uint8Array, signature: Hex): Hex | null {
  const bytes = fromHex(signature);
  if (bytes.length !== 65 || (bytes[64] !== 27 && bytes[64] !== 28)) return null;
  try {
    const recovered = secp256k1.Signature.fromBytes(
      concat(Uint8Array.of(bytes[64]! - 27), bytes.subarray(0, 64)),
      'recovered',
    );
    return recovered.hasHighS() ? null : addressOf(recovered.recoverPublicKey(digest).toBytes(false));
  } catch {
    return null;
  }
}

/** ES256 as WebCrypto makes it: 64 bytes r ‖ s over SHA-256 of the digest. `publicKey` is the uncompressed point. */
export function verifyDevice(step: VisitStep, signature: Hex, publicKey: Uint8Array): void {
  const bytes = fromHex(signature);
  let valid = false;
  try {
    valid =
      bytes.length === 64 && p256.verify(bytes, stepDigest(step), publicKey, { prehash: true, lowS: false });
  } catch (cause) {
    throw new AppError('STEP_SIGNATURE_WRONG', { side: 'clinic' }, { cause });
  }
  if (!valid) throw new AppError('STEP_SIGNATURE_WRONG', { side: 'clinic' });
}

/** Ethereum address of an uncompressed secp256k1 public key. */
export function addressOf(publicKey: Uint8Array): Hex {
  return `0x${toHex(keccak256(publicKey.subarray(1)).subarray(12))}`;
}

/** Throws STEP_OUT_OF_ORDER unless `step` follows `last`. */
export function assertFollows(step: VisitStep, last: { sequence: number; hash: Hex } | undefined): void {
  const sequence = (last?.sequence ?? 0) + 1;
  const previous = last?.hash ?? FIRST;
  if (step.sequence !== sequence || step.previous !== previous)
    throw new AppError('STEP_OUT_OF_ORDER', { expected: sequence });
}
