/** The route with which an operator finds who a breach affects, and drills it. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Text = z.object({ zh: z.string(), en: z.string() });

const Found = z.object({
  id: z.uuid(),
  drill: z.boolean(),
  startedAt: z.iso.datetime(),
  people: z.int(),
  /** The first ten thousand, by pseudonym. */
  accounts: z.array(z.uuid()),
  openings: z.int(),
  categories: z.array(
    z.object({
      kind: z.string(),
      purpose: z.string().nullable(),
      openings: z.int(),
      files: z.int(),
    }),
  ),
  clocks: z.array(
    z.object({
      rule: z.string(),
      hours: z.int().nullable(),
      to: z.enum(['authority', 'person']),
      what: Text,
      source: z.string(),
      dueAt: z.iso.datetime(),
    }),
  ),
  notice: Text,
  notified: z.boolean(),
});

const Period = {
  id: z.uuid(),
  drill: z.boolean(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  organisation: z.uuid().optional(),
};

export const breachRoutes = {
  reportBreach: defineRoute({
    method: 'POST',
    path: '/api/vault/breaches',
    summary: {
      zh: '泄露事件或演习：谁受影响、期限、通知草稿',
      en: 'A breach or a drill: who is affected, the clocks, the notice',
    },
    auth: 'operator',
    body: z.strictObject({ ...Period, region: z.string().min(2).max(10), notify: z.boolean() }),
    response: {
      200: Found,
    },
    errors: ['BREACH_PERIOD', 'BREACH_OTHER', 'ERASURE_REGION'],
  }),
  reportBreachAtDesk: defineRoute({
    method: 'POST',
    path: '/api/vault/desk/breaches',
    summary: {
      zh: '监管机构在本地区查泄露事件或演习',
      en: 'A regulator asks about a breach or a drill in its region',
    },
    auth: 'desk',
    perMinute: 20,
    body: z.strictObject(Period),
    response: { 200: Found.omit({ accounts: true }) },
    errors: ['BREACH_NOT_YOURS', 'BREACH_PERIOD', 'BREACH_OTHER', 'ERASURE_REGION'],
  }),
};
