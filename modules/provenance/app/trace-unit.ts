/** The way of a unit: its own events, those of the containers it was in, its lot's, and readings of where it lay. */
import { lotLink, productLink } from '@zhenmei/gs1';
import { type EpcisEvent, masterData, timeOf } from '../core/events.ts';
import type { ProvenanceContext } from './context.ts';

/** How many containers may lie within each other: unit, box, case, pallet, container, with room to spare. */
const DEPTH = 8;

export interface Trace {
  /** What was stated about the unit and its containers, by time. */
  readonly own: readonly EpcisEvent[];
  /** All that a verdict needs. */
  readonly all: readonly EpcisEvent[];
}

/** @param lot the lot that the label names, if the records do not */
export async function traceUnit(
  ctx: ProvenanceContext,
  unit: string,
  gtin: string,
  lot?: string,
): Promise<Trace> {
  const seen = new Set<string>();
  const own: EpcisEvent[] = [];
  let next = [unit];
  for (let depth = 0; depth < DEPTH && next.length > 0; depth++) {
    for (const epc of next) seen.add(epc);
    const events = await byIdentifier(ctx, next);
    own.push(...events);
    const parents = events.flatMap(({ parentID, childEPCs }) =>
      parentID !== undefined && childEPCs?.some((child) => next.includes(child)) ? [parentID] : [],
    );
    next = [...new Set(parents)].filter((epc) => !seen.has(epc));
  }
  const lots = own.flatMap((event) => {
    const number = masterData(event, 'lotNumber');
    return [event['zm:lot'], number === undefined ? undefined : lotLink(gtin, number)];
  });
  const classes = [...lots, lot === undefined ? undefined : lotLink(gtin, lot), productLink(gtin)].filter(
    (one) => one !== undefined,
  );
  const ofLot = await byIdentifier(ctx, [...new Set(classes)]);
  const rooms = await readings(ctx, own);
  const sorted = unique(own);
  return { own: sorted, all: unique([...own, ...ofLot, ...rooms]) };
}

function unique(events: readonly EpcisEvent[]): EpcisEvent[] {
  const once = new Map(events.map((event) => [JSON.stringify(event), event]));
  return [...once.values()].sort((a, b) => timeOf(a) - timeOf(b));
}

async function byIdentifier(ctx: ProvenanceContext, epcs: readonly string[]): Promise<EpcisEvent[]> {
  const rows = await ctx.db
    .selectFrom('provenance.event as e')
    .innerJoin('provenance.event_epc as x', 'x.digest', 'e.digest')
    .select('e.body')
    .where('x.epc', 'in', [...epcs])
    .execute();
  return rows.map((row) => row.body);
}

/** Sensor readings of the sites where it lay, stated without naming units. */
async function readings(ctx: ProvenanceContext, own: readonly EpcisEvent[]): Promise<EpcisEvent[]> {
  const sites = [
    ...new Set(
      own.map((event) => event.bizLocation?.id ?? event.readPoint?.id).filter((site) => site !== undefined),
    ),
  ];
  if (sites.length === 0) return [];
  const from = new Date(Math.min(...own.map(timeOf)));
  const rows = await ctx.db
    .selectFrom('provenance.event')
    .select('body')
    .where('biz_step', '=', 'sensor_reporting')
    .where('site', 'in', sites)
    .where('event_time', '>=', from)
    .orderBy('event_time')
    .limit(1_000)
    .execute();
  return rows.map((row) => row.body);
}
