/** The way of a unit: its own events, those of the containers it was in, its lot's, and readings of where it lay. */
import { lotLink, productLink } from '@zhenmei/gs1';
import { eventsAround, ownEvents } from '../adapters/trace.ts';
import { type EpcisEvent, masterData, timeOf } from '../core/events.ts';
import type { ProvenanceContext } from './context.ts';

export interface Trace {
  /** What was stated about the unit, and about its containers while it was in them, by time. */
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
  const own = await ownEvents(ctx.db, unit);
  const lots = own.flatMap((event) => {
    const number = masterData(event, 'lotNumber');
    return [event['zm:lot'], number === undefined ? undefined : lotLink(gtin, number)];
  });
  const classes = [...lots, lot === undefined ? undefined : lotLink(gtin, lot), productLink(gtin)].filter(
    (one) => typeof one === 'string',
  );
  const sites = own
    .map((event) => event.bizLocation?.id ?? event.readPoint?.id)
    .filter((site) => site !== undefined);
  const since = Math.min(...own.map(timeOf));
  const around = await eventsAround(
    ctx.db,
    [...new Set(classes)],
    [...new Set(sites)],
    Number.isFinite(since) ? since : 0,
  );
  return { own: unique(own), all: unique([...own, ...around]) };
}

function unique(events: readonly EpcisEvent[]): EpcisEvent[] {
  const once = new Map(events.map((event) => [JSON.stringify(event), event]));
  return [...once.values()].sort((a, b) => timeOf(a) - timeOf(b));
}
