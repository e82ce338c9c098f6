/** A log in memory that gives out bundles and tiles, so that tests can say what a house might serve. */
import { encodeBundle } from './bundle.ts';
import { HASH_SIZE, leafHash } from './hash.ts';
import { encodeLeaf } from './leaf.ts';
import { MerkleTree, type ReadNode } from './tree.ts';

export const sampleEvent = (n: number): string =>
  `{"eventTime":"2026-03-04T05:06:07.000Z","n":${n},"type":"ObjectEvent"}`;

/** Mostly events; every fifth entry a commitment. */
export function sampleLeaves(count: number, from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    (from + i) % 5 === 4
      ? encodeLeaf('record-commitment', `{"commitment":"0x${String(from + i).padStart(64, '0')}"}`)
      : encodeLeaf('custody-event', sampleEvent(from + i)),
  );
}

export class SampleLog {
  readonly leaves: readonly Uint8Array[];
  private readonly tree = new MerkleTree();

  constructor(leaves: readonly Uint8Array[]) {
    this.leaves = leaves;
    for (const leaf of leaves) this.tree.append(leafHash(leaf));
  }

  get size(): number {
    return this.leaves.length;
  }

  /** Root of the tree at a size. */
  known(size = this.size): { readonly size: number; readonly root: Uint8Array } {
    return { size, root: this.tree.root(size) };
  }

  readonly node: ReadNode = (level, index) => this.tree.node(level, index);

  tile(level: number, n: number, width: number): Uint8Array {
    const hashes = new Uint8Array(width * HASH_SIZE);
    for (let i = 0; i < width; i++) hashes.set(this.tree.node(level * 8, n * 256 + i), i * HASH_SIZE);
    return hashes;
  }

  bundle(n: number, width: number): Uint8Array {
    return encodeBundle(this.leaves.slice(n * 256, n * 256 + width));
  }
}
