/** How far a lot has come: units at each site, used, on their way. Shown before a recall is confirmed, and while it runs. */
import { lotLink, unitLink } from '@zhenmei/gs1';
import type { EpcisEvent } from '../core/events.ts';
import { type Where, whereabouts } from '../core/reach.ts';
import type { ProvenanceContext } from './context.ts';
import { eventsNaming } from './read-captured.ts';

export interface SiteReach {
  readonly gln: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly kind: string;
  readonly held: number;
  readonly used: number;
  /** On their way to it. */
  readonly coming: number;
}

export interface Reach {
  readonly units: number;
  readonly sites: readonly SiteReach[];
  /** Destroyed or taken out. */
  readonly gone: number;
  /** Of which nothing was ever stated, or not where they are. */
  readonly unknown: number;
}

/** Containers within each other, and identifiers in one question. */
const DEPTH = 8;
const CHUNK = 2_000;

export interface LotChoice {
  readonly gtin: string;
  readonly lots: readonly string[];
  readonly serials: readonly string[];
}

export async function recallReach(ctx: ProvenanceContext, choice: LotChoice): Promise<Reach> {
  const units = await unitsOf(ctx, choice);
  const found = whereabouts(units, await eventsAround(ctx, units));
  const sites = await ctx.parties.all();
  const rows = new Map<string, { held: number; used: number; coming: number }>();
  let unknown = units.length - found.size;
  let gone = 0;
  for (const where of found.values()) {
    if (where.state === 'gone') gone++;
    else if (!count(rows, where)) unknown++;
  }
  const views = [...rows].map(([gln, row]): SiteReach => {
    const site = sites.find((one) => one.gln === gln);
    return { gln, name: site?.name ?? { zh: gln, en: gln }, kind: site?.kind ?? '', ...row };
  });
  views.sort((a, b) => b.held + b.used + b.coming - (a.held + a.used + a.coming) || (a.gln < b.gln ? -1 : 1));
  return { units: units.length, sites: views, gone, unknown };
}

function count(rows: Map<string, { held: number; used: number; coming: number }>, where: Where): boolean {
  if (where.site === undefined) return false;
  const row = rows.get(where.site) ?? { held: 0, used: 0, coming: 0 };
  row[where.state === 'in-transit' ? 'coming' : (where.state as 'held' | 'used')]++;
  rows.set(where.site, row);
  return true;
}

async function unitsOf(ctx: ProvenanceContext, { gtin, lots, serials }: LotChoice): Promise<string[]> {
  const named = new Set(serials.map((serial) => unitLink(gtin, serial)));
  if (lots.length === 0) return [...named];
  const rows = await ctx.db
    .selectFrom('provenance.lot')
    .select('units')
    .where(
      'link',
      'in',
      lots.map((lot) => lotLink(gtin, lot)),
    )
    .execute();
  const all = rows.flatMap(({ units }) => units);
  return named.size > 0 ? all.filter((unit) => named.has(unit)) : all;
}

/** What was stated about the units, and about the containers they were ever in. */
async function eventsAround(ctx: ProvenanceContext, units: readonly string[]): Promise<EpcisEvent[]> {
  const seen = new Set<string>();
  const events: EpcisEvent[] = [];
  let next = [...units];
  for (let depth = 0; depth < DEPTH && next.length > 0; depth++) {
    const asked = new Set(next);
    const parents = new Set<string>();
    for (let at = 0; at < next.length; at += CHUNK)
      for (const event of await eventsNaming(ctx, next.slice(at, at + CHUNK))) {
        events.push(event);
        const { parentID, childEPCs } = event;
        if (parentID !== undefined && childEPCs?.some((child) => asked.has(child))) parents.add(parentID);
      }
    for (const epc of next) seen.add(epc);
    next = [...parents].filter((epc) => !seen.has(epc));
  }
  return events;
}
