/** What happened to one unit, directly or inside its containers, and what was said of its lot: without a verdict. */
import { parseUnitLink } from '@zhenmei/gs1';
import type { Hex } from '@zhenmei/kernel';
import { type EpcisEvent, eventDigest } from '../core/events.ts';
import { tellStory } from '../core/facts.ts';
import type { ProvenanceContext } from './context.ts';
import { traceUnit } from './trace-unit.ts';

export interface StoryEvent extends EpcisEvent {
  readonly digest: Hex;
}

export interface UnitStory {
  /** In order of time, each once, without what was declared wrong. */
  readonly own: readonly StoryEvent[];
  readonly ofLot: readonly StoryEvent[];
  /** As its maker states them. */
  readonly lot: string | null;
  readonly expiry: string | null;
}

/** @param unit canonical address of the unit */
export async function unitStory(ctx: ProvenanceContext, unit: string): Promise<UnitStory> {
  const gtin = parseUnitLink(unit)?.gtin;
  if (gtin === undefined) return { own: [], ofLot: [], lot: null, expiry: null };
  const { all } = await traceUnit(ctx, unit, gtin);
  const { own, ofLot, lot, expiry } = tellStory({
    now: 0,
    master: null,
    parties: [],
    events: all,
    unit,
    label: {},
    purpose: 'public',
  });
  const named = (event: EpcisEvent): StoryEvent => ({ ...event, digest: eventDigest(event) });
  return { own: own.map(named), ofLot: ofLot.map(named), lot: lot ?? null, expiry: expiry ?? null };
}
