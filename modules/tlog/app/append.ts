import { AppError, type Clock } from '@zhenmei/kernel';
import { conflictingKey, type Executor, insertEntries } from '../adapters/store.ts';
import { leafHash } from '../core/hash.ts';
import { encodeLeaf, type LeafType } from '../core/leaf.ts';

export interface NewLeaf {
  /** By name, or by its byte. */
  readonly type: LeafType | number;
  /** Canonical JSON (RFC 8785). */
  readonly text: string;
  /** Names the fact: the same key with the same leaf is the same entry, however often it is given. */
  readonly key: string;
}

/**
 * Gives leaves to the log inside the caller's transaction: they are in the log exactly if that transaction commits.
 * Indices are assigned later, in the order given.
 * @returns the leaf hash of each, by which its proof is asked for
 * Throws TLOG_LEAF_TYPE_UNKNOWN, TLOG_LEAF_FORMAT, TLOG_LEAF_TOO_LARGE, TLOG_KEY_REUSED (same key, another leaf).
 */
export async function appendLeaves(
  tx: Executor,
  leaves: readonly NewLeaf[],
  clock: Clock,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const entries = leaves.map(({ type, text, key }) => {
    const leaf = encodeLeaf(type, text);
    return { key, leaf, hash: leafHash(leaf) };
  });
  const added = entries.length === 0 ? 0 : await insertEntries(tx, entries, clock.now());
  if (added < entries.length) {
    const key = await conflictingKey(tx, entries);
    if (key !== undefined) throw new AppError('TLOG_KEY_REUSED', { key });
  }
  return entries.map(({ hash }) => hash);
}
