/** How a lot comes into the world: its plan, and the events that follow from it, always the same and in the same order. */
import { toIso } from '@zhenmei/kernel';
import { z } from 'zod';

export const LotPlan = z.object({
  gtin: z.string().regex(/^\d{14}$/),
  lot: z.string().min(1).max(20),
  /** Last day of use. */
  expiry: z.iso.date(),
  /** When it was made. */
  madeAt: z.iso.datetime(),
  /** Site of the maker: its GLN. */
  gln: z.string().regex(/^\d{13}$/),
  offset: z.string().regex(/^[+-]\d{2}:\d{2}$/),
  packing: z
    .object({
      perBox: z.int().min(1).max(1_000),
      boxesPerCase: z.int().min(0).max(1_000),
      /** Addresses of boxes, then of cases. */
      boxes: z.array(z.string().max(200)),
      cases: z.array(z.string().max(200)),
    })
    .nullable(),
});
export type LotPlan = z.infer<typeof LotPlan>;

/** Units of one event. */
export const BATCH = 500;
/** Containers of one document. */
export const PACKED = 50;

const SITE = 'https://id.gs1.org/414/';

export interface Batch {
  readonly kind: 'make' | 'box' | 'case';
  /** Units made, or containers packed. */
  readonly size: number;
  readonly events: readonly object[];
}

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

/** @param units addresses of the lot's units in their published order @param link address of the lot */
export function commissioning(plan: LotPlan, link: string, units: readonly string[]): Batch[] {
  const place = { id: SITE + plan.gln };
  const at = Date.parse(plan.madeAt);
  const make = chunks(units, BATCH).map((epcList) => ({
    kind: 'make' as const,
    size: epcList.length,
    events: [
      {
        type: 'ObjectEvent',
        eventTime: toIso(at),
        eventTimeZoneOffset: plan.offset,
        action: 'ADD',
        epcList,
        bizStep: 'commissioning',
        disposition: 'active',
        readPoint: place,
        bizLocation: place,
        ilmd: { 'cbvmda:lotNumber': plan.lot, 'cbvmda:itemExpirationDate': plan.expiry },
        'zm:lot': link,
      },
    ],
  }));
  const { packing } = plan;
  if (!packing) return make;
  // a moment after the making and never in the future, for the goods may leave at once
  const pack = (
    kind: 'box' | 'case',
    parents: readonly string[],
    children: readonly string[][],
    later: number,
  ) =>
    chunks(
      parents.map((parentID, i) => ({
        type: 'AggregationEvent',
        eventTime: toIso(at + later),
        eventTimeZoneOffset: plan.offset,
        parentID,
        childEPCs: children[i]!,
        action: 'ADD',
        bizStep: 'packing',
        disposition: 'container_closed',
        readPoint: place,
        bizLocation: place,
      })),
      PACKED,
    ).map((events) => ({ kind, size: events.length, events }));
  return [
    ...make,
    ...pack('box', packing.boxes, chunks(units, packing.perBox), 1),
    ...(packing.boxesPerCase > 0
      ? pack('case', packing.cases, chunks(packing.boxes, packing.boxesPerCase), 2)
      : []),
  ];
}

/** How many boxes and cases a lot fills. */
export function containersFor(units: number, perBox: number, boxesPerCase: number) {
  const boxes = perBox > 0 ? Math.ceil(units / perBox) : 0;
  return { boxes, cases: boxesPerCase > 0 ? Math.ceil(boxes / boxesPerCase) : 0 };
}

/** The batches that are left, given how many units and containers are recorded already. */
export function remaining(
  batches: readonly Batch[],
  done: { readonly made: number; readonly packed: number },
): Batch[] {
  let { made, packed } = done;
  return batches.filter(({ kind, size }) => {
    if (kind === 'make') {
      made -= size;
      return made < 0;
    }
    packed -= size;
    return packed < 0;
  });
}
