/**
 * A proof in as few bytes as it can be, for a printed code. Left out is what whoever checks it knows or computes: the
 * log's name (by the key's identifier), the root (by leaf and path), and the lengths (by index and size).
 */
import { AppError, concat, equalBytes, fromBase64, fromHex, toHex } from '@zhenmei/kernel';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { HASH_SIZE, leafHash } from './hash.ts';
import { parseVerifierKey } from './keys.ts';
import { type LogProof, parseLogProof } from './log-proof.ts';
import { splitNote, verifyEd25519 } from './note.ts';
import { rootFromInclusion } from './verify.ts';

const KEY_ID = 4;
const SIGNATURE = 64;

export interface CompactProof {
  /** Identifier of the log's key (C2SP), 8 hex digits. */
  readonly keyId: string;
  readonly size: number;
  readonly index: number;
  readonly signature: Uint8Array;
  /** From the leaf upwards. */
  readonly path: readonly Uint8Array[];
}

function malformed(reason: string): never {
  throw new AppError('TLOG_PROOF_FORMAT', { reason });
}

/** Keeps the signature of the log itself. Throws TLOG_PROOF_FORMAT, and the codes of notes and checkpoints. */
export function compactProof(value: LogProof): CompactProof {
  const { origin, index, path, checkpoint } = parseLogProof(value);
  const { text, signatures } = splitNote(checkpoint);
  const { size } = parseCheckpoint(text);
  const own = signatures.find(({ name, bytes }) => name === origin && bytes.length === SIGNATURE);
  if (!own) return malformed('no signature of the log');
  return { keyId: own.id, size, index, signature: own.bytes, path: path.map(fromBase64) };
}

/** Key, size and index, then the signature, then the path. */
export function packProof({ keyId, size, index, signature, path }: CompactProof): Uint8Array<ArrayBuffer> {
  return concat(fromHex(keyId), varint(size), varint(index), signature, ...path);
}

/** Reads all of the bytes. Throws TLOG_PROOF_FORMAT. */
export function unpackProof(bytes: Uint8Array): CompactProof {
  if (bytes.length < KEY_ID) return malformed('too short');
  const size = readVarint(bytes, KEY_ID);
  const index = readVarint(bytes, size.next);
  const from = index.next + SIGNATURE;
  const rest = bytes.length - from;
  if (rest < 0 || rest % HASH_SIZE !== 0) return malformed('length');
  const path = Array.from({ length: rest / HASH_SIZE }, (_, i) =>
    bytes.slice(from + i * HASH_SIZE, from + (i + 1) * HASH_SIZE),
  );
  return {
    keyId: toHex(bytes.subarray(0, KEY_ID)),
    size: size.value,
    index: index.value,
    signature: bytes.slice(index.next, from),
    path,
  };
}

/**
 * Proves the leaf against the logs of a trust file. @returns the log's name
 * Throws TLOG_NOTE_UNTRUSTED for a key that nobody trusts, TLOG_SIGNATURE_INVALID, and what `rootFromInclusion` throws.
 */
export function verifyCompactProof(
  proof: CompactProof,
  leaf: Uint8Array,
  logs: readonly { readonly origin: string; readonly keys: readonly string[] }[],
): string {
  const known = logs.flatMap(({ origin, keys }) =>
    keys.map(parseVerifierKey).filter((key) => key.type === 1 && key.name === origin),
  );
  const key = known.find(({ id }) => id === proof.keyId);
  if (!key) throw new AppError('TLOG_NOTE_UNTRUSTED');
  const root = rootFromInclusion(proof.index, proof.size, leafHash(leaf), proof.path);
  const text = checkpointText({ origin: key.name, size: proof.size, root });
  if (!verifyEd25519(proof.signature, new TextEncoder().encode(text), key.publicKey))
    throw new AppError('TLOG_SIGNATURE_INVALID', { name: key.name });
  return key.name;
}

/** LEB128, the shortest writing only. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** Throws TLOG_PROOF_FORMAT. */
export function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return malformed('number cut off');
    value += (byte % 128) * 128 ** i;
    if (byte >= 128) continue;
    if (!Number.isSafeInteger(value)) return malformed('number too large');
    if (!equalBytes(varint(value), bytes.subarray(from, from + i + 1)))
      return malformed('number not shortest');
    return { value, next: from + i + 1 };
  }
  return malformed('number too long');
}
