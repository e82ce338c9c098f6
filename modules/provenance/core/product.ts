/** Master data of a product as its maker states it; approvals are signed by the regulator beside it. */
import { z } from 'zod';

const Text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });

/** What one authority approved. Rows of the first version have one `route` and one `indication`. */
export const Approval = z.object({
  region: z.string().max(10),
  class: z.string().max(20).optional(),
  route: z.string().max(60).optional(),
  routes: z.array(z.string().max(60)).max(20).optional(),
  indication: z.string().max(200).optional(),
  indications: z.array(z.string().max(200)).max(50).optional(),
  number: z.string().max(60).optional(),
  /** Last day on which it holds. */
  until: z.iso.date().optional(),
});
export type Approval = z.infer<typeof Approval>;

export const ProductBody = z.object({
  gtin: z.string().regex(/^\d{14}$/),
  name: Text,
  class: z.string().max(20),
  registration: z.string().max(60),
  /** Follow from `approvals` where those are given. */
  approvedRoutes: z.array(z.string().max(60)).max(20),
  approvedRegions: z.array(z.string().max(10)).max(50),
  storage: z.object({
    minC: z.number(),
    maxC: z.number(),
    /** Over a unit's whole life. */
    maxMinutesOut: z.number(),
    /** Largest mean kinetic temperature of a leg or period. */
    maxMeanKineticC: z.number().optional(),
  }),
  singleUse: z.boolean(),
  isToxin: z.boolean(),
  maxAmountPerUnit: z.int().positive(),
  amountUnit: z.string().max(20),
  useWithinHours: z.number().positive().optional(),
  /** Units in a box that carry codes of their own. */
  contains: z.object({ gtin: z.string().regex(/^\d{14}$/), count: z.int().positive() }).optional(),
  approvals: z.array(Approval).max(100).optional(),
  ingredients: z.array(z.string().max(60)).max(50),
});
export type ProductBody = z.infer<typeof ProductBody>;
