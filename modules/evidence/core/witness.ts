/** Who vouches for a block header: Ed25519 over `zhenmei/header/v1\n` ‖ uint64be(chain id) ‖ block hash (ADR 0001). */
import { ed25519 } from '@noble/curves/ed25519.js';
import { AppError, concat, fromHex, type Hex, toHex0x, utf8 } from '@zhenmei/kernel';
import './errors.ts';

export interface WitnessSignature {
  /** Ed25519 public key. */
  readonly key: Hex;
  readonly signature: Hex;
}

/**
 * `independent`: at least k witnesses who are not the operator signed. `operator-only`: k signatures are there,
 * but only with the operator's own. `none`: fewer than k; the header must be checked online.
 */
export type Grade = 'independent' | 'operator-only' | 'none';

export interface WitnessPolicy {
  readonly k: number;
  readonly keys: readonly { readonly key: Hex; readonly operator: boolean }[];
}

export function headerMessage(chainId: number, blockHash: Hex): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(chainId) || chainId < 1)
    throw new AppError('EVIDENCE_FORMAT', { reason: 'chain id' });
  const hash = fromHex(blockHash);
  if (hash.length !== 32) throw new AppError('EVIDENCE_FORMAT', { reason: 'block hash' });
  const id = new Uint8Array(8);
  new DataView(id.buffer).setBigUint64(0, BigInt(chainId));
  return concat(utf8('zhenmei/header/v1\n'), id, hash);
}

/** @param privateKey 32-byte Ed25519 seed of the witness. Throws EVIDENCE_FORMAT. */
export function signHeader(privateKey: Uint8Array, chainId: number, blockHash: Hex): WitnessSignature {
  const signature = ed25519.sign(headerMessage(chainId, blockHash), privateKey);
  return { key: toHex0x(ed25519.getPublicKey(privateKey)), signature: toHex0x(signature) };
}

/**
 * Checks every signature, those of strangers too, so that no byte of the evidence is free; counts only witnesses of
 * the policy. Throws EVIDENCE_WITNESS_SIGNATURE, EVIDENCE_FORMAT for a key that appears twice.
 */
export function gradeWitnesses(
  signatures: readonly WitnessSignature[],
  chainId: number,
  blockHash: Hex,
  policy: WitnessPolicy,
): Grade {
  const message = headerMessage(chainId, blockHash);
  const seen = new Set<Hex>();
  for (const { key, signature } of signatures) {
    if (seen.has(key)) throw new AppError('EVIDENCE_FORMAT', { reason: 'a witness signs once' });
    seen.add(key);
    if (!verifies(signature, message, key)) throw new AppError('EVIDENCE_WITNESS_SIGNATURE', { key });
  }
  const signed = policy.keys.filter(({ key }) => seen.has(key));
  if (policy.k < 1 || signed.length < policy.k) return 'none';
  return signed.filter(({ operator }) => !operator).length >= policy.k ? 'independent' : 'operator-only';
}

/** RFC 8032 strictly. A key that is no curve point verifies nothing. */
function verifies(signature: Hex, message: Uint8Array, key: Hex): boolean {
  const [sig, publicKey] = [fromHex(signature), fromHex(key)];
  return (
    sig.length === 64 && publicKey.length === 32 && ed25519.verify(sig, message, publicKey, { zip215: false })
  );
}
