import type { Executor, StoredCheckpoint } from '../adapters/store.ts';
import type { LogProof } from '../core/log-proof.ts';
import type { TileRef } from '../core/tile-path.ts';
import type { LogDeps } from '../ports.ts';
import { anchorLatest } from './anchor.ts';
import { appendLeaves, type NewLeaf } from './append.ts';
import { integrateBatch } from './integrate.ts';
import { publishCheckpoint } from './publish.ts';
import { readBundle, readCheckpoint, readConsistency, readProof, readTile } from './read.ts';

/** One transparency log. Several processes may hold one each over the same database. */
export interface TransparencyLog {
  readonly origin: string;
  /** C2SP verifier key string is `formatVerifierKey(signer.key)`. Gives leaves to the log inside the caller's transaction. */
  append(tx: Executor, leaves: readonly NewLeaf[]): Promise<Uint8Array<ArrayBuffer>[]>;
  /** Integrates all that is queued, signs if a checkpoint is due, anchors if one waits. Call it every second or so. */
  tick(options?: {
    readonly force?: boolean;
  }): Promise<{ integrated: number; published: number | null; anchored: number | null }>;
  checkpoint(size?: number): Promise<StoredCheckpoint>;
  tile(tile: TileRef & { readonly level: number }): Promise<Uint8Array<ArrayBuffer>>;
  bundle(n: number, width: number): Promise<Uint8Array<ArrayBuffer>>;
  /** @param leaf index or leaf hash */
  proof(leaf: number | Uint8Array, size?: number): Promise<LogProof>;
  consistency(from: number, to: number): Promise<Uint8Array[]>;
}

export function createLog(deps: LogDeps): TransparencyLog {
  const { db, origin } = deps;
  return {
    origin,
    append: (tx, leaves) => appendLeaves(tx, leaves, deps.clock),
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
    consistency: (from, to) => readConsistency(db, from, to),
  };
}
