export {
  type ChainReader,
  connectChain,
  type Fees,
  type NodeLog,
  revertReason,
  unreachable,
} from './client.ts';
export { type IndexedEvent, Indexer, type Listener, type Projection } from './indexer.ts';
export type { Outgoing } from './nonce-line.ts';
export { Relayer, type Settled } from './relayer.ts';
export { type ChainDatabase, chainMigrations } from './schema.ts';
export { type EmbeddedChain, type EmbeddedChainOptions, startEmbeddedChain } from './supervise.ts';
