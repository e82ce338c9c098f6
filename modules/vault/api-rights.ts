/** Routes around a person's rights: consents and taking them back, erasing, restricting. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';
import { KeptRule } from './core/erasure/certificate.ts';
import { Grant, PurposeCode } from './core/grants/grant.ts';

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const Id = z.object({ id: z.uuid() });
const ObjectName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const Region = z.string().min(2).max(10);
const KeptBefore = KeptRule.omit({ until: true });
/** A C2SP signed note. */
const Certificate = z.string().max(64_000);
const Erasure = z.object({
  id: z.uuid(),
  scope: z.enum(['objects', 'compartment', 'everything']),
  state: z.enum(['waiting', 'undone', 'started', 'done']),
  askedAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  certificate: Certificate.nullable(),
});

export const rightsRoutes = {
  listConsents: defineRoute({
    method: 'GET',
    path: '/api/vault/consents',
    summary: { zh: '我的同意', en: 'My consents' },
    auth: 'patient',
    response: {
      200: z.object({
        consents: z.array(
          z.object({
            receipt: Hash,
            purpose: PurposeCode,
            notice: Grant.shape.notice,
            organisation: z.uuid().nullable(),
            givenAt: z.iso.datetime(),
            endsAt: z.iso.datetime(),
            withdrawnAt: z.iso.datetime().nullable(),
          }),
        ),
      }),
    },
    errors: [],
  }),
  withdrawConsent: defineRoute({
    method: 'POST',
    path: '/api/vault/consents/:receipt/withdrawal',
    summary: {
      zh: '收回同意：依据它的授权同时失效',
      en: 'Take a consent back: what rests on it ends at once',
    },
    auth: 'patient',
    params: z.object({ receipt: Hash }),
    response: { 200: Ok },
    errors: ['CONSENT_UNKNOWN'],
  }),
  restrictObject: defineRoute({
    method: 'PUT',
    path: '/api/vault/objects/:name/restriction',
    summary: { zh: '限制或恢复一份文件的使用', en: 'Restrict the use of a file, or lift that' },
    auth: 'patient',
    params: z.object({ name: ObjectName }),
    body: z.strictObject({ restricted: z.boolean() }),
    response: { 200: Ok },
    errors: ['OBJECT_UNKNOWN', 'ACCESS_LOG_CLOSED'],
  }),
  listRestricted: defineRoute({
    method: 'GET',
    path: '/api/vault/restrictions',
    summary: { zh: '限制了使用的文件', en: 'Files whose use is restricted' },
    auth: 'patient',
    response: { 200: z.object({ objects: z.array(ObjectName) }) },
    errors: [],
  }),
  readKept: defineRoute({
    method: 'GET',
    path: '/api/vault/retention',
    summary: { zh: '销毁后依规仍须保存的内容', en: 'What has to be kept after an erasure, by the rules' },
    auth: 'patient',
    query: z.object({ region: Region }),
    response: {
      200: z.object({
        objects: z.array(KeptBefore),
        everything: z.array(KeptBefore),
        waitDays: z.int().min(1),
      }),
    },
    errors: ['ERASURE_REGION'],
  }),
  eraseObjects: defineRoute({
    method: 'POST',
    path: '/api/vault/erasures/files',
    summary: {
      zh: '销毁文件的钥匙与密文，得到证明',
      en: 'Destroy keys and ciphertext of files, with a certificate',
    },
    auth: 'patient',
    body: z.strictObject({
      id: z.uuid(),
      region: Region,
      objects: z.array(ObjectName).min(1).max(1_000),
      whole: z.boolean(),
      signature: Signature,
    }),
    response: { 200: z.object({ certificate: Certificate }) },
    errors: [
      'OWNER_UNKNOWN',
      'OWNER_SIGNATURE_WRONG',
      'ERASURE_REGION',
      'ERASURE_NOTHING',
      'ACCESS_LOG_CLOSED',
    ],
  }),
  eraseEverything: defineRoute({
    method: 'POST',
    path: '/api/vault/erasures',
    summary: { zh: '清空保险箱：等待期内可撤销', en: 'Erase the vault: it can be undone for some days' },
    auth: 'patient',
    body: z.strictObject({ id: z.uuid(), region: Region, signature: Signature }),
    response: { 200: z.object({ token: Hash, dueAt: z.iso.datetime() }) },
    errors: ['OWNER_UNKNOWN', 'OWNER_SIGNATURE_WRONG', 'ERASURE_REGION', 'ERASURE_WAITING'],
  }),
  undoErasure: defineRoute({
    method: 'POST',
    path: '/api/vault/erasures/:id/undo',
    summary: { zh: '撤销清空', en: 'Undo an erasure that waits' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['ERASURE_UNKNOWN', 'ERASURE_STARTED'],
  }),
  listErasures: defineRoute({
    method: 'GET',
    path: '/api/vault/erasures',
    summary: { zh: '我的销毁与证明', en: 'My erasures and their certificates' },
    auth: 'patient',
    response: { 200: z.object({ erasures: z.array(Erasure) }) },
    errors: [],
  }),
  readErasure: defineRoute({
    method: 'GET',
    path: '/api/vault/erasures/:id',
    summary: {
      zh: '凭链接查看销毁进度与证明（无需账号）',
      en: 'State and certificate of an erasure, by its link; no account is needed',
    },
    auth: 'public',
    perMinute: 60,
    params: Id,
    response: { 200: Erasure },
    errors: ['ERASURE_UNKNOWN'],
  }),
};
