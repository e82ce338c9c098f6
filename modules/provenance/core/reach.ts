/** Where the units of a lot are by now: one walk over all that was stated, containers included. Units and sites, never people. */
import { type EpcisEvent, glnOf, siteOf } from './events.ts';
import { settled } from './facts.ts';

export type WhereState = 'held' | 'in-transit' | 'used' | 'gone';

export interface Where {
  readonly state: WhereState;
  /** GLN of the site that holds it, used it, took it out, or that it is on its way to; undefined if that was not said. */
  readonly site: string | undefined;
}

const HOLDS = new Set(['commissioning', 'receiving', 'accepting', 'arriving', 'storing', 'stocking']);
const SHIPS = new Set(['shipping', 'departing']);
const ENDS = new Set(['destroying', 'decommissioning']);

/** Units without any statement are not in the answer. */
export function whereabouts(
  units: readonly string[],
  events: readonly EpcisEvent[],
): ReadonlyMap<string, Where> {
  const wanted = new Set(units);
  const found = new Map<string, Where>();
  const inside = new Map<string, Set<string>>();
  const each = (epc: string, where: Where, seen = new Set<string>()): void => {
    if (seen.has(epc)) return;
    seen.add(epc);
    const known = found.get(epc)?.state;
    // what was used or destroyed stays so, whatever its box does
    if (wanted.has(epc) && known !== 'used' && known !== 'gone') found.set(epc, where);
    for (const child of inside.get(epc) ?? []) each(child, where, seen);
  };
  for (const event of settled(events)) {
    if (event.type === 'AggregationEvent' || event.type === 'AssociationEvent') packed(event, inside);
    const where = whereOf(event);
    if (!where) continue;
    const named = event.type === 'AggregationEvent' ? [event.parentID ?? ''] : (event.epcList ?? []);
    for (const epc of named) each(epc, where);
  }
  return found;
}

function packed({ parentID, childEPCs = [], action }: EpcisEvent, inside: Map<string, Set<string>>): void {
  if (parentID === undefined) return;
  const held = inside.get(parentID) ?? new Set<string>();
  if (action !== 'DELETE') for (const child of childEPCs) held.add(child);
  else if (childEPCs.length === 0) held.clear();
  else for (const child of childEPCs) held.delete(child);
  inside.set(parentID, held);
}

function whereOf(event: EpcisEvent): Where | null {
  const step = event.bizStep ?? '';
  const site = siteOf(event);
  if (step === 'dispensing') return { state: 'used', site };
  if (ENDS.has(step) || event.disposition === 'destroyed') return { state: 'gone', site };
  if (SHIPS.has(step)) return { state: 'in-transit', site: glnOf(event.destinationList?.[0]?.destination) };
  if (HOLDS.has(step) || step === 'void_shipping') return { state: 'held', site };
  return null;
}
