export { identityHandlers } from './adapters/http.ts';
export { openIdHandler } from './adapters/openid-http.ts';
export { registerHandlers } from './adapters/register-http.ts';
export { identityApi } from './api.ts';
export { findApiKey, type KeyHolder } from './app/api-keys.ts';
export type { IdentityContext } from './app/context.ts';
export { organisations, practitioners } from './app/directory.ts';
export { inviteDevice } from './app/invite-device.ts';
export { judgeAge } from './app/judge-age.ts';
export { issuersNow, judgeCredential, statusListsOf } from './app/judge-credential.ts';
export { judgeGuardian, signerOf } from './app/judge-guardian.ts';
export { readPurposes } from './app/openid/present.ts';
export {
  addPatientPasskey,
  closePatient,
  patientPasskeys,
  removePatientPasskeys,
} from './app/patient-passkeys.ts';
export { publishStatusList } from './app/publish-status-list.ts';
export { licenceFacts, readProfile } from './app/read-profile.ts';
export { adoptCertificates } from './app/register/adopt.ts';
export { collectCertificates } from './app/register/collect.ts';
export { enter } from './app/register/enter.ts';
export { makeCertificate } from './app/register/make-certificate.ts';
export { openIssuer } from './app/register/own-issuer.ts';
export { refreshLists } from './app/register/sign-list.ts';
export { assertConfirmed, judgeSigners, settleSigners } from './app/settle-signers.ts';
export { CREDENTIAL_TYPES } from './core/catalogue.ts';
export { jwkPoint, type PublicJwk, thumbprint } from './core/jwk.ts';
export { typeSubject } from './core/trust.ts';
export type { IssuerTrust } from './core/verify-credential.ts';
export type {
  AccountPort,
  ChangePort,
  IssuerRegistryPort,
  OwnerMarkPort,
  SessionPort,
  SigningPort,
} from './ports.ts';
export { registerApi } from './register-api.ts';
