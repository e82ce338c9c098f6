/** The facts of a verdict as one JSON document. */
import { z } from 'zod';

const Master = z.object({
  gtin: z.string().regex(/^\d{14}$/),
  productName: z.unknown().optional(),
  class: z.string().optional(),
  approvedRoutes: z.array(z.string()),
  approvedRegions: z.array(z.string()),
  storage: z.object({ minC: z.number(), maxC: z.number(), maxMinutesOut: z.number() }),
  singleUse: z.boolean(),
  isToxin: z.boolean(),
  makerOnboarded: z.boolean(),
  maxAmountPerUnit: z.number().optional(),
  amountUnit: z.string().optional(),
  useWithinHours: z.number().optional(),
  contains: z.object({ gtin: z.string(), count: z.number() }).optional(),
});

export const FactsBody = z.object({
  /** RFC 3339, or milliseconds since the epoch. */
  now: z.union([z.iso.datetime({ offset: true }), z.number()]),
  master: Master.nullish(),
  parties: z
    .array(z.object({ gln: z.string(), role: z.string(), licensedForToxin: z.boolean().default(false) }))
    .default([]),
  events: z.array(z.json()).default([]),
  scan: z.object({
    code: z.string(),
    place: z.string().optional(),
    purpose: z.enum(['before-use', 'after-use', 'public']).default('public'),
    procedureCommitment: z.string().optional(),
    intendedRoute: z.string().optional(),
    region: z.string().optional(),
    innerCode: z.string().optional(),
  }),
});
