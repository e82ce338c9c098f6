/** Stock's view of custody: provenance's events, products and verdicts, read inside the caller's transaction. */
import type { CustodyPort, StockEvent } from '@zhenmei/care';
import { parseSiteLink, parseUnitLink, siteLink } from '@zhenmei/gs1';
import { type IdentityContext, organisations } from '@zhenmei/identity';
import { type Hex, type Json, noneFor } from '@zhenmei/kernel';
import {
  capturedEvents,
  captureEvent,
  type EpcisEvent,
  eventDigest,
  eventsNaming,
  judgeArrival,
  type ProvenanceContext,
  readProduct,
  unitStory,
} from '@zhenmei/provenance';

/** Boxes within boxes: case, pallet, container, with room to spare. */
const DEPTH = 6;

const isUnit = (epc: string): boolean => parseUnitLink(epc) !== null;

export function custodyPort(identity: IdentityContext, provenance: ProvenanceContext): CustodyPort {
  // a transaction that moves many units asks for the same again and again
  const kept = new WeakMap<object, Map<string, Promise<unknown>>>();
  const once = <T>(tx: unknown, key: string, read: () => Promise<T>): Promise<T> => {
    if (typeof tx !== 'object' || tx === null || tx === provenance.db) return read();
    const answers = kept.get(tx) ?? new Map<string, Promise<unknown>>();
    kept.set(tx, answers);
    const known = answers.get(key) ?? read();
    answers.set(key, known);
    return known as Promise<T>;
  };
  const db = (tx: unknown) => (tx ?? identity.db) as IdentityContext['db'];
  const sites = (tx: unknown = null) =>
    once(tx, 'sites', async () =>
      (await organisations({ ...identity, db: db(tx) })).map((o) => ({
        id: o.id,
        gln: o.gln,
        kind: o.kind,
        name: o.name,
        city: o.city,
        region: o.region,
        licensedForToxin: o.licensedForToxin,
        deviceKeys: o.deviceKeys,
      })),
    );
  // everything by the one connection of the transaction: a second one might never come free
  const within = (tx: unknown): ProvenanceContext => ({
    ...provenance,
    db: (tx ?? provenance.db) as ProvenanceContext['db'],
    parties: {
      all: () => sites(tx),
      byId: async (id) => (await sites(tx)).find((site) => site.id === id) ?? null,
    },
  });
  const product = (tx: unknown, gtin: string) =>
    once(tx, `product ${gtin}`, () => readProduct(within(tx), gtin).catch(noneFor('PRODUCT_UNKNOWN')));
  return {
    sites,
    product: async (gtin, tx = null) => {
      const found = await product(tx, gtin);
      if (!found) return null;
      const { product: body, makerId } = found;
      return {
        gtin,
        name: body.name,
        isToxin: body.isToxin,
        approvedRegions: body.approvedRegions,
        makerId,
        amount: body.maxAmountPerUnit,
        amountUnit: body.amountUnit,
        singleUse: body.singleUse,
        useWithinHours: body.useWithinHours,
      };
    },
    story: async (tx, unit) => (await unitStory(within(tx), unit)) as never,
    contents: (tx, container) => contentsOf(within(tx), container),
    destinations: (tx, container) => destinationsOf(within(tx), container),
    judge: async (tx, { code, unit, region, place, event }) => {
      const found = await product(tx, parseUnitLink(unit)?.gtin ?? '');
      if (!found) return { codes: [] };
      const arrival = { code, unit, region, place: siteLink(place), event: event as Json | null };
      const asked = { ...arrival, product: found.product, sites: await sites(tx) };
      return { codes: await judgeArrival(within(tx), asked) };
    },
    capture: async (tx, event, organisationId): Promise<Hex> =>
      (await captureEvent(within(tx), organisationId, event, tx as never)).digest,
    each: async (tx, visit) => {
      for await (const event of capturedEvents(within(tx))) await visit(asStockEvent(event));
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

/** Where a box was sent: by shipments that name it, or a box around it. */
async function destinationsOf(ctx: ProvenanceContext, container: string): Promise<string[]> {
  const found = new Set<string>();
  const seen = new Set<string>();
  let boxes = [container];
  for (let depth = 0; depth < DEPTH && boxes.length > 0; depth++) {
    const around: string[] = [];
    for (const box of boxes) {
      if (seen.has(box)) continue;
      seen.add(box);
      for (const event of await eventsOf(ctx, box)) {
        if (event.bizStep === 'shipping' && event.epcList?.includes(box))
          for (const { destination } of event.destinationList ?? [])
            if (destination) found.add(parseSiteLink(destination) ?? destination);
        if (event.childEPCs?.includes(box) && event.parentID) around.push(event.parentID);
      }
    }
    boxes = around;
  }
  return [...found];
}

const eventsOf = (ctx: ProvenanceContext, epc: string): Promise<EpcisEvent[]> => eventsNaming(ctx, [epc]);

async function packedIn(ctx: ProvenanceContext, box: string): Promise<string[]> {
  const events = await eventsOf(ctx, box);
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
