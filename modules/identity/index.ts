export { identityHandlers } from './adapters/http.ts';
export { identityApi } from './api.ts';
export { findApiKey, type KeyHolder } from './app/api-keys.ts';
export type { IdentityContext } from './app/context.ts';
export { organisations, practitioners } from './app/directory.ts';
export { inviteDevice } from './app/invite-device.ts';
export { issuersNow, judgeCredential, statusListsOf } from './app/judge-credential.ts';
export {
  addPatientPasskey,
  patientPasskeys,
  removePatientPasskeys,
} from './app/patient-passkeys.ts';
export { publishStatusList } from './app/publish-status-list.ts';
export { licenceFacts, readProfile } from './app/read-profile.ts';
export { CREDENTIAL_TYPES } from './core/catalogue.ts';
export { jwkPoint, type PublicJwk, thumbprint } from './core/jwk.ts';
export type { IssuerTrust } from './core/verify-credential.ts';
export type { AccountPort, IssuerRegistryPort, SessionPort } from './ports.ts';
