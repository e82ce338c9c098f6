/** Stock's view of custody: provenance's events, products and verdicts, read inside the caller's transaction. */
import type { CustodyPort, StockEvent } from '@zhenmei/care';
import { parseUnitLink, siteLink } from '@zhenmei/gs1';
import { type IdentityContext, organisations } from '@zhenmei/identity';
import type { Hex, Json } from '@zhenmei/kernel';
import {
  captureEvent,
  type EpcisEvent,
  eventDigest,
  type ProvenanceContext,
  queryEvents,
  readProduct,
  traceUnit,
  unitStory,
  verdict,
} from '@zhenmei/provenance';

const PAGE = 500;
/** Boxes within boxes: case, pallet, container, with room to spare. */
const DEPTH = 6;

const isUnit = (epc: string): boolean => parseUnitLink(epc) !== null;

export function custodyPort(identity: IdentityContext, provenance: ProvenanceContext): CustodyPort {
  const within = (tx: unknown): ProvenanceContext => ({ ...provenance, db: tx as ProvenanceContext['db'] });
  const sites = async () =>
    (await organisations(identity)).map((o) => ({
      id: o.id,
      gln: o.gln,
      kind: o.kind,
      name: o.name,
      region: o.region,
      licensedForToxin: o.licensedForToxin,
      deviceKeys: o.deviceKeys,
    }));
  return {
    sites,
    product: async (gtin) => {
      const found = await readProduct(provenance, gtin).catch(() => null);
      if (!found) return null;
      const { product } = found;
      return {
        gtin,
        name: product.name,
        isToxin: product.isToxin,
        approvedRegions: product.approvedRegions,
        makerId: found.makerId,
        amount: product.maxAmountPerUnit,
        amountUnit: product.amountUnit,
        singleUse: product.singleUse,
        useWithinHours: product.useWithinHours,
      };
    },
    story: async (tx, unit) => (await unitStory(within(tx), unit)) as never,
    contents: (tx, container) => contentsOf(within(tx), container),
    judge: async (tx, { code, unit, region, place, event }) => {
      const gtin = parseUnitLink(unit)?.gtin ?? '';
      const { product } = await readProduct(provenance, gtin);
      const { all } = await traceUnit(within(tx), unit, gtin);
      const { reasons } = verdict({
        now: provenance.clock.now(),
        master: { ...product, makerOnboarded: true },
        parties: (await sites()).map(({ gln, kind, licensedForToxin }) => ({
          gln,
          role: kind,
          licensedForToxin,
        })),
        events: [...all, ...(event === null ? [] : [event])] as Json[],
        scan: { code, place: siteLink(place), purpose: 'before-use', region },
      });
      return { codes: reasons.map((reason) => reason.code) };
    },
    capture: async (tx, event, organisationId): Promise<Hex> =>
      (await captureEvent(provenance, organisationId, event, tx as never)).digest,
    each: async (tx, visit) => {
      let nextPageToken: string | undefined;
      do {
        const page = await queryEvents(within(tx), {
          perPage: PAGE,
          ...(nextPageToken === undefined ? {} : { nextPageToken }),
        });
        for (const { eventID: _, recordTime: __, ...event } of page.events)
          await visit(asStockEvent(event as EpcisEvent));
        nextPageToken = page.nextPageToken ?? undefined;
      } while (nextPageToken !== undefined);
    },
  };
}

/** The event with its identity. */
export const asStockEvent = (event: EpcisEvent): StockEvent =>
  ({ ...event, digest: eventDigest(event) }) as StockEvent;

/** Units in a box by its packing records, at the newest time that they speak of. */
async function contentsOf(ctx: ProvenanceContext, container: string): Promise<string[]> {
  const units = new Set<string>();
  const seen = new Set<string>();
  let boxes = [container];
  for (let depth = 0; depth < DEPTH && boxes.length > 0; depth++) {
    const inside: string[] = [];
    for (const box of boxes) {
      if (seen.has(box)) continue;
      seen.add(box);
      inside.push(...(await packedIn(ctx, box)));
    }
    for (const epc of inside.filter(isUnit)) units.add(epc);
    boxes = inside.filter((epc) => !isUnit(epc));
  }
  return [...units];
}

async function packedIn(ctx: ProvenanceContext, box: string): Promise<string[]> {
  const events: EpcisEvent[] = [];
  let nextPageToken: string | undefined;
  do {
    const page = await queryEvents(ctx, {
      epc: box,
      perPage: PAGE,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    });
    events.push(...page.events);
    nextPageToken = page.nextPageToken ?? undefined;
  } while (nextPageToken !== undefined);
  const wrong = new Set(
    events.filter(({ errorDeclaration }) => errorDeclaration).map((event) => statement(event)),
  );
  const inside = new Set<string>();
  const packing = events
    .filter((event) => event.type === 'AggregationEvent' && event.parentID === box)
    .filter((event) => !event.errorDeclaration && !wrong.has(statement(event)))
    .sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
  for (const { action, childEPCs } of packing) {
    if (action === 'DELETE') for (const epc of childEPCs ?? [...inside]) inside.delete(epc);
    else for (const epc of childEPCs ?? []) inside.add(epc);
  }
  return [...inside];
}

/** Which statement it is, whether or not it was declared wrong since. */
function statement(event: EpcisEvent): string {
  const { errorDeclaration: _, eventID: __, recordTime: ___, ...said } = event;
  return eventDigest(said as EpcisEvent);
}
