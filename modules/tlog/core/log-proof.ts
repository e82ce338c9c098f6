/** The proof a receipt carries (ADR 0001): one leaf, its path, and the signed checkpoint it leads to. */
import { AppError, fromBase64, toBase64, toHex } from '@zhenmei/kernel';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { leafHash } from './hash.ts';
import { parseVerifierKey } from './keys.ts';
import { openNote } from './note.ts';
import { verifyInclusion } from './verify.ts';

export interface LogProof {
  readonly origin: string;
  readonly index: number;
  /** base64: type byte, then canonical JSON. */
  readonly leaf: string;
  /** base64, from the leaf upwards. */
  readonly path: readonly string[];
  /** C2SP signed note. */
  readonly checkpoint: string;
}

/** Whom the verifier believes; comes from the trust file, never from the proof. */
export interface LogTrust {
  readonly origin: string;
  /** C2SP verifier keys of the log (type 1). */
  readonly keys: readonly string[];
  /** Ask for cosignatures of at least `k` of these witnesses (verifier keys of type 4). */
  readonly witnesses?: { readonly keys: readonly string[]; readonly k: number };
}

export interface ProvenLeaf {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  /** Witnesses of the checkpoint and the POSIX second at which each saw it. */
  readonly witnessed: readonly { readonly name: string; readonly time: number }[];
}

function malformed(reason: string, cause?: unknown): never {
  throw new AppError('TLOG_PROOF_FORMAT', { reason }, { cause });
}

/** Reads an unknown value as a LogProof: exactly its five members, nothing more. Throws TLOG_PROOF_FORMAT. */
export function parseLogProof(value: unknown): LogProof {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not an object');
  const { origin, index, leaf, path, checkpoint, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return malformed('unknown member');
  if (typeof origin !== 'string') return malformed('origin');
  if (!Number.isSafeInteger(index) || Object.is(index, -0)) return malformed('index');
  if (typeof leaf !== 'string') return malformed('leaf');
  if (!Array.isArray(path) || path.length > 64 || !path.every((node) => typeof node === 'string'))
    return malformed('path');
  if (typeof checkpoint !== 'string') return malformed('checkpoint');
  return { origin, index: index as number, leaf, path: path as string[], checkpoint };
}

function decode(text: string, what: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    return malformed(what, cause);
  }
}

/**
 * Proves that the leaf stands at its index in a log whose checkpoint a trusted key signed.
 * Throws TLOG_PROOF_FORMAT, TLOG_ORIGIN_MISMATCH, and what `openCheckpoint` and `verifyInclusion` throw.
 */
export function verifyLogProof(proof: unknown, trust: LogTrust): ProvenLeaf {
  const { origin, index, leaf, path, checkpoint } = parseLogProof(proof);
  if (origin !== trust.origin) throw new AppError('TLOG_ORIGIN_MISMATCH', { origin: origin.slice(0, 80) });
  const head = openCheckpoint(checkpoint, trust);
  const bytes = decode(leaf, 'leaf');
  if (bytes.length === 0) malformed('empty leaf');
  const nodes = path.map((node) => decode(node, 'path'));
  verifyInclusion(index, head.size, leafHash(bytes), nodes, head.root);
  return {
    index,
    size: head.size,
    leaf: bytes,
    root: head.root,
    witnessed: head.witnessed,
  };
}

/** A checkpoint with those who vouch for it. */
export interface SignedCheckpoint extends Checkpoint {
  /** The note as it was given. */
  readonly note: string;
  readonly witnessed: ProvenLeaf['witnessed'];
}

/**
 * Opens a checkpoint that a trusted key of this log signed, and enough witnesses if the trust asks for them.
 * Throws TLOG_KEY_FORMAT, TLOG_NOTE_FORMAT, TLOG_NOTE_UNTRUSTED, TLOG_SIGNATURE_INVALID, TLOG_CHECKPOINT_FORMAT,
 * TLOG_ORIGIN_MISMATCH, TLOG_WITNESSES_TOO_FEW.
 */
export function openCheckpoint(note: string, trust: LogTrust): SignedCheckpoint {
  const logKeys = trust.keys.map(parseVerifierKey).filter((key) => key.type === 1);
  const { text, signedBy } = openNote(note, logKeys);
  const head = parseCheckpoint(text);
  if (head.origin !== trust.origin || signedBy.some(({ key }) => key.name !== trust.origin))
    throw new AppError('TLOG_ORIGIN_MISMATCH', { origin: head.origin.slice(0, 80) });
  return { ...head, note, witnessed: witnessed(note, trust.witnesses) };
}

function witnessed(checkpoint: string, policy: LogTrust['witnesses']): ProvenLeaf['witnessed'] {
  if (!policy) return [];
  const keys = policy.keys.map(parseVerifierKey).filter((key) => key.type === 4);
  let found: ReturnType<typeof openNote>['signedBy'] = [];
  try {
    found = openNote(checkpoint, keys).signedBy;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'TLOG_NOTE_UNTRUSTED')) throw error;
  }
  const have = new Set(found.map(({ key }) => toHex(key.publicKey))).size;
  if (have < policy.k) throw new AppError('TLOG_WITNESSES_TOO_FEW', { need: policy.k, have });
  return found.map(({ key, time }) => ({ name: key.name, time: Number(time) }));
}

/** Writes a proof in its transport form. */
export function toLogProof(
  origin: string,
  index: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  checkpoint: string,
): LogProof {
  return { origin, index, leaf: toBase64(leaf), path: path.map(toBase64), checkpoint };
}
