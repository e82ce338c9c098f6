/** Routes around devices: the keyset, who may let another device in, and what all of them are told. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Keyset } from './core/keyset.ts';
import { OwnerKey, SignedKeyset } from './core/owner.ts';

export const Ok = z.object({ ok: z.literal(true) });
const Secret32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
export const SealPublicKey = z.string().regex(/^[A-Za-z0-9_-]{1622}$/);
const CredentialId = z.string().regex(/^[A-Za-z0-9_-]{1,1024}$/);
/** RegistrationResponseJSON, as browsers write it. */
const Registration = z.looseObject({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: z.string().max(8_000),
    attestationObject: z.string().max(16_000),
  }),
});
const Code = z.object({ code: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){1,3}$/) });
const Revealed = z.strictObject({ publicKey: SealPublicKey, opening: Secret32 });

export const NOTICE_KINDS = [
  'device-added',
  'device-removed',
  'guardians-chosen',
  'recovery-started',
  'recovery-cancelled',
  'recovery-opened',
  'emergency-on',
  'emergency-off',
  'emergency-paused',
  'emergency-opened',
  'emergency-answered',
  'ward-emergency',
  'files-erased',
  'erasure-asked',
  'erasure-undone',
  'guardian-gone',
  'closing-started',
  'closing-stopped',
  'breach',
  'breach-drill',
] as const;

export const deviceRoutes = {
  readKeyset: defineRoute({
    method: 'GET',
    path: '/api/vault/keyset',
    summary: { zh: '取回密钥组（密文）', en: 'Get the keyset (ciphertext)' },
    auth: 'patient',
    response: { 200: Keyset },
    errors: ['KEYSET_UNKNOWN'],
  }),
  writeKeyset: defineRoute({
    method: 'PUT',
    path: '/api/vault/keyset',
    summary: {
      zh: '保存密钥组（密文），由打开的保险箱签名',
      en: 'Save the keyset (ciphertext), signed by the open vault',
    },
    auth: 'patient',
    body: SignedKeyset,
    response: { 200: Ok },
    errors: ['KEYSET_CONFLICT', 'OWNER_SIGNATURE_WRONG'],
  }),
  findKeyset: defineRoute({
    method: 'GET',
    path: '/api/vault/keysets/:locator',
    summary: { zh: '用恢复码找到密钥组（密文）', en: 'Find a keyset (ciphertext) by a recovery code' },
    auth: 'public',
    perMinute: 20,
    params: z.object({ locator: z.string().regex(/^[A-Za-z0-9_-]{32}$/) }),
    response: { 200: Keyset },
    errors: ['KEYSET_UNKNOWN'],
  }),
  addDevice: defineRoute({
    method: 'POST',
    path: '/api/vault/devices',
    summary: {
      zh: '能打开保险箱的新设备加入账号',
      en: 'A new device that can open the vault joins the account',
    },
    auth: 'public',
    perMinute: 20,
    body: z.strictObject({ registration: Registration, owner: OwnerKey, signature: Signature }),
    response: { 200: z.object({ accountId: z.uuid() }) },
    errors: ['OWNER_UNKNOWN', 'OWNER_SIGNATURE_WRONG', 'PASSKEY_REFUSED', 'CHALLENGE_EXPIRED'],
  }),
  listDevices: defineRoute({
    method: 'GET',
    path: '/api/vault/devices',
    summary: { zh: '能登录的设备', en: 'Devices that can sign in' },
    auth: 'patient',
    response: {
      200: z.object({ devices: z.array(z.object({ credential: CredentialId, addedAt: z.iso.datetime() })) }),
    },
    errors: [],
  }),
  removeDevices: defineRoute({
    method: 'POST',
    path: '/api/vault/devices/removals',
    summary: { zh: '移除设备：不能再登录', en: 'Remove devices: they cannot sign in any more' },
    auth: 'patient',
    body: z.strictObject({
      credentials: z.array(CredentialId).min(1).max(20),
      /** The one that stays signed in here. */
      keep: CredentialId,
      signature: Signature,
    }),
    response: { 200: Ok },
    errors: ['OWNER_UNKNOWN', 'OWNER_SIGNATURE_WRONG', 'VAULT_DEVICE_UNKNOWN', 'DEVICE_LAST'],
  }),
  readNotices: defineRoute({
    method: 'GET',
    path: '/api/vault/notices',
    summary: { zh: '发给你所有设备的通知', en: 'What all your devices are told' },
    auth: 'patient',
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    response: {
      200: z.object({
        notices: z.array(
          z.object({
            n: z.int().min(1),
            kind: z.enum(NOTICE_KINDS),
            facts: z.record(z.string(), z.union([z.string(), z.number()])),
            at: z.iso.datetime(),
          }),
        ),
      }),
    },
    errors: [],
  }),
  startPairing: defineRoute({
    method: 'POST',
    path: '/api/vault/pairings',
    summary: { zh: '新设备请求配对', en: 'A new device asks to be paired' },
    auth: 'public',
    perMinute: 10,
    body: z.strictObject({ commitment: Secret32 }),
    response: { 200: z.object({ code: z.string(), token: Secret32, expiresAt: z.iso.datetime() }) },
    errors: [],
  }),
  readPairing: defineRoute({
    method: 'GET',
    path: '/api/vault/pairings/:code',
    summary: { zh: '配对进行到哪里', en: 'How far a pairing is' },
    auth: 'public',
    params: Code,
    response: {
      200: z.object({
        commitment: Secret32,
        nonce: Secret32.nullable(),
        revealed: Revealed.nullable(),
        sealed: z.string().nullable(),
      }),
    },
    errors: ['PAIRING_UNKNOWN'],
  }),
  answerPairing: defineRoute({
    method: 'POST',
    path: '/api/vault/pairings/:code/nonce',
    summary: { zh: '旧设备应答配对', en: 'The old device answers a pairing' },
    auth: 'patient',
    perMinute: 10,
    params: Code,
    body: z.strictObject({ nonce: Secret32 }),
    response: { 200: Ok },
    errors: ['PAIRING_UNKNOWN', 'PAIRING_OUT_OF_ORDER'],
  }),
  revealPairing: defineRoute({
    method: 'POST',
    path: '/api/vault/pairings/:code/key',
    summary: { zh: '新设备公开它承诺过的公钥', en: 'The new device shows the key it committed to' },
    auth: 'public',
    params: Code,
    body: Revealed,
    response: { 200: Ok },
    errors: ['PAIRING_UNKNOWN', 'PAIRING_OUT_OF_ORDER'],
  }),
  completePairing: defineRoute({
    method: 'POST',
    path: '/api/vault/pairings/:code/handover',
    summary: { zh: '旧设备把钥匙密封给新设备', en: 'The old device seals the keys to the new one' },
    auth: 'patient',
    params: Code,
    body: z.strictObject({ sealed: z.string().regex(/^[A-Za-z0-9_-]{1,70000}$/) }),
    response: { 200: Ok },
    errors: ['PAIRING_UNKNOWN', 'PAIRING_OUT_OF_ORDER'],
  }),
};
