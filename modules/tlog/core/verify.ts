/** Strict proof verification (RFC 9162 §2.1.3.2 and §2.1.4.2, same hashes as RFC 6962). */
import { AppError, equalBytes } from '@zhenmei/kernel';
import { nodeHash, requireHash, requireIndex, requireSize } from './hash.ts';

const half = (n: number) => Math.floor(n / 2);
const odd = (n: number) => n % 2 === 1;

/**
 * Root that `leaf` at `index` implies for a tree of `size`. The path must have exactly the length the position asks for.
 * Throws TLOG_SIZE_INVALID, TLOG_INDEX_OUT_OF_RANGE, TLOG_HASH_LENGTH, TLOG_PATH_LENGTH.
 */
export function rootFromInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
): Uint8Array {
  requireIndex(index, size);
  let hash = requireHash(leaf);
  let fn = index;
  let sn = size - 1;
  for (const sibling of path) {
    requireHash(sibling);
    if (sn === 0) throw new AppError('TLOG_PATH_LENGTH', { given: path.length });
    if (odd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (!odd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else hash = nodeHash(hash, sibling);
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new AppError('TLOG_PATH_LENGTH', { given: path.length });
  return hash;
}

/** Throws what `rootFromInclusion` throws, and TLOG_ROOT_MISMATCH. */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  root: Uint8Array,
): void {
  const implied = rootFromInclusion(index, size, leaf, path);
  if (!equalBytes(implied, requireHash(root))) throw new AppError('TLOG_ROOT_MISMATCH');
}

/**
 * Checks that the tree (`to`, `toRoot`) is the tree (`from`, `fromRoot`) with leaves appended.
 * Nothing can be proven about the empty tree: `from` is at least 1. Equal sizes need an empty path and equal roots.
 * Throws TLOG_SIZE_INVALID, TLOG_INDEX_OUT_OF_RANGE, TLOG_HASH_LENGTH, TLOG_PATH_LENGTH, TLOG_ROOT_MISMATCH.
 */
export function verifyConsistency(
  from: number,
  to: number,
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
  path: readonly Uint8Array[],
): void {
  requireSize(from);
  requireSize(to);
  requireHash(fromRoot);
  requireHash(toRoot);
  if (from > to) throw new AppError('TLOG_INDEX_OUT_OF_RANGE', { index: from, size: to });
  const wrongLength = () => new AppError('TLOG_PATH_LENGTH', { given: path.length });
  if (from === to) {
    if (path.length !== 0) throw wrongLength();
    if (!equalBytes(fromRoot, toRoot)) throw new AppError('TLOG_ROOT_MISMATCH');
    return;
  }
  let fn = from - 1;
  let sn = to - 1;
  while (odd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  // When `from` is a power of two its root is itself the first node, and the proof leaves it out.
  const nodes = fn === 0 ? [fromRoot, ...path] : path;
  const [first, ...rest] = nodes;
  if (!first || path.length === 0) throw wrongLength();
  let old = requireHash(first);
  let now = old;
  for (const node of rest) {
    requireHash(node);
    if (sn === 0) throw wrongLength();
    if (odd(fn) || fn === sn) {
      old = nodeHash(node, old);
      now = nodeHash(node, now);
      while (!odd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else now = nodeHash(now, node);
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw wrongLength();
  if (!equalBytes(old, fromRoot) || !equalBytes(now, toRoot)) throw new AppError('TLOG_ROOT_MISMATCH');
}
