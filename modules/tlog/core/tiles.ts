/** Growing a log tile by tile, and reading proofs back out of tiles. */
import { AppError } from '@zhenmei/kernel';
import { HASH_SIZE, nodeHash, requireHash, requireSize } from './hash.ts';
import { TILE_WIDTH, tileWidth } from './tile-path.ts';
import { type ReadNode, treeRoot } from './tree.ts';

/** A full tile with the hash of the perfect subtree it spans. */
export interface FullTile {
  readonly level: number;
  readonly n: number;
  readonly hashes: Uint8Array;
  readonly root: Uint8Array;
}

/** Hash over `count` (a power of two) consecutive hashes of a tile. */
function fold(hashes: Uint8Array, first: number, count: number): Uint8Array {
  let row: Uint8Array[] = [];
  for (let i = first; i < first + count; i++) row.push(hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) next.push(nodeHash(row[i]!, row[i + 1]!));
    row = next;
  }
  return row[0]!;
}

interface Edge {
  n: number;
  width: number;
  readonly hashes: Uint8Array;
}

/**
 * The right edge of a log: the partial tile of every level, and nothing else. Appending emits each tile once it is full.
 * @param size  leaves so far
 * @param edges hashes of the partial tile at level 0, 1, … (empty where the width is 0). Throws TLOG_TILE_FORMAT.
 */
export class TileBuilder {
  size: number;
  private readonly edges: Edge[] = [];

  constructor(size = 0, edges: readonly Uint8Array[] = []) {
    if (size !== 0) requireSize(size);
    this.size = size;
    for (let level = 0; TILE_WIDTH ** level <= size; level++) {
      const n = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, n, size);
      const given = edges[level] ?? new Uint8Array(0);
      if (given.length !== width * HASH_SIZE) throw new AppError('TLOG_TILE_FORMAT');
      const hashes = new Uint8Array(TILE_WIDTH * HASH_SIZE);
      hashes.set(given);
      this.edges.push({ n, width, hashes });
    }
  }

  append(leaf: Uint8Array, onFull: (tile: FullTile) => void): void {
    let hash = requireHash(leaf);
    for (let level = 0; ; level++) {
      let edge = this.edges[level];
      if (!edge) {
        edge = { n: 0, width: 0, hashes: new Uint8Array(TILE_WIDTH * HASH_SIZE) };
        this.edges.push(edge);
      }
      edge.hashes.set(hash, edge.width * HASH_SIZE);
      if (++edge.width < TILE_WIDTH) break;
      hash = fold(edge.hashes, 0, TILE_WIDTH);
      onFull({ level, n: edge.n, hashes: edge.hashes.slice(), root: hash });
      edge.n++;
      edge.width = 0;
    }
    this.size++;
  }

  /** Hashes of the partial tile at every level: what it takes to go on from here. */
  partial(): Uint8Array[] {
    return this.edges.map(({ hashes, width }) => hashes.slice(0, width * HASH_SIZE));
  }

  root(): Uint8Array {
    return treeRoot(this.size, (level, index) => {
      const tile = Math.floor(level / 8);
      const span = 2 ** (level % 8);
      return fold(this.edges[tile]!.hashes, (index * span) % TILE_WIDTH, span);
    });
  }
}

/** Level and number of the tile that holds a node, and where in it. */
function locate(level: number, index: number): { level: number; n: number; first: number; span: number } {
  const span = 2 ** (level % 8);
  const n = Math.floor((index * span) / TILE_WIDTH);
  return { level: Math.floor(level / 8), n, first: (index * span) % TILE_WIDTH, span };
}

/** Which hash tiles a computation over a tree will read: run it once with this, fetch, run it again with `tileReader`. */
export function plannedTiles(work: (read: ReadNode) => unknown): { level: number; n: number }[] {
  const seen = new Map<string, { level: number; n: number }>();
  const nothing = new Uint8Array(HASH_SIZE);
  work((level, index) => {
    const at = locate(level, index);
    seen.set(`${at.level}/${at.n}`, { level: at.level, n: at.n });
    return nothing;
  });
  return [...seen.values()];
}

/** Reads nodes from tiles. `tile` returns the hashes of a tile, full or partial. Throws TLOG_TILE_FORMAT when they do not reach. */
export function tileReader(tile: (level: number, n: number) => Uint8Array | undefined): ReadNode {
  return (level, index) => {
    const at = locate(level, index);
    const hashes = tile(at.level, at.n);
    if (!hashes || hashes.length < (at.first + at.span) * HASH_SIZE) throw new AppError('TLOG_TILE_FORMAT');
    return fold(hashes, at.first, at.span);
  };
}
