/** Shapes of what moves goods, as screens and other systems read them. */
import { z } from 'zod';
import { LotPlan } from '../core/commission.ts';
import { EXCEPTION_KINDS } from '../core/exceptions.ts';
import { ProductBody } from '../core/product.ts';

export const Text = z.object({ zh: z.string(), en: z.string() });
export const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
export const Digest = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
export const Gtin = z.string().regex(/^\d{14}$/);
const Kind = z.enum(EXCEPTION_KINDS);

export const PartyView = z.object({
  id: z.uuid(),
  gln: z.string(),
  kind: z.string(),
  name: Text,
  city: Text,
  licensedForToxin: z.boolean(),
});
export type PartyView = z.infer<typeof PartyView>;

export const ProductLineView = z.object({
  product: ProductBody,
  makerId: z.uuid(),
  maker: Text,
  version: z.int(),
  changedAt: z.iso.datetime(),
});

export const ProductVersionView = z.object({
  version: z.int(),
  product: ProductBody,
  note: z.string().nullable(),
  changedAt: z.iso.datetime(),
});

export const LotView = z.object({
  link: z.string(),
  gtin: z.string(),
  plan: LotPlan.nullable(),
  plannedAt: z.iso.datetime(),
  units: z.int(),
  /** Units whose making is recorded, and containers whose packing is. */
  made: z.int(),
  packed: z.int(),
  root: z
    .object({ root: Hex, maker: Hex, block: z.int(), blocked: z.boolean(), at: z.iso.datetime() })
    .nullable(),
});
export type LotView = z.infer<typeof LotView>;

export const StockLineView = z.object({
  gtin: z.string(),
  product: Text.nullable(),
  lot: z.string().nullable(),
  expiry: z.string().nullable(),
  units: z.int(),
  /** Of them in open cases that lock, and in closed containers. */
  locked: z.int(),
  packed: z.int(),
});

export const ContainerView = z.object({
  epc: z.string(),
  units: z.int(),
  /** Of them in open cases that lock: with one of these it may not move. */
  locked: z.int(),
  gtin: z.string().nullable(),
  lot: z.string().nullable(),
});

export const HandoverView = z.object({
  digest: Hex,
  kind: z.enum(['ship', 'receive']),
  from: PartyView.nullable(),
  to: PartyView.nullable(),
  at: z.iso.datetime(),
  units: z.int(),
  arrived: z.int(),
  carrier: z.string().nullable(),
  reference: z.string().nullable(),
  signed: z.boolean(),
  void: z.boolean(),
});
export type HandoverView = z.infer<typeof HandoverView>;

export const SignatureView = z.object({
  by: Text,
  gln: z.string(),
  /** Uncompressed P-256 point; the organisation's profile lists the keys of its devices. */
  key: Hex,
  signature: Hex,
  signedAt: z.iso.datetime(),
});

export const HandoverDetailView = HandoverView.extend({
  event: z.record(z.string(), z.json()),
  onBoard: z.array(
    z.object({
      epc: z.string(),
      container: z.string().nullable(),
      lot: z.string().nullable(),
      expiry: z.string().nullable(),
      arrived: z.boolean(),
    }),
  ),
  receipts: z.array(z.object({ digest: Hex, at: z.iso.datetime(), units: z.int(), signed: z.boolean() })),
  signatures: z.array(SignatureView),
  /** Storage conditions of each product on board. */
  storage: z.array(z.object({ gtin: z.string(), name: Text, storage: ProductBody.shape.storage })),
});
export type HandoverDetailView = z.infer<typeof HandoverDetailView>;

const Recorded = z.object({ lot: z.string().nullable(), expiry: z.string().nullable() });

export const ScanView = z.object({
  kind: z.enum(['unit', 'container', 'other', 'malformed']),
  epc: z.string(),
  fault: Text.nullable(),
  gtin: z.string().nullable(),
  product: Text.nullable(),
  isToxin: z.boolean(),
  label: Recorded,
  record: Recorded.nullable(),
  standing: z.enum(['held', 'moving', 'gone', 'unknown']),
  holder: z.string().nullable(),
  bound: z.string().nullable(),
  shipment: z.string().nullable(),
  container: z.string().nullable(),
  lock: Kind.nullable(),
  contents: z.array(z.string()),
});
export type ScanView = z.infer<typeof ScanView>;

export const LegView = z.object({
  from: z.number(),
  until: z.number(),
  readings: z.int(),
  minC: z.number(),
  maxC: z.number(),
  meanC: z.number(),
  meanKineticC: z.number(),
  longestGap: z.number(),
});

export const ExceptionLineView = z.object({
  id: z.uuid(),
  kind: Kind,
  title: Text,
  todo: Text,
  state: z.enum(['open', 'clarifying', 'quarantined', 'resolved']),
  locks: z.boolean(),
  part: z.enum(['owner', 'other', 'watching']),
  owner: PartyView.nullable(),
  other: PartyView.nullable(),
  product: Text.nullable(),
  gtin: z.string().nullable(),
  units: z.int(),
  openedAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
});
export type ExceptionLineView = z.infer<typeof ExceptionLineView>;

export const ExceptionView = ExceptionLineView.extend({
  /** The first 500. */
  epcs: z.array(z.string()),
  lots: z.array(z.string()),
  event: z
    .object({
      digest: Hex,
      body: z.record(z.string(), z.json()),
      step: z.string(),
      at: z.string(),
      site: PartyView.nullable(),
      from: PartyView.nullable(),
      to: PartyView.nullable(),
    })
    .nullable(),
  entries: z.array(
    z.object({
      what: z.enum([
        'opened',
        'reopened',
        'changed',
        'taken-on',
        'quarantined',
        'noted',
        'overdue',
        'resolved',
      ]),
      at: z.iso.datetime(),
      by: Text.nullable(),
      note: z.string().nullable(),
      event: Hex.nullable(),
    }),
  ),
  cold: z
    .object({
      minutesOut: z.number(),
      minutesAllowed: z.number(),
      meanKineticLimit: z.number().nullable(),
      reports: z.array(Hex),
    })
    .nullable(),
});
export type ExceptionView = z.infer<typeof ExceptionView>;
