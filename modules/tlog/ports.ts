/** What the log needs from outside. */
import type { Clock } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { NoteSigner } from './core/note.ts';

/** Puts a root where nobody can take it back: one small transaction on the chain for each checkpoint. */
export interface Anchor {
  /**
   * Resolves once (size, root) is anchored for the log. May be called again with the same values after a crash and
   * must then resolve too. Rejects when the chain holds a larger size, or another root for this size.
   * @param originHash keccak256(utf8(origin line)) @param root 32 bytes
   */
  anchor(originHash: Uint8Array, size: number, root: Uint8Array): Promise<void>;
}

/** When a checkpoint is due. */
export interface CheckpointPolicy {
  /** New entries that make one due. */
  readonly entries: number;
  /** Milliseconds since the oldest new entry that make one due. */
  readonly ms: number;
  /** `either` condition, or `both`: a small clinic waits for company so that time links nothing. */
  readonly when: 'either' | 'both';
}

export interface LogDeps {
  readonly db: Kysely<unknown>;
  /** Origin line of the checkpoints; also the name of the signer's key. */
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly anchor: Anchor;
  readonly clock: Clock;
  readonly checkpoint: CheckpointPolicy;
  /** Entries integrated in one transaction, 1,024 by default. */
  readonly batchSize?: number;
}
