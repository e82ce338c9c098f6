import { z } from 'zod';

const Text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });

/** Master data of a product as its maker states it; approvals are signed by the regulator beside it. */
export const ProductBody = z.object({
  gtin: z.string().regex(/^\d{14}$/),
  name: Text,
  class: z.string().max(20),
  registration: z.string().max(60),
  approvedRoutes: z.array(z.string().max(60)).max(20),
  approvedRegions: z.array(z.string().max(10)).max(50),
  storage: z.object({ minC: z.number(), maxC: z.number(), maxMinutesOut: z.number() }),
  singleUse: z.boolean(),
  isToxin: z.boolean(),
  maxAmountPerUnit: z.int().positive(),
  amountUnit: z.string().max(20),
  useWithinHours: z.number().positive().optional(),
  /** Units in a box that carry codes of their own. */
  contains: z.object({ gtin: z.string().regex(/^\d{14}$/), count: z.int().positive() }).optional(),
  /** What each authority approved it for. */
  approvals: z
    .array(
      z.object({
        region: z.string().max(10),
        route: z.string().max(60),
        indication: z.string().max(200).optional(),
        number: z.string().max(60).optional(),
      }),
    )
    .max(100)
    .optional(),
  ingredients: z.array(z.string().max(60)).max(50),
});
export type ProductBody = z.infer<typeof ProductBody>;
