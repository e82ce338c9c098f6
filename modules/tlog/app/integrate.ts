import {
  becomeWriter,
  edges,
  insertTiles,
  place,
  queued,
  requireOrigin,
  treeSize,
} from '../adapters/store.ts';
import { type FullTile, TileBuilder } from '../core/tiles.ts';
import type { LogDeps } from '../ports.ts';

/**
 * Gives one batch of queued entries their indices and writes the tiles they fill, in one transaction.
 * One writer at a time: if another process is at it, nothing happens.
 * @returns entries integrated; 0 when there was nothing to do. Throws TLOG_ORIGIN_CHANGED.
 */
export async function integrateBatch({ db, origin, batchSize = 1024 }: LogDeps): Promise<number> {
  return db.transaction().execute(async (tx) => {
    if (!(await becomeWriter(tx))) return 0;
    await requireOrigin(tx, origin);
    const batch = await queued(tx, batchSize);
    if (batch.length === 0) return 0;
    const size = await treeSize(tx);
    const builder = new TileBuilder(size, await edges(tx, size));
    const full: FullTile[] = [];
    for (const { hash } of batch) builder.append(hash, (tile) => full.push(tile));
    await place(tx, size, batch);
    await insertTiles(tx, full);
    return batch.length;
  });
}
