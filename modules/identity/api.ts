/** The HTTP contract of identity. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { RETIRE_REASONS } from './core/device-life.ts';
import { PublicJwk } from './core/jwk.ts';
import { KEY_SCOPES } from './core/key-scopes.ts';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const Ok = z.object({ ok: z.literal(true) });
/** WebAuthn answers as browsers write them (RegistrationResponseJSON, AuthenticationResponseJSON). */
const WebAuthn = z.looseObject({
  id: z.string().max(1024),
  rawId: z.string().max(1024),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(8_000) }),
});

export const identityApi = {
  challenge: defineRoute({
    method: 'POST',
    path: '/api/identity/challenges',
    summary: { zh: '取得一次性挑战', en: 'Get a one-time challenge' },
    auth: 'public',
    perMinute: 30,
    body: z.object({ purpose: z.enum(['patient', 'desk', 'sign-in']) }),
    response: { 200: z.object({ challenge: z.string(), rpId: z.string() }) },
    errors: [],
  }),
  registerPatient: defineRoute({
    method: 'POST',
    path: '/api/identity/patients',
    summary: { zh: '用通行密钥建立账号', en: 'Create an account with a passkey' },
    auth: 'public',
    perMinute: 20,
    body: z.object({ registration: WebAuthn }),
    response: { 200: z.object({ id: z.uuid() }) },
    errors: ['PASSKEY_REFUSED', 'CHALLENGE_EXPIRED'],
  }),
  signIn: defineRoute({
    method: 'POST',
    path: '/api/identity/sign-in',
    summary: { zh: '用通行密钥登录', en: 'Sign in with a passkey' },
    auth: 'public',
    perMinute: 20,
    body: z.object({ assertion: WebAuthn }),
    response: { 200: z.object({ id: z.uuid(), seat: z.enum(['patient', 'desk']) }) },
    errors: ['PASSKEY_UNKNOWN', 'PASSKEY_REFUSED', 'CHALLENGE_EXPIRED', 'DESK_DEVICE_RETIRED'],
  }),
  signOut: defineRoute({
    method: 'POST',
    path: '/api/identity/sign-out',
    summary: { zh: '退出', en: 'Sign out' },
    auth: 'signed-in',
    response: { 200: Ok },
    errors: [],
  }),
  me: defineRoute({
    method: 'GET',
    path: '/api/identity/me',
    summary: { zh: '我是谁', en: 'Who am I' },
    auth: 'signed-in',
    response: {
      200: z.object({
        seat: z.enum(['patient', 'desk']),
        accountId: z.uuid(),
        organisation: z
          .object({
            id: z.uuid(),
            kind: z.string(),
            name: Text,
            gln: z.string(),
            account: Hex.nullable(),
            region: z.string(),
          })
          .nullable(),
        signer: Hex.nullable(),
        holderKey: Hex.nullable(),
      }),
    },
    errors: [],
  }),
  createOrganisation: defineRoute({
    method: 'POST',
    path: '/api/organisations',
    summary: { zh: '登记机构（平台运营者）', en: 'Register an organisation (operator)' },
    auth: 'operator',
    body: z.object({
      kind: z.enum(['regulator', 'maker', 'distributor', 'clinic', 'lender', 'insurer', 'assessor']),
      name: Text,
      city: Text,
      address: Text,
      region: z.string().max(10),
      gln: z.string().regex(/^\d{13}$/),
      licensedForToxin: z.boolean(),
    }),
    response: { 200: z.object({ id: z.uuid(), invitation: z.string() }) },
    errors: ['ORGANISATION_EXISTS'],
  }),
  inviteDevice: defineRoute({
    method: 'POST',
    path: '/api/organisations/invitations',
    summary: { zh: '邀请本机构的另一台设备', en: 'Invite another device of this organisation' },
    auth: 'desk',
    response: { 200: z.object({ invitation: z.string() }) },
    errors: [],
  }),
  makeApiKey: defineRoute({
    method: 'POST',
    path: '/api/organisations/keys',
    summary: {
      zh: '为本机构的系统新建接口密钥；密钥只显示这一次',
      en: 'Make an API key for this organisation’s systems; the secret is shown this once',
    },
    auth: 'desk',
    perMinute: 20,
    body: z.object({
      name: z.string().trim().min(1).max(100),
      scopes: z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length),
    }),
    response: { 200: z.object({ id: z.uuid(), secret: z.string() }) },
    errors: ['API_KEYS_TOO_MANY'],
  }),
  listApiKeys: defineRoute({
    method: 'GET',
    path: '/api/organisations/keys',
    summary: { zh: '本机构的接口密钥', en: 'This organisation’s API keys' },
    auth: 'desk',
    response: {
      200: z.object({
        keys: z.array(
          z.object({
            id: z.uuid(),
            name: z.string(),
            scopes: z.array(z.enum(KEY_SCOPES)),
            madeAt: z.iso.datetime(),
            revokedAt: z.iso.datetime().nullable(),
            usedAt: z.iso.datetime().nullable(),
          }),
        ),
      }),
    },
    errors: [],
  }),
  revokeApiKey: defineRoute({
    method: 'DELETE',
    path: '/api/organisations/keys/:id',
    summary: { zh: '停用接口密钥', en: 'Revoke an API key' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    response: { 200: Ok },
    errors: ['API_KEY_UNKNOWN'],
  }),
  joinDevice: defineRoute({
    method: 'POST',
    path: '/api/organisations/devices',
    summary: { zh: '设备加入机构', en: 'A device joins its organisation' },
    auth: 'public',
    perMinute: 20,
    body: z.object({
      invitation: z.string().max(100),
      registration: WebAuthn,
      holderKey: z.string().regex(/^0x04[0-9a-f]{128}$/) as z.ZodType<`0x${string}`>,
    }),
    response: {
      200: z.object({
        deviceId: z.uuid(),
        organisationId: z.uuid(),
        account: Hex,
        signer: Hex,
        firstSigner: Hex,
      }),
    },
    errors: ['INVITATION_INVALID', 'PASSKEY_REFUSED', 'CHALLENGE_EXPIRED'],
  }),
  listDevices: defineRoute({
    method: 'GET',
    path: '/api/organisations/devices',
    summary: { zh: '本机构的登录设备', en: 'This organisation’s sign-in devices' },
    auth: 'desk',
    response: {
      200: z.object({
        devices: z.array(
          z.object({
            id: z.uuid(),
            number: z.int().positive(),
            name: z.string().nullable(),
            signer: Hex,
            joinedAt: z.iso.datetime(),
            seenAt: z.iso.datetime().nullable(),
            here: z.boolean(),
            confirmed: z.boolean(),
            retiredAt: z.iso.datetime().nullable(),
            reason: z.enum(RETIRE_REASONS).nullable(),
            retiredBy: z.int().nullable(),
            replacedBy: z.int().nullable(),
          }),
        ),
        threshold: z.int().positive(),
      }),
    },
    errors: ['ORGANISATION_UNKNOWN'],
  }),
  nameDevice: defineRoute({
    method: 'PUT',
    path: '/api/organisations/devices/:id/name',
    summary: { zh: '给登录设备起名', en: 'Name a sign-in device' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({ name: z.string().trim().min(1).max(60) }),
    response: { 200: Ok },
    errors: ['DESK_DEVICE_UNKNOWN'],
  }),
  retireDevice: defineRoute({
    method: 'POST',
    path: '/api/organisations/devices/:id/retirement',
    summary: {
      zh: '停用登录设备：它已不在机构账户的签署者之中',
      en: 'Retire a sign-in device that no longer signs for the organisation’s account',
    },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({ reason: z.enum(RETIRE_REASONS), replacedBy: z.uuid().nullable() }),
    response: { 200: Ok },
    errors: [
      'DESK_DEVICE_UNKNOWN',
      'DESK_DEVICE_NOT_CONFIRMED',
      'DESK_DEVICE_STILL_SIGNS',
      'DESK_DEVICE_RETIRED',
      'DESK_DEVICE_LAST',
    ],
  }),
  addPractitioner: defineRoute({
    method: 'POST',
    path: '/api/practitioners',
    summary: { zh: '机构登记医生', en: 'A clinic names a doctor' },
    auth: 'desk',
    body: z.object({ id: z.uuid(), name: Text, title: Text }),
    response: { 200: z.object({ id: z.uuid() }) },
    errors: ['NOT_A_CLINIC', 'PRACTITIONER_ELSEWHERE'],
  }),
  registerIssuer: defineRoute({
    method: 'POST',
    path: '/api/issuers',
    summary: { zh: '监管机构公布签发密钥', en: 'A regulator publishes its signing keys' },
    auth: 'desk',
    body: z.object({ id: z.url(), keys: z.array(PublicJwk).min(1).max(10) }),
    response: { 200: Ok },
    errors: ['NOT_THE_REGULATOR', 'ISSUER_TAKEN', 'SDJWT_KEY'],
  }),
  registerCredential: defineRoute({
    method: 'POST',
    path: '/api/credentials',
    summary: { zh: '公开一份凭证', en: 'Make a certificate public' },
    auth: 'desk',
    body: z.object({ token: z.string().max(65_536) }),
    response: { 200: z.object({ id: z.uuid() }) },
    errors: ['CREDENTIAL_REFUSED', 'CREDENTIAL_NOT_YOURS'],
  }),
  publishStatusList: defineRoute({
    method: 'POST',
    path: '/api/status-lists',
    summary: { zh: '发布状态列表', en: 'Publish a status list' },
    auth: 'desk',
    bodyLimit: 6_500_000,
    body: z.object({ token: z.string().max(6_300_000) }),
    response: { 200: z.object({ uri: z.string() }) },
    errors: ['STATUS_LIST_REFUSED'],
  }),
  readStatusList: defineRoute({
    method: 'GET',
    path: '/status/:issuer/:name',
    summary: { zh: '取得已签名的状态列表', en: 'Get a signed status list' },
    auth: 'public',
    params: z.object({
      issuer: z.string().regex(/^[0-9a-f]{16}$/),
      name: z.string().regex(/^[A-Za-z0-9_-]{1,60}$/),
    }),
    response: {
      200: z.string().meta({ contentType: 'application/statuslist+jwt', cacheControl: 'public, max-age=60' }),
    },
    errors: ['STATUS_LIST_UNKNOWN'],
  }),
  readProfile: defineRoute({
    method: 'GET',
    path: '/api/profiles/:subject',
    summary: {
      zh: '医生或机构的公开资料，证照当场核验',
      en: 'What is public of a doctor or organisation, certificates judged just now',
    },
    auth: 'public',
    params: z.object({ subject: z.uuid() }),
    response: {
      200: z.object({
        subject: z.uuid(),
        kind: z.enum([
          'doctor',
          'regulator',
          'maker',
          'distributor',
          'clinic',
          'lender',
          'insurer',
          'assessor',
        ]),
        name: Text,
        title: Text.nullable(),
        closedAt: z.iso.datetime().nullable(),
        /** Other organisations of the same owner; a clinic that closed is found again under its new name. */
        sameOwner: z.array(z.object({ id: z.uuid(), name: Text, closedAt: z.iso.datetime().nullable() })),
        licences: z.array(
          z.object({
            verdict: z.enum(['proven', 'false', 'cannot-judge']),
            code: z.string(),
            message: Text,
            type: z.string(),
            kind: Text,
            issuer: z.string(),
            issuerName: z.object({ zh: z.string(), en: z.string() }),
            issuerEntitledNow: z.boolean().nullable(),
            checkedAt: z.iso.datetime(),
            claims: z.record(z.string(), z.json()),
          }),
        ),
        /** Keys with which an organisation's devices sign: uncompressed P-256 points. */
        deviceKeys: z.array(Hex),
        /** Keys of devices that ended: their signatures count up to this time. */
        pastKeys: z.array(z.object({ key: Hex, until: z.iso.datetime() })),
      }),
    },
    errors: ['PROFILE_UNKNOWN'],
  }),
};
export type IdentityApi = typeof identityApi;
