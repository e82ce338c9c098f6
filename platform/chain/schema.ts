/** The tables of this package (schema `chain`). */
import type { Hex } from '@zhenmei/kernel';
import type { Generated } from 'kysely';

export interface ChainDatabase {
  /** One line of nonces for each account that sends. */
  'chain.signer': { address: Hex; next_nonce: bigint };
  'chain.outgoing': {
    key: string;
    signer: Hex;
    nonce: bigint;
    raw: Hex;
    hash: Hex;
    state: 'pending' | 'mined' | 'reverted';
    block: bigint | null;
    reason: string | null;
    /** Why the chain will never take it; an empty transaction then uses up the nonce. */
    refusal: Generated<string | null>;
    created_at: Date;
  };
  /** Blocks with events, and the last one of every range that was read. */
  'chain.block': { number: bigint; hash: Hex; time: Date };
  'chain.event': {
    block: bigint;
    log_index: number;
    contract: string;
    name: string;
    args: string | Record<string, unknown>;
    tx_hash: Hex;
  };
  /** Projections that have seen every stored event. */
  'chain.projection': { name: string };
}

/** For `migrate`. */
export const chainMigrations: { module: string; dir: URL } = {
  module: 'chain',
  dir: new URL('./migrations/', import.meta.url),
};
