export { type ChainReader, connectChain, revertReason } from './client.ts';
export { type IndexedEvent, Indexer, type Listener, type Projection } from './indexer.ts';
export { type ChainDatabase, type Outgoing, Relayer, type Settled } from './relayer.ts';
export { type EmbeddedChain, startEmbeddedChain } from './supervise.ts';
