/** The HTTP contract of an issuer's register: what the regulator's desk does. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { CREDENTIAL_TYPES, type CredentialName } from './core/catalogue.ts';
import { PublicJwk } from './core/jwk.ts';
import { Purpose } from './core/openid-request.ts';

const Text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const Ok = z.object({ ok: z.literal(true) });
const Kind = z.enum(Object.keys(CREDENTIAL_TYPES) as [CredentialName, ...CredentialName[]]);
const State = z.enum(['valid', 'suspended', 'revoked']);
const Entry = z.object({ id: z.uuid() });
/** The table itself, as text. */
const Table = z.object({ kind: Kind, csv: z.string().max(2_000_000) });
const Fault = z.object({
  line: z.int(),
  column: z.string(),
  code: z.string(),
  reason: z.object({ zh: z.string(), en: z.string() }),
});
const ENTITLED = [
  'NO_ISSUER',
  'KIND_NOT_YOURS',
  'ISSUER_UNKNOWN',
  'ISSUER_NOT_FOR_TYPE',
  'ISSUER_NOT_FOR_SCOPE',
  'ISSUER_NOT_THEN',
];

export const registerApi = {
  openIssuer: defineRoute({
    method: 'POST',
    path: '/api/register/issuer',
    summary: {
      zh: '让平台为本机构保管一把签发密钥',
      en: 'Let the house keep a signing key for this organisation',
    },
    auth: 'desk',
    body: z.object({ id: z.url().optional() }),
    response: { 200: z.object({ id: z.string(), key: PublicJwk, keyId: z.string() }) },
    errors: ['NO_ISSUER', 'ISSUER_TAKEN'],
  }),
  readRegister: defineRoute({
    method: 'GET',
    path: '/api/register',
    summary: { zh: '本机构的登记簿', en: 'The register of this organisation' },
    auth: 'desk',
    query: z.object({
      state: State.optional(),
      subject: z.uuid().optional(),
      q: z.string().max(100).optional(),
    }),
    response: {
      200: z.object({
        issuer: z.string(),
        entries: z.array(
          z.object({
            id: z.uuid(),
            kind: Kind,
            subject: z.string().nullable(),
            claims: z.record(z.string(), z.json()).meta({ phi: true }),
            state: State,
            reason: Text.nullable(),
            issuedAt: z.iso.datetime(),
            expiresAt: z.iso.datetime(),
            renewedBy: z.uuid().nullable(),
            hasStatus: z.boolean(),
          }),
        ),
      }),
    },
    errors: ['NO_ISSUER'],
  }),
  enter: defineRoute({
    method: 'POST',
    path: '/api/register',
    summary: { zh: '登记一条', en: 'Enter somebody' },
    auth: 'desk',
    body: z.object({
      kind: Kind,
      claims: z.record(z.string(), z.json()).meta({ phi: true }),
      expires: z.iso.datetime().optional(),
    }),
    response: { 200: Entry },
    errors: [...ENTITLED, 'CREDENTIAL_CLAIMS', 'CREDENTIAL_RULE', 'REGISTER_FULL'],
  }),
  changeEntry: defineRoute({
    method: 'POST',
    path: '/api/register/:id/state',
    summary: { zh: '暂停、恢复或吊销', en: 'Suspend, lift or revoke' },
    auth: 'desk',
    params: Entry,
    body: z.object({ state: State, reason: Text }),
    response: { 200: Ok },
    errors: ['NO_ISSUER', 'ENTRY_UNKNOWN', 'ENTRY_STATE', 'ENTRY_WITHOUT_STATUS'],
  }),
  renewEntry: defineRoute({
    method: 'POST',
    path: '/api/register/:id/renew',
    summary: { zh: '续期', en: 'Renew' },
    auth: 'desk',
    params: Entry,
    body: z.object({ expires: z.iso.datetime().optional() }),
    response: { 200: Entry },
    errors: [...ENTITLED, 'ENTRY_UNKNOWN', 'ENTRY_STATE', 'CREDENTIAL_RULE', 'REGISTER_FULL'],
  }),
  previewImport: defineRoute({
    method: 'POST',
    path: '/api/register/import/preview',
    summary: { zh: '批量导入的预演，不签发', en: 'What an import would enter; nothing is issued' },
    auth: 'desk',
    bodyLimit: 2_200_000,
    body: Table,
    response: {
      200: z.object({
        columns: z.array(z.string()),
        rows: z.array(
          z.object({ line: z.int(), claims: z.record(z.string(), z.json()).meta({ phi: true }) }),
        ),
        faults: z.array(Fault),
      }),
    },
    errors: ENTITLED,
  }),
  importEntries: defineRoute({
    method: 'POST',
    path: '/api/register/import',
    summary: { zh: '批量导入：全部或一条也不', en: 'Import a table: all of it or nothing' },
    auth: 'desk',
    bodyLimit: 2_200_000,
    body: Table,
    response: { 200: z.object({ entered: z.int() }) },
    errors: [...ENTITLED, 'IMPORT_FAULTY', 'IMPORT_EMPTY', 'REGISTER_FULL'],
  }),
  makeCertificate: defineRoute({
    method: 'POST',
    path: '/api/register/:id/certificate',
    summary: { zh: '为持有人的密钥签发一份凭证', en: 'Issue a certificate for a holder’s key' },
    auth: 'desk',
    params: Entry,
    body: z.object({ holder: PublicJwk.optional() }),
    response: { 200: z.object({ token: z.string() }) },
    errors: ['NO_ISSUER', 'ENTRY_UNKNOWN', 'ENTRY_NOT_VALID', 'CREDENTIAL_RULE', 'SDJWT_KEY'],
  }),
  makeOffer: defineRoute({
    method: 'POST',
    path: '/api/register/:id/offer',
    summary: { zh: '让持有人领取凭证（OpenID4VCI）', en: 'Offer the certificate to its holder (OpenID4VCI)' },
    auth: 'desk',
    params: Entry,
    body: z.object({ withCode: z.boolean() }),
    response: {
      200: z.object({ uri: z.string(), code: z.string().nullable(), expiresAt: z.iso.datetime() }),
    },
    errors: ['NO_ISSUER', 'ENTRY_UNKNOWN', 'ENTRY_NOT_VALID'],
  }),
  registerVerifier: defineRoute({
    method: 'POST',
    path: '/api/organisations/:id/verifier',
    summary: { zh: '登记核验方及其用途', en: 'Register who may ask for certificates, and what for' },
    auth: 'desk',
    params: Entry,
    body: z.object({ purposes: z.array(Purpose).min(1).max(50) }),
    response: { 200: z.object({ id: z.string() }) },
    errors: ['NO_ISSUER', 'NOT_THE_REGULATOR', 'ORGANISATION_UNKNOWN'],
  }),
  readPurposes: defineRoute({
    method: 'GET',
    path: '/api/presentations/purposes',
    summary: { zh: '本机构登记的用途', en: 'Purposes this organisation is registered for' },
    auth: 'desk',
    response: { 200: z.object({ purposes: z.array(Purpose) }) },
    errors: ['VERIFIER_UNKNOWN'],
  }),
  openRequest: defineRoute({
    method: 'POST',
    path: '/api/presentations',
    summary: { zh: '请求出示凭证（OpenID4VP）', en: 'Ask for a presentation (OpenID4VP)' },
    auth: 'desk',
    body: z.object({ purpose: z.string().max(60), query: z.json().optional() }),
    response: { 200: z.object({ id: z.string(), uri: z.string(), expiresAt: z.iso.datetime() }) },
    errors: ['VERIFIER_UNKNOWN', 'PURPOSE_UNKNOWN', 'ASK_MALFORMED', 'ASK_TOO_MUCH'],
  }),
  readAnswer: defineRoute({
    method: 'GET',
    path: '/api/presentations/:id',
    summary: { zh: '出示的结果', en: 'What was shown' },
    auth: 'desk',
    params: z.object({ id: z.string().max(60) }),
    response: {
      200: z.object({ answered: z.boolean(), answer: z.record(z.string(), z.json()).meta({ phi: true }) }),
    },
    errors: ['PRESENTATION_UNKNOWN'],
  }),
  collectCertificates: defineRoute({
    method: 'POST',
    path: '/api/certificates/collect',
    summary: {
      zh: '领取本机构与本机构医生的凭证',
      en: 'Collect the certificates of this organisation and its doctors',
    },
    auth: 'desk',
    response: {
      200: z.object({
        certificates: z.array(
          z.object({ entry: z.uuid(), subject: z.string(), type: z.string(), token: z.string() }),
        ),
      }),
    },
    errors: ['ENTRY_UNKNOWN', 'CREDENTIAL_REFUSED'],
  }),
  stateOwner: defineRoute({
    method: 'POST',
    path: '/api/organisations/:id/owner',
    summary: { zh: '登记机构的最终所有者', en: 'State who owns an organisation in the end' },
    auth: 'desk',
    params: Entry,
    body: z.object({ registeredNumber: z.string().min(6).max(60).meta({ phi: true }) }),
    response: { 200: Ok },
    errors: ['NOT_THE_REGULATOR', 'ORGANISATION_UNKNOWN'],
  }),
  closeOrganisation: defineRoute({
    method: 'POST',
    path: '/api/organisations/:id/close',
    summary: { zh: '关闭机构并吊销其许可', en: 'Close an organisation and revoke its licences' },
    auth: 'desk',
    params: Entry,
    body: z.object({ reason: Text }),
    response: { 200: Ok },
    errors: ['NOT_THE_REGULATOR', 'ORGANISATION_UNKNOWN', 'ORGANISATION_CLOSED', 'ENTRY_STATE'],
  }),
  listOrganisations: defineRoute({
    method: 'GET',
    path: '/api/organisations',
    summary: { zh: '监管机构查看机构名录', en: 'Organisations, for the regulator' },
    auth: 'desk',
    response: {
      200: z.object({
        organisations: z.array(
          z.object({
            id: z.uuid(),
            kind: z.string(),
            name: Text,
            gln: z.string(),
            closedAt: z.iso.datetime().nullable(),
            doctors: z.array(z.object({ id: z.uuid(), name: Text })),
          }),
        ),
      }),
    },
    errors: ['NOT_THE_REGULATOR'],
  }),
  publishDid: defineRoute({
    method: 'POST',
    path: '/api/organisations/did',
    summary: {
      zh: '公布本机构的身份（did:webvh）',
      en: 'Publish this organisation’s identifier (did:webvh)',
    },
    auth: 'desk',
    response: { 200: z.object({ did: z.string(), version: z.int() }) },
    errors: ['ORGANISATION_UNKNOWN', 'DID_DEACTIVATED'],
  }),
  readDidLog: defineRoute({
    method: 'GET',
    path: '/organisations/:id/did.jsonl',
    summary: { zh: '机构身份的全部历史', en: 'The history of an organisation’s identifier' },
    auth: 'public',
    params: Entry,
    response: { 200: z.string().meta({ contentType: 'text/jsonl', cacheControl: 'public, max-age=300' }) },
    errors: ['ORGANISATION_UNKNOWN'],
  }),
  readDidWeb: defineRoute({
    method: 'GET',
    path: '/organisations/:id/did.json',
    summary: { zh: '机构身份（did:web）', en: 'An organisation’s identifier (did:web)' },
    auth: 'public',
    params: Entry,
    response: { 200: z.json() },
    errors: ['ORGANISATION_UNKNOWN', 'DID_DEACTIVATED'],
  }),
  readTypeMetadata: defineRoute({
    method: 'GET',
    path: '/api/credential-types/:name',
    summary: { zh: '凭证种类的说明（SD-JWT VC 类型元数据）', en: 'SD-JWT VC type metadata of a kind' },
    auth: 'public',
    params: z.object({ name: Kind }),
    response: { 200: z.json() },
    errors: [],
  }),
};
export type RegisterApi = typeof registerApi;
