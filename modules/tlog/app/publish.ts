import { AppError, equalBytes } from '@zhenmei/kernel';
import {
  becomeWriter,
  type Executor,
  insertCheckpoint,
  lastCheckpoint,
  queuedAt,
  readTiles,
  requireOrigin,
  treeSize,
} from '../adapters/store.ts';
import { checkpointText } from '../core/checkpoint.ts';
import { signNote } from '../core/note.ts';
import { plannedTiles, tileReader } from '../core/tiles.ts';
import { type ReadNode, treeRoot } from '../core/tree.ts';
import type { CheckpointPolicy, LogDeps } from '../ports.ts';

/** Whether `added` entries, the oldest waiting for `waitedMs`, call for a checkpoint. */
export function isDue(added: number, waitedMs: number, { entries, ms, when }: CheckpointPolicy): boolean {
  if (added === 0) return false;
  const [enough, late] = [added >= entries, waitedMs >= ms];
  return when === 'both' ? enough && late : enough || late;
}

/** Runs a computation over the stored tree of `size`, reading only the tiles it needs. */
export async function fromTiles<T>(tx: Executor, size: number, work: (read: ReadNode) => T): Promise<T> {
  const tiles = await readTiles(tx, plannedTiles(work), size);
  return work(tileReader((level, n) => tiles.get(`${level}/${n}`)));
}

/**
 * Signs a checkpoint over all integrated entries if one is due. Before it signs, the stored tree must still lead to the
 * root signed last: a log never signs two histories.
 * @param force sign whatever is there, due or not
 * @returns the new size, or null. Throws TLOG_FORKED, TLOG_ORIGIN_CHANGED.
 */
export async function publishCheckpoint(deps: LogDeps, force = false): Promise<number | null> {
  const { db, origin, signer, clock, checkpoint } = deps;
  return db.transaction().execute(async (tx) => {
    if (!(await becomeWriter(tx))) return null;
    await requireOrigin(tx, origin);
    const last = await lastCheckpoint(tx);
    const from = last?.size ?? 0;
    const size = await treeSize(tx);
    if (size < from) throw new AppError('TLOG_FORKED');
    if (size === from) return null;
    const now = clock.now();
    if (!force && !isDue(size - from, now - (await queuedAt(tx, from)), checkpoint)) return null;
    if (last && !equalBytes(await fromTiles(tx, from, (read) => treeRoot(from, read)), last.root))
      throw new AppError('TLOG_FORKED');
    const root = await fromTiles(tx, size, (read) => treeRoot(size, read));
    const note = await signNote(checkpointText({ origin, size, root }), signer);
    await insertCheckpoint(tx, size, root, note, now);
    return size;
  });
}
