export { type VaultContext, vaultHandlers } from './adapters/http.ts';
export { vaultApi } from './api.ts';
export type { BlobPort } from './ports.ts';
