/** Transparency logs: RFC 6962 tree, C2SP tiles and checkpoints, proofs, anchoring. */

export { logHandlers } from './adapters/http.ts';
export { type Executor, type StoredCheckpoint, storedOrigin } from './adapters/store.ts';
export type { NewLeaf } from './app/append.ts';
export { createLog, type TransparencyLog } from './app/log.ts';
export type { LeafName } from './app/read.ts';
export * from './core/bundle.ts';
export * from './core/checkpoint.ts';
export * from './core/compact-proof.ts';
export { tlogErrors } from './core/errors.ts';
export * from './core/hash.ts';
export * from './core/keys.ts';
export * from './core/leaf.ts';
export * from './core/log-proof.ts';
export * from './core/note.ts';
export * from './core/tile-path.ts';
export * from './core/tiles.ts';
export * from './core/tree.ts';
export * from './core/verify.ts';
export type { Anchor, CheckpointPolicy, LogDeps } from './ports.ts';
