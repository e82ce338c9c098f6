import { keccak256, utf8 } from '@zhenmei/kernel';
import { lastCheckpoint, markAnchored, whileAnchoring } from '../adapters/store.ts';
import type { LogDeps } from '../ports.ts';

/**
 * Anchors the newest checkpoint unless it is anchored; older ones are covered by it. A crash between chain and database
 * leads to a second call with the same values, which the port allows.
 * @returns the size anchored, or null. Rejects as the port does; the next call tries again.
 */
export async function anchorLatest({ db, origin, anchor, clock }: LogDeps): Promise<number | null> {
  return whileAnchoring(db, async (connection) => {
    const last = await lastCheckpoint(connection);
    if (!last || last.anchored) return null;
    await anchor.anchor(keccak256(utf8(origin)), last.size, last.root);
    await markAnchored(connection, last.size, clock.now());
    return last.size;
  });
}
