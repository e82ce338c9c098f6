export { vaultHandlers } from './adapters/http.ts';
export { grantStream } from './adapters/http-grants.ts';
export { softwareWorker } from './adapters/software-worker.ts';
export { vaultApi } from './api.ts';
export type { VaultContext } from './app/context.ts';
export { eraseDue } from './app/erase-due.ts';
export { settleStudies } from './app/pool/pay-earned.ts';
export { publishDue } from './app/pool/publish-due.ts';
export { gatekeeperPart } from './core/grants/release.ts';
export type {
  BlobPort,
  FundPort,
  GatekeeperPort,
  LogPort,
  OrganisationPort,
  PasskeyPort,
  PoolPort,
  SignalPort,
} from './ports.ts';
