/** Routes around what happens to a vault after a death. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';
import { BytePart, Cipher } from './api-objects.ts';

const Id = z.object({ id: z.uuid() });
const Code = z.string().regex(/^[0-9A-Z-]{4,40}$/);
const ObjectName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const Closing = z.object({
  id: z.uuid(),
  startedAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  /** Guardians that agreed, and how many have to. */
  have: z.int(),
  need: z.int(),
  ready: z.boolean(),
  openedAt: z.iso.datetime().nullable(),
  /** Until then the heir may collect; then everything is erased. */
  endsAt: z.iso.datetime().nullable(),
});

export const closingRoutes = {
  readWish: defineRoute({
    method: 'GET',
    path: '/api/vault/wish',
    summary: { zh: '本人的身后安排', en: 'What the person chose for after death' },
    auth: 'patient',
    response: {
      200: z.object({
        wish: z
          .object({
            kind: z.enum(['erase', 'hand-over']),
            heir: Code.nullable(),
            objects: z.array(ObjectName),
            madeAt: z.iso.datetime(),
          })
          .nullable(),
      }),
    },
    errors: [],
  }),
  withdrawWish: defineRoute({
    method: 'POST',
    path: '/api/vault/wish/withdrawal',
    summary: { zh: '撤销身后安排：谁也打不开', en: 'Take the wish back: nobody opens anything' },
    auth: 'patient',
    body: z.strictObject({ signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/) }),
    response: { 200: Ok },
    errors: ['OWNER_UNKNOWN', 'OWNER_SIGNATURE_WRONG'],
  }),
  listClosings: defineRoute({
    method: 'GET',
    path: '/api/vault/closings',
    summary: {
      zh: '正在进行的关闭：自己的，以及自己守护的人的',
      en: 'Closings that run: one’s own, and those of people one guards',
    },
    auth: 'patient',
    response: {
      200: z.object({
        mine: Closing.nullable(),
        wards: z.array(
          z.object({
            recovery: Code,
            /** Code of this guardian. */
            code: Code,
            closing: Closing.extend({ agreed: z.boolean(), forMe: z.boolean() }).nullable(),
          }),
        ),
      }),
    },
    errors: [],
  }),
  makeWish: defineRoute({
    method: 'PUT',
    path: '/api/vault/wish',
    summary: {
      zh: '身后安排：清空，或把选定的文件转交一位守护人',
      en: 'After death: erase, or hand files to one guardian',
    },
    auth: 'patient',
    body: z.strictObject({
      kind: z.enum(['erase', 'hand-over']),
      region: z.string().min(2).max(10),
      heir: Code.nullable(),
      sealed: Cipher(120_000).nullable(),
      objects: z.array(ObjectName).max(200),
      signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
    }),
    response: { 200: Ok },
    errors: ['OWNER_UNKNOWN', 'OWNER_SIGNATURE_WRONG', 'ERASURE_REGION', 'WISH_INVALID'],
  }),
  reportDeath: defineRoute({
    method: 'POST',
    path: '/api/vault/closings',
    summary: { zh: '守护人凭证明申请关闭', en: 'A guardian reports a death with its certificate' },
    auth: 'patient',
    perMinute: 10,
    body: z.strictObject({ recovery: Code, presentation: z.string().max(16_000) }),
    response: { 200: z.object({ id: z.uuid(), dueAt: z.iso.datetime() }) },
    errors: ['GUARDIAN_UNKNOWN', 'DEATH_NOT_PROVEN', 'CLOSING_NO_WISH', 'CLOSING_RUNNING'],
  }),
  agreeToClosing: defineRoute({
    method: 'POST',
    path: '/api/vault/closings/:id/approvals',
    summary: { zh: '另一位守护人同意', en: 'Another guardian agrees' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['CLOSING_UNKNOWN', 'GUARDIAN_UNKNOWN'],
  }),
  stopClosing: defineRoute({
    method: 'POST',
    path: '/api/vault/closings/:id/stop',
    summary: { zh: '我还在：叫停', en: 'I am alive: stop it' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['CLOSING_UNKNOWN'],
  }),
  carryOutClosing: defineRoute({
    method: 'POST',
    path: '/api/vault/closings/:id/execution',
    summary: { zh: '等待期满，按本人的安排执行', en: 'The waiting period is over: do what the person chose' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['CLOSING_UNKNOWN', 'CLOSING_WAITING', 'CLOSING_NO_WISH', 'GUARDIAN_UNKNOWN'],
  }),
  readLegacy: defineRoute({
    method: 'GET',
    path: '/api/vault/closings/:id/legacy',
    summary: { zh: '受托守护人取得密封的钥匙', en: 'The chosen guardian takes the sealed keys' },
    auth: 'patient',
    params: Id,
    response: { 200: z.object({ sealed: Cipher(120_000) }) },
    errors: ['CLOSING_UNKNOWN', 'CLOSING_WAITING', 'GUARDIAN_UNKNOWN'],
  }),
  readLegacyFile: defineRoute({
    method: 'GET',
    path: '/api/vault/closings/:id/files/:name',
    summary: {
      zh: '受托守护人读取选定的文件（密文）',
      en: 'The chosen guardian reads a chosen file (ciphertext)',
    },
    auth: 'patient',
    params: z.object({ id: z.uuid(), name: ObjectName }),
    response: { 200: BytePart },
    errors: ['CLOSING_UNKNOWN', 'CLOSING_WAITING', 'GUARDIAN_UNKNOWN', 'OBJECT_UNKNOWN'],
  }),
};
