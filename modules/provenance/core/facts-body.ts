/** The facts of a verdict as one JSON document. */
import { z } from 'zod';

/** A member that may be left out or be null. */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const Master = z.object({
  gtin: z.string().regex(/^\d{14}$/),
  productName: z.unknown().optional(),
  class: maybe(z.string()),
  approvedRoutes: z.array(z.string()),
  approvedRegions: z.array(z.string()),
  storage: maybe(z.object({ minC: z.number(), maxC: z.number(), maxMinutesOut: z.number() })),
  singleUse: z.boolean(),
  isToxin: z.boolean(),
  makerOnboarded: z.boolean(),
  maxAmountPerUnit: maybe(z.number()),
  amountUnit: maybe(z.string()),
  useWithinHours: maybe(z.number()),
  contains: maybe(z.object({ gtin: z.string(), count: z.number() })),
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
    place: maybe(z.string()),
    purpose: z.enum(['before-use', 'after-use', 'public']).default('public'),
    procedureCommitment: maybe(z.string()),
    intendedRoute: maybe(z.string()),
    region: maybe(z.string()),
    innerCode: maybe(z.string()),
  }),
});
