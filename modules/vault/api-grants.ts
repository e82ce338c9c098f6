/** Routes around grants: what a patient gives and takes back, what an organisation reads, and the log of both. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok, SealPublicKey } from './api-devices.ts';
import { BytePart, Cipher, MB } from './api-objects.ts';
import { ReasonCode } from './core/access/entry.ts';
import { Action, Grant, PurposeCode } from './core/grants/grant.ts';

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const Id = z.object({ id: z.uuid() });
const ObjectName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const Sealed = z.strictObject({ key: Hash, sealed: Cipher(8_000) });
const Given = z.strictObject({
  object: ObjectName,
  version: z.int().min(1),
  wrapped: Cipher(200),
  listed: Cipher(3_000),
});
const Acknowledgement = z.strictObject({ key: Hash, signature: Signature });
const Proof = z.object({
  origin: z.string(),
  index: z.int().min(0),
  leaf: z.string(),
  path: z.array(z.string()),
  checkpoint: z.string(),
});
const DELIVERY = 8 * MB;
const READING = [
  'GRANT_UNKNOWN',
  'GRANT_REVOKED',
  'GRANT_NOT_YET',
  'GRANT_EXPIRED',
  'GRANT_PURPOSE',
  'GRANT_ACTION',
  'GRANT_PERSON',
  'GRANT_USED_UP',
  'VAULT_CLOSING',
  'CONSENT_UNKNOWN',
  'CONSENT_WITHDRAWN',
  'CONSENT_NOTICE_CHANGED',
] as const;

export const grantRoutes = {
  openAccessLog: defineRoute({
    method: 'PUT',
    path: '/api/vault/access-log',
    summary: { zh: '开始这个保险箱的访问记录', en: 'Begin the access log of this vault' },
    auth: 'patient',
    body: z.strictObject({ key: Hash }),
    response: { 200: Ok },
    errors: ['ACCESS_LOG_KEY_SET'],
  }),
  readAccess: defineRoute({
    method: 'GET',
    path: '/api/vault/access',
    summary: { zh: '访问记录，附日志证明', en: 'The access log, with proofs' },
    auth: 'patient',
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    response: {
      200: z.object({
        entries: z.array(
          z.object({
            text: z.string(),
            salt: z.string().regex(/^[0-9a-f]{32}$/),
            /** Null until it is under a published checkpoint. */
            proof: Proof.nullable(),
          }),
        ),
        more: z.boolean(),
      }),
    },
    errors: [],
  }),
  findAccessLeaf: defineRoute({
    method: 'GET',
    path: '/api/vault/access-log/leaves/:tag',
    summary: { zh: '日志里有没有这一条', en: 'Whether the transparency log has this entry' },
    auth: 'patient',
    params: z.object({ tag: z.string().regex(/^[0-9a-f]{64}$/) }),
    response: { 200: z.object({ proof: Proof.nullable() }) },
    errors: [],
  }),
  giveGrant: defineRoute({
    method: 'POST',
    path: '/api/vault/grants',
    summary: { zh: '给出授权', en: 'Give a permission' },
    auth: 'patient',
    bodyLimit: 4 * MB,
    body: z.strictObject({
      grant: Grant,
      signature: Signature,
      share: Hash,
      sealed: z.array(Sealed).min(1).max(20),
      files: z.array(Given).max(1_000),
      replaces: z.uuid().optional(),
    }),
    response: { 200: Ok },
    errors: [
      'GRANT_INVALID',
      'GRANT_SIGNATURE_WRONG',
      'GRANT_OBJECT',
      'GRANT_UNKNOWN',
      'GRANTEE_UNKNOWN',
      'ACCESS_LOG_CLOSED',
      'CONSENT_NOTICE_UNKNOWN',
      'CONSENT_NOTICE_CHANGED',
      'CONSENT_UNKNOWN',
      'CONSENT_WITHDRAWN',
    ],
  }),
  addToGrant: defineRoute({
    method: 'POST',
    path: '/api/vault/grants/:id/files',
    summary: { zh: '授权的分区里有了新文件', en: 'A granted compartment has a new file' },
    auth: 'patient',
    bodyLimit: 4 * MB,
    params: Id,
    body: z.strictObject({ files: z.array(Given).min(1).max(1_000) }),
    response: { 200: Ok },
    errors: ['GRANT_UNKNOWN', 'GRANT_REVOKED', 'GRANT_OBJECT'],
  }),
  revokeGrant: defineRoute({
    method: 'POST',
    path: '/api/vault/grants/:id/revocation',
    summary: { zh: '收回授权，立即生效', en: 'Take a permission back, at once' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['GRANT_UNKNOWN'],
  }),
  listGrants: defineRoute({
    method: 'GET',
    path: '/api/vault/grants',
    summary: { zh: '我给出的授权', en: 'Permissions that I gave' },
    auth: 'patient',
    response: {
      200: z.object({
        grants: z.array(
          z.object({
            grant: Grant,
            used: z.int().min(0),
            madeAt: z.iso.datetime(),
            revokedAt: z.iso.datetime().nullable(),
            acknowledgement: z.object({ key: Hash, signature: Signature, at: z.iso.datetime() }).nullable(),
          }),
        ),
      }),
    },
    errors: [],
  }),
  collectLeft: defineRoute({
    method: 'GET',
    path: '/api/vault/grants/:id/inbox',
    summary: { zh: '取走对方放入的文件', en: 'Collect what was left under a permission' },
    auth: 'patient',
    params: Id,
    response: { 200: z.object({ files: z.array(z.object({ n: z.int(), sealed: Cipher(DELIVERY) })) }) },
    errors: [],
  }),
  granteeCards: defineRoute({
    method: 'GET',
    path: '/api/vault/grantees/:id',
    summary: {
      zh: '机构接收资料的钥匙，附执照',
      en: 'Keys to which an organisation receives records, with its licence',
    },
    auth: 'public',
    params: Id,
    response: {
      200: z.object({
        cards: z.array(z.object({ publicKey: SealPublicKey, presentation: z.string().max(64_000) })),
      }),
    },
    errors: ['GRANTEE_UNKNOWN'],
  }),
  registerGranteeKey: defineRoute({
    method: 'PUT',
    path: '/api/vault/desk/key',
    summary: { zh: '登记本设备接收资料的钥匙', en: 'Register the key to which this device receives records' },
    auth: 'desk',
    body: z.strictObject({ publicKey: SealPublicKey, presentation: z.string().max(64_000) }),
    response: { 200: z.object({ thumb: Hash }) },
    errors: ['GRANTEE_NOT_PROVEN'],
  }),
  deskGrants: defineRoute({
    method: 'GET',
    path: '/api/vault/desk/grants',
    summary: { zh: '患者给本机构的授权', en: 'Permissions that patients gave this organisation' },
    auth: 'desk',
    response: {
      200: z.object({
        grants: z.array(
          z.object({ grant: Grant, signature: Signature, sealed: z.array(Sealed), used: z.int().min(0) }),
        ),
      }),
    },
    errors: [],
  }),
  release: defineRoute({
    method: 'POST',
    path: '/api/vault/desk/grants/:id/readings',
    summary: {
      zh: '打开一份授权资料：先记入访问记录，再给出钥匙的一半',
      en: 'Open a granted file: logged first, then half of the key is released',
    },
    auth: 'desk',
    perMinute: 600,
    params: Id,
    body: z.strictObject({
      object: ObjectName,
      action: Action.exclude(['write']),
      purpose: PurposeCode,
      reason: ReasonCode,
      person: z.uuid().nullable(),
      acknowledgement: Acknowledgement.optional(),
    }),
    response: {
      200: z.object({
        part: Hash,
        reading: z.uuid().nullable(),
        files: z.array(Given),
        seq: z.int().min(1),
      }),
    },
    errors: [...READING, 'GRANT_OBJECT', 'OBJECT_RESTRICTED', 'ACCESS_LOG_CLOSED'],
  }),
  readReleased: defineRoute({
    method: 'GET',
    path: '/api/vault/desk/readings/:id/bytes',
    summary: {
      zh: '读取已打开资料的密文，可只取一段',
      en: 'The ciphertext of an opened file, whole or a range',
    },
    auth: 'desk',
    perMinute: 6_000,
    params: Id,
    response: { 200: BytePart },
    errors: [
      'READ_UNKNOWN',
      'GRANT_REVOKED',
      'GRANT_EXPIRED',
      'OBJECT_RESTRICTED',
      'VAULT_CLOSING',
      'OBJECT_RANGE',
    ],
  }),
  leaveUnder: defineRoute({
    method: 'POST',
    path: '/api/vault/desk/grants/:id/inbox',
    summary: { zh: '为患者放入一份密封的文件', en: 'Leave a sealed file for the patient' },
    auth: 'desk',
    bodyLimit: 11 * MB,
    params: Id,
    body: z.strictObject({
      sealed: Cipher(DELIVERY),
      purpose: PurposeCode,
      reason: ReasonCode,
      person: z.uuid().nullable(),
    }),
    response: { 200: Ok },
    errors: [...READING, 'MAILBOX_FULL', 'BYTES_NOT_BASE64URL'],
  }),
};

/** Streams the state of one grant to a device that has it open. */
export const grantEvents = defineRoute({
  method: 'GET',
  path: '/api/vault/desk/grants/:id/events',
  summary: { zh: '授权有变化时立即通知', en: 'Tells at once when a permission changes' },
  auth: 'desk',
  params: Id,
  response: { 200: z.object({ state: z.enum(['in-force', 'ended']) }) },
  errors: [],
});
