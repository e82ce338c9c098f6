export { identityHandlers } from './adapters/http.ts';
export { identityApi } from './api.ts';
export type { IdentityContext } from './app/context.ts';
export { issuersNow, judgeCredential, statusListsOf } from './app/credentials.ts';
export { licenceFacts, organisations, practitioners } from './app/directory.ts';
export { CREDENTIAL_TYPES } from './core/catalogue.ts';
export { jwkPoint, type PublicJwk, thumbprint } from './core/jwk.ts';
export type { IssuerTrust } from './core/verify-credential.ts';
export type { AccountPort, IssuerRegistryPort, SessionPort } from './ports.ts';
