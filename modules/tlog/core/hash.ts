/** RFC 6962 §2.1: domain-separated SHA-256 of leaves and nodes. */
import { AppError, concat, sha256 } from '@zhenmei/kernel';
import './errors.ts';

export const HASH_SIZE = 32;
const LEAF_PREFIX = Uint8Array.of(0);

/** Root of the empty tree. A checkpoint may carry it; no proof can. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** SHA-256(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(concat(LEAF_PREFIX, leaf));
}

const pair = new Uint8Array(1 + 2 * HASH_SIZE);
pair[0] = 1;

/** SHA-256(0x01 ‖ left ‖ right). Both must be 32 bytes; callers check what strangers send. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_SIZE);
  return sha256(pair);
}

/** Throws TLOG_HASH_LENGTH. */
export function requireHash(hash: Uint8Array): Uint8Array {
  if (hash.length !== HASH_SIZE) throw new AppError('TLOG_HASH_LENGTH');
  return hash;
}

/** Throws TLOG_SIZE_INVALID unless `size` is a whole number of at least 1 that JavaScript counts exactly. */
export function requireSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new AppError('TLOG_SIZE_INVALID', { value: String(size) });
  return size;
}

/** Throws TLOG_SIZE_INVALID or TLOG_INDEX_OUT_OF_RANGE. */
export function requireIndex(index: number, size: number): number {
  requireSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new AppError('TLOG_INDEX_OUT_OF_RANGE', { index: String(index), size });
  return index;
}
