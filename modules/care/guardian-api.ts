/** The HTTP contract of what a guardian sees of a child's visits: their course and their money, nothing of health. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Bilingual } from './core/quote.ts';
import { VISIT_STATES } from './core/visit.ts';

export const WardVisit = z.object({
  id: z.uuid(),
  state: z.enum(VISIT_STATES),
  clinic: Bilingual,
  doctor: Bilingual,
  treatment: Bilingual,
  startsAt: z.iso.datetime(),
  /** Of all amounts here (ISO 4217). */
  currency: z.enum(['CNY', 'HKD', 'SGD', 'EUR', 'USD']),
  /** Minor units. */
  total: z.string(),
  money: z.object({ held: z.string(), paid: z.string(), refunded: z.string() }).nullable(),
  /** The text that was agreed to, as it can be read under `readConsent`. */
  consent: z.object({ template: z.string(), version: z.string(), language: z.string() }).nullable(),
  /** A licence that this visit counts on no longer holds. */
  warning: Bilingual.nullable(),
});
export type WardVisit = z.infer<typeof WardVisit>;

export const guardianApi = {
  wardVisits: defineRoute({
    method: 'POST',
    path: '/api/ward-visits',
    summary: { zh: '监护人查看孩子的就诊', en: 'A guardian looks at a child’s visits' },
    auth: 'public',
    perMinute: 30,
    body: z.object({
      child: z
        .string()
        .regex(/^[A-Za-z0-9_-]{43}$/)
        .meta({ phi: true }),
      /** The certificate of guardianship with its key binding for this child and this look. */
      presentation: z.string().max(20_000).meta({ phi: true }),
    }),
    response: { 200: z.object({ visits: z.array(WardVisit).max(100) }) },
    errors: ['GUARDIAN_NOT_PROVEN', 'GUARDIAN_ENDED'],
  }),
} as const;
export type GuardianApi = typeof guardianApi;
