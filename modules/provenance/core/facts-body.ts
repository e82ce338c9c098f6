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
  storage: maybe(
    z.object({
      minC: z.number(),
      maxC: z.number(),
      maxMinutesOut: z.number(),
      maxMeanKineticC: maybe(z.number()),
    }),
  ),
  singleUse: z.boolean(),
  isToxin: z.boolean(),
  makerOnboarded: z.boolean(),
  maxAmountPerUnit: maybe(z.number()),
  amountUnit: maybe(z.string()),
  useWithinHours: maybe(z.number()),
  contains: maybe(z.object({ gtin: z.string(), count: z.number() })),
});

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Words = z.array(z.string().max(200)).max(1_000).default([]);

/** A notice in force, as it is published in the feed. */
const Warning = z.object({
  kind: z.enum(['recall', 'counterfeit']),
  gtin: z.string().regex(/^\d{14}$/),
  lots: Words,
  serials: Words,
  label: maybe(z.object({ doses: Words, onlyDoses: Words, ingredients: Words, onlyIngredients: Words })),
  /** GLN, or address of the site. */
  by: z.string(),
  at: z.iso.datetime({ offset: true }),
  notice: z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>,
});
const Party = z.object({
  gln: z.string(),
  role: z.string(),
  licensedForToxin: z.boolean().default(false),
  /** Uncompressed P-256 points. */
  keys: maybe(z.array(Hex)),
});

export const FactsBody = z.object({
  /** RFC 3339, or milliseconds since the epoch. */
  now: z.union([z.iso.datetime({ offset: true }), z.number()]),
  master: Master.nullish(),
  parties: z.array(Party).default([]),
  events: z.array(z.json()).default([]),
  warnings: z.array(Warning).default([]),
  /** Signatures of devices over events; without them, a hand-over counts that both sides stated. */
  signatures: maybe(z.array(z.object({ event: Hex, key: Hex, signature: Hex }))),
  scan: z.object({
    code: z.string(),
    place: maybe(z.string()),
    purpose: z.enum(['before-use', 'after-use', 'public']).default('public'),
    procedureCommitment: maybe(z.string()),
    intendedRoute: maybe(z.string()),
    region: maybe(z.string()),
    innerCode: maybe(z.string()),
    /** Content and ingredient as printed on the label. */
    dose: maybe(z.string().max(60)),
    ingredient: maybe(z.string().max(200)),
  }),
});
