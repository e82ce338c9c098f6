/** Everything anybody may ask of the log. Only what a signed checkpoint covers is ever shown. */
import { AppError } from '@zhenmei/kernel';
import {
  type Executor,
  findKey,
  findLeaf,
  lastCheckpoint,
  readLeaves,
  readTiles,
  type StoredCheckpoint,
} from '../adapters/store.ts';
import { encodeBundle } from '../core/bundle.ts';
import { HASH_SIZE } from '../core/hash.ts';
import { type LogProof, toLogProof } from '../core/log-proof.ts';
import { TILE_WIDTH, type TileRef, tileWidth } from '../core/tile-path.ts';
import { consistencyProof, inclusionProof } from '../core/tree.ts';
import { fromTiles } from './publish.ts';

/** The newest checkpoint, or the one of exactly this size. Throws TLOG_NOT_PUBLISHED (none yet), TLOG_NOT_FOUND. */
export async function readCheckpoint(db: Executor, size?: number): Promise<StoredCheckpoint> {
  const found = await lastCheckpoint(db, size);
  if (!found) throw new AppError(size === undefined ? 'TLOG_NOT_PUBLISHED' : 'TLOG_NOT_FOUND');
  return found;
}

async function requireTile(db: Executor, { level, n, width }: TileRef): Promise<void> {
  const { size } = await readCheckpoint(db);
  if (width > tileWidth(level === 'entries' ? 0 : level, n, size)) throw new AppError('TLOG_NOT_FOUND');
}

/** A hash tile: 32 bytes for each of its `width` hashes. A narrower tile stays readable after it has grown. Throws TLOG_NOT_FOUND. */
export async function readTile(
  db: Executor,
  tile: TileRef & { readonly level: number },
): Promise<Uint8Array<ArrayBuffer>> {
  await requireTile(db, tile);
  const { level, n, width } = tile;
  // A tree just large enough to have this tile in this width.
  const size = (n * TILE_WIDTH + width) * TILE_WIDTH ** level;
  const hashes = (await readTiles(db, [{ level, n }], size)).get(`${level}/${n}`);
  if (!hashes) throw new AppError('TLOG_NOT_FOUND');
  return hashes.slice(0, width * HASH_SIZE);
}

/** An entry bundle. Throws TLOG_NOT_FOUND. */
export async function readBundle(db: Executor, n: number, width: number): Promise<Uint8Array<ArrayBuffer>> {
  await requireTile(db, { level: 'entries', n, width });
  return encodeBundle(await readLeaves(db, n * TILE_WIDTH, width));
}

/** A leaf by its index, its leaf hash, or the key it was given under. */
export type LeafName = number | Uint8Array | { readonly key: string };

function locate(db: Executor, leaf: LeafName): Promise<number | 'queued' | undefined> {
  if (typeof leaf === 'number') return Promise.resolve(leaf);
  return leaf instanceof Uint8Array ? findLeaf(db, leaf) : findKey(db, leaf.key);
}

/** Index of the entry given under a key; null while it waits for one. Throws TLOG_NOT_FOUND. */
export async function readIndex(db: Executor, key: string): Promise<number | null> {
  const index = await findKey(db, key);
  if (index === undefined) throw new AppError('TLOG_NOT_FOUND');
  return index === 'queued' ? null : index;
}

/**
 * Proof of one leaf under the newest checkpoint, or the one of `size`.
 * Throws TLOG_NOT_FOUND, TLOG_NOT_PUBLISHED (accepted, not yet under that checkpoint).
 */
export async function readProof(
  db: Executor,
  origin: string,
  leaf: LeafName,
  size?: number,
): Promise<LogProof> {
  const index = await locate(db, leaf);
  if (index === undefined) throw new AppError('TLOG_NOT_FOUND');
  if (index === 'queued') throw new AppError('TLOG_NOT_PUBLISHED');
  const checkpoint = await readCheckpoint(db, size);
  if (index >= checkpoint.size)
    throw new AppError(typeof leaf === 'number' ? 'TLOG_NOT_FOUND' : 'TLOG_NOT_PUBLISHED');
  const path = await fromTiles(db, checkpoint.size, (read) => inclusionProof(index, checkpoint.size, read));
  const [bytes] = await readLeaves(db, index, 1);
  return toLogProof(origin, index, bytes!, path, checkpoint.note);
}

/** Proof that the tree of `to` only appended to the tree of `from`; `1 ≤ from ≤ to ≤` newest checkpoint. Throws TLOG_SIZE_INVALID, TLOG_NOT_FOUND. */
export async function readConsistency(db: Executor, from: number, to: number): Promise<Uint8Array[]> {
  const { size } = await readCheckpoint(db);
  if (to > size) throw new AppError('TLOG_NOT_FOUND');
  return fromTiles(db, to, (read) => consistencyProof(from, to, read));
}
