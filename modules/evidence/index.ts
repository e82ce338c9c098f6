export * from './core/chain-evidence.ts';
export { evidenceErrors } from './core/errors.ts';
export * from './core/from-node.ts';
export * from './core/header.ts';
export * from './core/rlp.ts';
export * from './core/state.ts';
export * from './core/trie.ts';
export * from './core/trust-file.ts';
export * from './core/witness.ts';
