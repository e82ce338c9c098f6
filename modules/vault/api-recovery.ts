/** Routes around guardians and recoveries. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok, SealPublicKey } from './api-devices.ts';
import { Keyset } from './core/keyset.ts';
import { GUARDIANS, WAITING } from './core/recovery/guardians.ts';

/** Sixteen symbols in four groups. */
const Code16 = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
const Sealed = z.string().regex(/^[A-Za-z0-9_-]{1,4000}$/);
const Secret32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Id = z.object({ id: z.uuid() });

export const recoveryRoutes = {
  becomeGuardian: defineRoute({
    method: 'POST',
    path: '/api/vault/guardians',
    summary: { zh: '愿意做守护人：公开公钥', en: 'Be ready to be a guardian: publish the key' },
    auth: 'patient',
    body: z.strictObject({ publicKey: SealPublicKey }),
    response: { 200: z.object({ code: Code16 }) },
    errors: [],
  }),
  readGuardian: defineRoute({
    method: 'GET',
    path: '/api/vault/guardians/:code',
    summary: { zh: '按守护码取公钥', en: 'A guardian’s key by its code' },
    auth: 'patient',
    perMinute: 30,
    params: z.object({ code: Code16 }),
    response: { 200: z.object({ publicKey: SealPublicKey }) },
    errors: ['GUARDIAN_UNKNOWN'],
  }),
  chooseGuardians: defineRoute({
    method: 'PUT',
    path: '/api/vault/guardianship',
    summary: { zh: '保存守护人安排', en: 'Keep the arrangement with the guardians' },
    auth: 'patient',
    body: z.strictObject({
      recovery: Code16,
      need: z.int().min(2).max(GUARDIANS.most),
      hours: z.int().min(WAITING.least).max(WAITING.most),
      serverShare: Secret32,
      shares: z
        .array(z.strictObject({ code: Code16, sealed: Sealed }))
        .min(GUARDIANS.least)
        .max(GUARDIANS.most),
      signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
    }),
    response: { 200: Ok },
    errors: [
      'OWNER_UNKNOWN',
      'OWNER_SIGNATURE_WRONG',
      'GUARDIANS_COUNT',
      'GUARDIAN_TWICE',
      'GUARDIAN_UNKNOWN',
    ],
  }),
  readGuardianship: defineRoute({
    method: 'GET',
    path: '/api/vault/guardianship',
    summary: { zh: '我的守护人安排', en: 'My arrangement with guardians' },
    auth: 'patient',
    response: {
      200: z.object({
        arrangement: z
          .object({
            recovery: Code16,
            need: z.int(),
            hours: z.int(),
            guardians: z.array(Code16),
            madeAt: z.iso.datetime(),
          })
          .nullable(),
        running: z.object({ id: z.uuid(), dueAt: z.iso.datetime(), approvals: z.int() }).nullable(),
      }),
    },
    errors: [],
  }),
  entrusted: defineRoute({
    method: 'GET',
    path: '/api/vault/guardians/me/shares',
    summary: {
      zh: '别人托付给我的份额，以及正在进行的找回',
      en: 'Shares entrusted to me, and recoveries that run',
    },
    auth: 'patient',
    response: {
      200: z.object({
        code: Code16.nullable(),
        shares: z.array(
          z.object({
            recovery: Code16,
            sealed: Sealed,
            request: z
              .object({
                id: z.uuid(),
                publicKey: SealPublicKey,
                dueAt: z.iso.datetime(),
                approved: z.boolean(),
              })
              .nullable(),
          }),
        ),
      }),
    },
    errors: [],
  }),
  startRecovery: defineRoute({
    method: 'POST',
    path: '/api/vault/recoveries',
    summary: { zh: '丢失所有设备：请求守护人帮忙', en: 'Every device is lost: ask the guardians' },
    auth: 'public',
    perMinute: 5,
    body: z.strictObject({ recovery: Code16, publicKey: SealPublicKey }),
    response: { 200: z.object({ id: z.uuid(), token: Secret32, dueAt: z.iso.datetime() }) },
    errors: ['RECOVERY_UNKNOWN', 'RECOVERY_RUNNING', 'RECOVERY_TOO_OFTEN'],
  }),
  readRecovery: defineRoute({
    method: 'GET',
    path: '/api/vault/recoveries/:id',
    summary: { zh: '找回进行到哪里', en: 'How far a recovery is' },
    auth: 'public',
    params: Id,
    response: {
      200: z.object({
        state: z.enum(['waiting', 'open', 'cancelled', 'finished', 'lapsed']),
        dueAt: z.iso.datetime(),
        need: z.int(),
        approvals: z.int(),
      }),
    },
    errors: ['RECOVERY_UNKNOWN'],
  }),
  approveRecovery: defineRoute({
    method: 'POST',
    path: '/api/vault/recoveries/:id/approvals',
    summary: { zh: '守护人同意', en: 'A guardian agrees' },
    auth: 'patient',
    params: Id,
    body: z.strictObject({ sealed: Sealed }),
    response: { 200: Ok },
    errors: ['RECOVERY_UNKNOWN', 'RECOVERY_ENDED', 'GUARDIAN_UNKNOWN'],
  }),
  cancelRecovery: defineRoute({
    method: 'POST',
    path: '/api/vault/recoveries/:id/cancel',
    summary: { zh: '不是我：取消找回', en: 'That is not me: cancel the recovery' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['RECOVERY_UNKNOWN', 'RECOVERY_ENDED'],
  }),
  openRecovery: defineRoute({
    method: 'POST',
    path: '/api/vault/recoveries/:id/open',
    summary: { zh: '等待期满，取回钥匙', en: 'The waiting period is over: take the keys' },
    auth: 'public',
    perMinute: 30,
    params: Id,
    response: { 200: z.object({ keyset: Keyset, serverShare: Secret32, approvals: z.array(Sealed) }) },
    errors: ['RECOVERY_UNKNOWN', 'RECOVERY_WAITING', 'RECOVERY_NOT_APPROVED', 'RECOVERY_ENDED'],
  }),
};
