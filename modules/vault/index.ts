export { vaultHandlers } from './adapters/http.ts';
export { vaultApi } from './api.ts';
export type { VaultContext } from './app/context.ts';
export type { BlobPort, PasskeyPort } from './ports.ts';
