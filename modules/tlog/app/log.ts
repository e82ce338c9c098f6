import { anchoredSize, type Executor, type StoredCheckpoint } from '../adapters/store.ts';
import { formatVerifierKey } from '../core/keys.ts';
import type { LogProof } from '../core/log-proof.ts';
import type { TileRef } from '../core/tile-path.ts';
import type { LogDeps } from '../ports.ts';
import { anchorLatest } from './anchor.ts';
import { appendLeaves, type NewLeaf } from './append.ts';
import { integrateBatch } from './integrate.ts';
import { publishCheckpoint } from './publish.ts';
import {
  type LeafName,
  readBundle,
  readCheckpoint,
  readConsistency,
  readIndex,
  readProof,
  readTile,
} from './read.ts';

/** One transparency log. Several processes may hold one each over the same database. */
export interface TransparencyLog {
  readonly origin: string;
  /** C2SP verifier key, as the trust file names it. */
  readonly verifierKey: string;
  /** Gives one leaf to the log inside the caller's transaction; idempotent by key. @returns its leaf hash */
  append(
    tx: Executor,
    type: NewLeaf['type'],
    text: string,
    options: { readonly key: string },
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** The same for many, in one statement. */
  appendMany(tx: Executor, leaves: readonly NewLeaf[]): Promise<Uint8Array<ArrayBuffer>[]>;
  /** Integrates all that is queued, signs if a checkpoint is due, anchors if one waits. Call it every second or so. */
  tick(options?: {
    readonly force?: boolean;
  }): Promise<{ integrated: number; published: number | null; anchored: number | null }>;
  checkpoint(size?: number): Promise<StoredCheckpoint>;
  tile(tile: TileRef & { readonly level: number }): Promise<Uint8Array<ArrayBuffer>>;
  bundle(n: number, width: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Under the newest checkpoint, or the one of `size`. */
  proof(leaf: LeafName, size?: number): Promise<LogProof>;
  /** Index of the entry given under a key; null while it waits for one. Throws TLOG_NOT_FOUND for a key never given. */
  indexOf(key: string): Promise<number | null>;
  /** Entries covered by the newest anchor on chain. */
  anchoredSize(): Promise<number>;
  consistency(from: number, to: number): Promise<Uint8Array[]>;
}

export function createLog(deps: LogDeps): TransparencyLog {
  const { db, origin } = deps;
  return {
    origin,
    verifierKey: formatVerifierKey(deps.signer.key),
    async append(tx, type, text, { key }) {
      const [hash] = await appendLeaves(tx, [{ type, text, key }], deps.clock);
      return hash!;
    },
    appendMany: (tx, leaves) => appendLeaves(tx, leaves, deps.clock),
    async tick({ force = false } = {}) {
      let integrated = 0;
      for (;;) {
        const batch = await integrateBatch(deps);
        if (batch === 0) break;
        integrated += batch;
      }
      const published = await publishCheckpoint(deps, force);
      return { integrated, published, anchored: await anchorLatest(deps) };
    },
    checkpoint: (size) => readCheckpoint(db, size),
    tile: (tile) => readTile(db, tile),
    bundle: (n, width) => readBundle(db, n, width),
    proof: (leaf, size) => readProof(db, origin, leaf, size),
    indexOf: (key) => readIndex(db, key),
    anchoredSize: () => anchoredSize(db),
    consistency: (from, to) => readConsistency(db, from, to),
  };
}
