/** Which goods were out of their temperature range for longer than their maker allows, and not released since. */
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { type ItemRow, itemsOf } from '../../adapters/items.ts';
import { type ColdChain, coldChain } from '../../core/cold-chain.ts';
import { follow } from '../../core/custody.ts';
import { type EpcisEvent, eventDigest, siteOf } from '../../core/events.ts';
import { gtinOf, tellStory } from '../../core/facts.ts';
import { masterOf } from '../../core/master.ts';
import { releasedBy } from '../../core/releases.ts';
import type { ProvenanceContext } from '../context.ts';
import { knownParty } from '../known-party.ts';
import { traceUnit } from '../trace-unit.ts';
import type { SupplyContext } from './context.ts';
import { byMaker, foundIn, readEvents } from './found.ts';
import { type Found, keepExceptions } from './keep-exceptions.ts';
import { type Makers, makersOf } from './makers.ts';
import { signaturesOf } from './signatures-of.ts';

type Db = ProvenanceContext['db'];

/** The cold chain of one unit as the verdict sees it. Null if its product is not registered. */
export async function coldChainOf(
  ctx: ProvenanceContext,
  unit: string,
  makers: Makers,
): Promise<ColdChain | null> {
  const body = makers.product(unit);
  if (!body) return null;
  const trace = await traceUnit(ctx, unit, gtinOf(unit) ?? '');
  const sites = await ctx.parties.all();
  const parties = sites.map(knownParty);
  const facts = {
    now: ctx.clock.now(),
    master: masterOf(body),
    parties,
    events: trace.all,
    signatures: await signaturesOf(ctx, trace.all.map(eventDigest)),
    unit,
    label: {},
    purpose: 'public',
  } as const;
  const story = tellStory(facts);
  return coldChain(
    story.own,
    story.others,
    follow(story.own, parties),
    facts.master.storage,
    Number.POSITIVE_INFINITY,
    releasedBy(story, facts),
  );
}

/** Looks at the units of the event, at what lies where a reading was taken, and at what is in cases already. */
export async function findExcursions(
  ctx: SupplyContext,
  tx: Db,
  event: EpcisEvent,
  cause: Hex,
  epcs: readonly string[],
  makers: Makers,
): Promise<void> {
  const own = { ...ctx, db: tx };
  const here =
    event.epcList?.length || event.quantityList?.length ? [] : await heldAt(tx, siteOf(event) ?? '');
  const ofLots = await inLots(tx, event);
  const open = await casesOf(tx, [...epcs, ...ofLots]);
  const units = [...new Set([...epcs, ...here, ...ofLots, ...open.flatMap(({ items }) => items)])];
  const items = await itemsOf(tx, units);
  const known = units.length === epcs.length ? makers : await makersOf(own, units);
  const found = new Map<Hex, string[]>();
  for (const [unit, ...rest] of sameStory(units, items)) {
    if (items.get(unit!)?.standing === 'gone') continue;
    const cold = await coldChainOf(own, unit!, known);
    if (!cold?.exceeded) continue;
    const shows = eventDigest(cold.exceeded);
    found.set(shows, [...(found.get(shows) ?? []), unit!, ...rest]);
  }
  const bodies = await readEvents(tx, [...found.keys()]);
  const all: Found[] = [...found].flatMap(([shows, some]) =>
    byMaker(some, known).map(([maker, of]) => foundIn('excursion', shows, bodies.get(shows), of, maker)),
  );
  const events = [...new Set([...found.keys(), ...open.map((one) => one.event)])];
  await keepExceptions(ctx, tx, all, { kinds: ['excursion'], events }, cause);
}

/** Products, one group for all that went the same way. */
function sameStory(units: readonly string[], items: ReadonlyMap<string, ItemRow>): string[][] {
  const products = units.filter((unit) => gtinOf(unit) !== undefined);
  return [
    ...Map.groupBy(
      products,
      (unit) => `${gtinOf(unit)} ${items.get(unit)?.parent} ${items.get(unit)?.story ?? unit}`,
    ).values(),
  ];
}

async function heldAt(tx: Db, gln: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('provenance.item')
    .select('epc')
    .where('holder', '=', gln)
    .where('standing', '=', 'held')
    .where('gtin', 'is not', null)
    .execute();
  return rows.map(({ epc }) => epc);
}

/** Units of the lots that a statement is about. */
async function inLots(tx: Db, event: EpcisEvent): Promise<string[]> {
  const lots = (event.quantityList ?? []).map(({ epcClass }) => epcClass);
  if (lots.length === 0) return [];
  const rows = await tx
    .selectFrom('provenance.item')
    .select('epc')
    .where('lot', 'in', lots)
    .where('standing', '<>', 'gone')
    .execute();
  return rows.map(({ epc }) => epc);
}

async function casesOf(tx: Db, epcs: readonly string[]): Promise<{ event: Hex; items: string[] }[]> {
  const { rows } = await sql<{ event: Hex; items: string[] }>`
    SELECT e.event, array_agg(i.epc) AS items
    FROM provenance.exception e JOIN provenance.exception_item i ON i.exception_id = e.id
    WHERE e.kind = 'excursion' AND e.state <> 'resolved' AND e.id IN (
      SELECT exception_id FROM provenance.exception_item WHERE epc = any(${sql.val([...epcs])}::text[]))
    GROUP BY e.id, e.event`.execute(tx);
  return rows;
}
