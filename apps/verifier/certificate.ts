/**
 * The treatment certificate in one printed code: `ZMC1:` and Base45 of
 *   version (1) ‖ form of the leaf ‖ leaf ‖ key of the log (4) ‖ size ‖ index ‖ signature (64) ‖ path (32 each)
 * Form 1 is the use of a unit in few bytes, form 2 a commitment, form 0 any leaf with its length. It needs the trust
 * file and nothing else: no server, no network, no other file.
 */
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import {
  AppError,
  canonicalJson,
  concat,
  fromBase45,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase45,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import {
  packUseLeaf,
  readUseLeaf,
  type UseStatement,
  unpackUse,
  useLeaf,
} from '@zhenmei/provenance/core/use-leaf.ts';
import {
  type CompactProof,
  compactProof,
  packProof,
  readVarint,
  unpackProof,
  varint,
  verifyCompactProof,
} from '@zhenmei/tlog/core/compact-proof.ts';
import { decodeLeaf } from '@zhenmei/tlog/core/leaf.ts';
import type { LogProof } from '@zhenmei/tlog/core/log-proof.ts';
import { type ProofResult, prove, result } from './result.ts';

export const CERTIFICATE_PREFIX = 'ZMC1:';
const VERSION = 1;
const FORM = { raw: 0, use: 1, commitment: 2 } as const;
/** A code that is longer cannot be printed as one. */
const MAX_TEXT = 4_296;

/** Throws TLOG_PROOF_FORMAT and the codes of notes and checkpoints. */
export function certificateText(proof: LogProof): string {
  const leaf = fromBase64(proof.leaf);
  const packed = packUseLeaf(leaf);
  const commitment = packed ? null : commitmentOf(leaf);
  const body = packed
    ? concat(Uint8Array.of(FORM.use), packed)
    : commitment
      ? concat(Uint8Array.of(FORM.commitment), leaf.subarray(0, 1), commitment)
      : concat(Uint8Array.of(FORM.raw), varint(leaf.length), leaf);
  return CERTIFICATE_PREFIX + toBase45(concat(Uint8Array.of(VERSION), body, packProof(compactProof(proof))));
}

/** A leaf that is nothing but a commitment, as records and consents are. */
const commitmentText = (commitment: Uint8Array) => canonicalJson({ commitment: toHex0x(commitment) });

function commitmentOf(leaf: Uint8Array): Uint8Array | null {
  const found = /^\{"commitment":"(0x[0-9a-f]{64})"\}$/.exec(fromUtf8(leaf.subarray(1)))?.[1];
  return found ? fromHex(found) : null;
}

export interface CertificateVerification {
  readonly proof: ProofResult;
  /** What the leaf says, if it is a use. */
  readonly use: UseStatement | null;
  readonly exit: 0 | 1 | 2;
}

/** Never throws for a bad code: every problem is a named answer. */
export async function verifyCertificate(
  text: string,
  trust: Pick<TrustFile, 'logs'>,
): Promise<CertificateVerification> {
  let use: UseStatement | null = null;
  const proof = await prove(async () => {
    const { leaf, compact } = read(text.trim());
    const { type } = decodeLeaf(leaf);
    const origin = verifyCompactProof(compact, leaf, trust.logs);
    use = readUseLeaf(leaf);
    return result('proven', 'CERTIFICATE_PROVEN', {
      facts: { origin, index: compact.index, size: compact.size, leaf: type },
    });
  });
  // a log that the trust file does not name may still be true
  const unknown = proof.code === 'TLOG_NOTE_UNTRUSTED';
  return {
    proof: unknown ? { ...proof, verdict: 'cannot-judge' } : proof,
    use,
    exit: proof.verdict === 'proven' ? 0 : unknown ? 2 : 1,
  };
}

function read(text: string): { leaf: Uint8Array; compact: CompactProof } {
  if (!text.startsWith(CERTIFICATE_PREFIX) || text.length > MAX_TEXT)
    throw new AppError('CERTIFICATE_UNREADABLE');
  const bytes = fromBase45(text.slice(CERTIFICATE_PREFIX.length));
  const [version, form] = bytes;
  if (version !== VERSION) throw new AppError('CERTIFICATE_VERSION', { version: version ?? 0 });
  const { leaf, next } = readLeaf(form, bytes.subarray(2));
  return { leaf, compact: unpackProof(bytes.subarray(2 + next)) };
}

function readLeaf(form: number | undefined, bytes: Uint8Array): { leaf: Uint8Array; next: number } {
  if (form === FORM.use) {
    const found = unpackUse(bytes);
    if (found) return { leaf: useLeaf(found.statement), next: found.length };
  } else if (form === FORM.commitment && bytes.length > 33) {
    return { leaf: concat(bytes.subarray(0, 1), utf8(commitmentText(bytes.subarray(1, 33)))), next: 33 };
  } else if (form === FORM.raw) {
    const { value, next } = readVarint(bytes, 0);
    if (value > 0 && next + value <= bytes.length)
      return { leaf: bytes.slice(next, next + value), next: next + value };
  }
  throw new AppError('CERTIFICATE_UNREADABLE');
}
