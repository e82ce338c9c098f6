export { vaultHandlers } from './adapters/http.ts';
export { vaultApi } from './api.ts';
export type { VaultContext } from './app/context.ts';
export type { BlobPort } from './ports.ts';
