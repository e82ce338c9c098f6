/**
 * RFC 6962 Merkle tree: roots and proofs from anything that can hand out the hashes of perfect subtrees
 * (an in-memory tree, tiles in a database, tiles fetched from a mirror).
 */
import { AppError } from '@zhenmei/kernel';
import { EMPTY_ROOT, HASH_SIZE, nodeHash, requireHash, requireIndex, requireSize } from './hash.ts';

/** Hash of the perfect subtree over leaves `index·2^level … (index+1)·2^level − 1`. */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** Largest power of two below `n` (n ≥ 2). Plain arithmetic: sizes may pass 2^32. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Hash over leaves `start … end − 1`, where `start` is a multiple of the largest power of two ≤ its width. */
function rangeHash(start: number, end: number, read: ReadNode): Uint8Array {
  let at = end;
  let hash: Uint8Array | undefined;
  for (let level = 0; at > start; level++) {
    const width = 2 ** level;
    if (Math.floor((end - start) / width) % 2 === 0) continue;
    at -= width;
    const node = read(level, at / width);
    hash = hash ? nodeHash(node, hash) : node;
  }
  return hash ?? EMPTY_ROOT;
}

/** Root over the first `size` leaves; the empty tree has EMPTY_ROOT. */
export function treeRoot(size: number, read: ReadNode): Uint8Array {
  if (size !== 0) requireSize(size);
  return rangeHash(0, size, read);
}

/** Audit path of leaf `index` in the tree of `size` (RFC 6962 §2.1.1), from the leaf upwards. */
export function inclusionProof(index: number, size: number, read: ReadNode): Uint8Array[] {
  requireIndex(index, size);
  const path: Uint8Array[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      path.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  return path.reverse();
}

/** Proof that the tree of `to` leaves only appended to the tree of `from` (RFC 6962 §2.1.2). `1 ≤ from ≤ to`. */
export function consistencyProof(from: number, to: number, read: ReadNode): Uint8Array[] {
  requireSize(to);
  requireSize(from);
  if (from > to) throw new AppError('TLOG_INDEX_OUT_OF_RANGE', { index: from, size: to });
  const path: Uint8Array[] = [];
  let start = 0;
  let end = to;
  let whole = true;
  while (end !== from) {
    const middle = start + splitPoint(end - start);
    if (from <= middle) {
      path.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      path.push(rangeHash(start, middle, read));
      start = middle;
      whole = false;
    }
  }
  if (!whole) path.push(rangeHash(start, end, read));
  return path.reverse();
}

/** A whole tree in memory, appended to one leaf hash at a time; amortised two hashes a leaf. */
export class MerkleTree {
  private readonly levels: Uint8Array[] = [];
  private readonly counts: number[] = [];

  get size(): number {
    return this.counts[0] ?? 0;
  }

  /** @returns index of the new leaf */
  append(leaf: Uint8Array): number {
    requireHash(leaf);
    const index = this.size;
    let hash = leaf;
    for (let level = 0; ; level++) {
      const at = this.push(level, hash);
      if (at % 2 === 0) return index;
      hash = nodeHash(this.node(level, at - 1), hash);
    }
  }

  readonly node: ReadNode = (level, index) => {
    const start = index * HASH_SIZE;
    if (index < 0 || index >= (this.counts[level] ?? 0))
      throw new AppError('TLOG_INDEX_OUT_OF_RANGE', { index, size: this.size });
    return this.levels[level]!.subarray(start, start + HASH_SIZE);
  };

  /** @param size an earlier size of the tree; its present one by default */
  root(size = this.size): Uint8Array {
    return treeRoot(size, this.node);
  }

  private push(level: number, hash: Uint8Array): number {
    const at = this.counts[level] ?? 0;
    let row = this.levels[level] ?? new Uint8Array(16 * HASH_SIZE);
    if ((at + 1) * HASH_SIZE > row.length) {
      const grown = new Uint8Array(row.length * 2);
      grown.set(row);
      row = grown;
    }
    row.set(hash, at * HASH_SIZE);
    this.levels[level] = row;
    this.counts[level] = at + 1;
    return at;
  }
}
