/** What a clinic offers: a procedure with its lawful frame, its price by item and its documents. */
import { z } from 'zod';
import { Cancellation } from './cancellation.ts';
import { DEVICE_CLASSES } from './device.ts';
import { Plan } from './plan.ts';
import { PledgeBps } from './pledge.ts';
import { Bilingual, QuoteItem } from './quote.ts';

export const Procedure = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,60}$/),
  name: Bilingual,
  department: z.string().max(60),
  specialty: z.string().max(60),
  needsLead: z.boolean(),
  usesProduct: z.boolean(),
  route: z.string().max(60).optional(),
  zones: z.array(z.string().max(40)).max(30),
  /** Kind of energy device that it is done with. */
  deviceClass: z.enum(DEVICE_CLASSES).optional(),
  /** What speaks against it beside the table that holds for every clinic; codes of the vault's list. */
  contraindications: z
    .array(z.object({ condition: z.string().regex(/^[a-z0-9-]{1,60}$/), level: z.enum(['block', 'ask']) }))
    .max(30)
    .optional(),
});
export type Procedure = z.infer<typeof Procedure>;

export const ServiceBody = z.object({
  /** Tells a clinic's services of one procedure apart; the procedure's code unless it is given. */
  code: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/)
    .optional(),
  procedure: Procedure,
  summary: Bilingual,
  minutes: z.int().min(5).max(600),
  currency: z.enum(['CNY', 'HKD', 'SGD', 'EUR', 'USD']),
  items: z.array(QuoteItem).min(1).max(50),
  excluded: z.array(Bilingual).max(20),
  gtin: z
    .string()
    .regex(/^\d{14}$/)
    .optional(),
  /** A course, a deposit, a follow-up share; the price list in force says it anew. */
  plan: Plan.optional(),
  /** What is kept near the appointment; the price list in force says it anew. */
  cancellation: Cancellation.optional(),
  /** What the clinic pays on top if it does not come; the price list in force says it anew. */
  pledgeBps: PledgeBps.optional(),
  doctors: z.array(z.uuid()).min(1).max(50),
  consent: z.object({ id: z.string(), version: z.string() }),
  standard: z.object({ id: z.string(), version: z.string() }),
});
export type ServiceBody = z.infer<typeof ServiceBody>;

/** By which a price list names a service. */
export const serviceCode = ({ code, procedure }: Pick<ServiceBody, 'code' | 'procedure'>): string =>
  code ?? procedure.code;
