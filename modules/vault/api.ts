/** The HTTP contract of the vault: opaque bytes in, the same bytes out. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { breachRoutes } from './api-breach.ts';
import { closingRoutes } from './api-closing.ts';
import { computeRoutes } from './api-compute.ts';
import { deviceRoutes, Ok } from './api-devices.ts';
import { emergencyRoutes } from './api-emergency.ts';
import { grantRoutes } from './api-grants.ts';
import { Cipher, MB, objectRoutes } from './api-objects.ts';
import { poolRoutes } from './api-pool.ts';
import { recoveryRoutes } from './api-recovery.ts';
import { rightsRoutes } from './api-rights.ts';

/** A label of 32 derived bytes; nobody guesses one. */
const Label = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const DELIVERY = 1.1 * MB;
const HAND_OVER = 60_000;

export { grantEvents } from './api-grants.ts';
export type { DeskStudy, Earnings, MyStudy, PersonBudget, Study } from './api-pool.ts';

export const vaultApi = {
  ...deviceRoutes,
  ...recoveryRoutes,
  ...objectRoutes,
  ...grantRoutes,
  ...emergencyRoutes,
  ...computeRoutes,
  ...rightsRoutes,
  ...closingRoutes,
  ...breachRoutes,
  ...poolRoutes,
  leave: defineRoute({
    method: 'POST',
    path: '/api/vault/mailbox/:label',
    summary: { zh: '为患者留下一份密封的文件', en: 'Leave a sealed file for a patient' },
    auth: 'desk',
    bodyLimit: 1.6 * MB,
    params: z.object({ label: Label }),
    body: z.object({ sealed: Cipher(DELIVERY) }),
    response: { 200: Ok },
    errors: ['MAILBOX_FULL', 'BYTES_NOT_BASE64URL'],
  }),
  handOver: defineRoute({
    method: 'POST',
    path: '/api/vault/hand-overs/:label',
    summary: {
      zh: '在两个人的手机之间传一份密封的请求或答复',
      en: 'Hand a sealed request or answer from one person’s phone to another’s',
    },
    auth: 'patient',
    perMinute: 20,
    params: z.object({ label: Label }),
    body: z.object({ sealed: Cipher(HAND_OVER) }),
    response: { 200: Ok },
    errors: ['MAILBOX_FULL', 'BYTES_NOT_BASE64URL'],
  }),
  collect: defineRoute({
    method: 'GET',
    path: '/api/vault/mailbox/:label',
    summary: { zh: '取走留给自己的文件', en: 'Collect what was left' },
    auth: 'public',
    params: z.object({ label: Label }),
    query: z.object({ n: z.coerce.number().int().min(1).max(1_000).optional() }),
    response: { 200: z.object({ sealed: Cipher(DELIVERY), n: z.int().min(1), count: z.int().min(1) }) },
    errors: ['OBJECT_UNKNOWN'],
  }),
};
export type VaultApi = typeof vaultApi;
