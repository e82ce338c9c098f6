/** What a clinic's stock looks like over HTTP: scans, units, what waits for a second person, counts, cases. */
import { z } from 'zod';
import { GOODS_IN, type GoodsInReason } from './goods-in-reasons.ts';
import { Bilingual } from './quote.ts';
import { Bytes32 } from './steps.ts';
import { STOCK_STATES } from './stock.ts';
import { REQUEST_KINDS } from './stock-requests.ts';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
export const Signature = z.string().regex(/^0x[0-9a-f]{128}$/) as z.ZodType<`0x${string}`>;
export const At = z.iso.datetime();
/** Who did it, as people of the clinic know each other. */
export const Person = z.string().trim().min(1).max(60).meta({ phi: true });
export const Unit = z.string().max(200);
export const Gtin = z.string().regex(/^\d{14}$/);
export const State = z.enum(STOCK_STATES);
const Reason = z.enum(Object.keys(GOODS_IN) as [GoodsInReason, ...GoodsInReason[]]);
export const Code = z.string().min(1).max(400);

export const ScanBody = z.object({
  id: z.uuid(),
  code: Code,
  at: At,
  person: Person,
  reading: z
    .object({
      minC: z.number().min(-100).max(100),
      maxC: z.number().min(-100).max(100),
      from: At,
      until: At,
    })
    .nullable(),
  signature: Signature,
});

export type ScanBody = z.infer<typeof ScanBody>;

export const GoodsInView = z.object({
  scan: z.uuid(),
  position: z.int(),
  code: z.string(),
  unit: Unit.nullable(),
  serial: z.string().nullable(),
  lotNumber: z.string().nullable(),
  expiry: z.string().nullable(),
  product: Bilingual.nullable(),
  outcome: z.enum(['accepted', 'quarantined', 'refused']),
  reason: Reason,
  /** Rule of the policy pack that decided, if one did. */
  rule: z.string().nullable(),
  text: Bilingual,
  doNow: Bilingual,
  at: At,
  person: Person,
  /** Digests of the events that were stated. */
  events: z.array(Bytes32),
  undone: z.boolean(),
  canUndo: z.boolean(),
});
export type GoodsInView = z.infer<typeof GoodsInView>;

export const StockUnitView = z.object({
  unit: Unit,
  gtin: Gtin,
  serial: z.string(),
  lot: z.string().nullable(),
  lotNumber: z.string().nullable(),
  expiry: z.string().nullable(),
  product: Bilingual,
  state: State,
  hold: z.string().nullable(),
  toxin: z.boolean(),
  singleUse: z.boolean(),
  amountUnit: z.string(),
  amount: z.int(),
  used: z.int(),
  wasted: z.int(),
  remaining: z.int(),
  uses: z.int(),
  announcedAt: At.nullable(),
  receivedAt: At.nullable(),
  openedAt: At.nullable(),
  useBy: At.nullable(),
  expired: z.boolean(),
  usable: z.boolean(),
});
export type StockUnitView = z.infer<typeof StockUnitView>;

export const RequestView = z.object({
  id: z.uuid(),
  kind: z.enum(REQUEST_KINDS),
  unit: Unit,
  serial: z.string(),
  product: Bilingual.nullable(),
  amount: z.int().nullable(),
  amountUnit: z.string().nullable(),
  reason: z.string(),
  note: z.string(),
  person: Person,
  /** Key of the device that asked: another one has to agree. */
  device: Hex,
  askedAt: At,
  secondPerson: Person.nullable(),
  doneAt: At.nullable(),
});
export type RequestView = z.infer<typeof RequestView>;

export const CountView = z.object({
  id: z.uuid(),
  gtin: Gtin.nullable(),
  person: Person,
  startedAt: At,
  closedAt: At.nullable(),
  counted: z.int(),
  missing: z.array(z.object({ unit: Unit, serial: z.string() })),
  unexpected: z.array(z.object({ unit: Unit, serial: z.string(), state: State.nullable() })),
});

export const CaseView = z.object({
  id: z.uuid(),
  kind: z.string(),
  unit: Unit.nullable(),
  serial: z.string().nullable(),
  product: Bilingual.nullable(),
  text: Bilingual.nullable(),
  doNow: Bilingual.nullable(),
  openedAt: At,
  closedAt: At.nullable(),
  outcome: z.string().nullable(),
  note: z.string().nullable(),
});
