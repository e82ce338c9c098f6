/** Keeps where goods are, and what each side of a hand-over stated, in step with the events that are captured. */
import { lotLink } from '@zhenmei/gs1';
import { DAY, type Hex, HOUR } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { type ItemRow, itemsOf, saveItems, withContents } from '../../adapters/items.ts';
import { type EpcisEvent, eventDigest, masterData, timeOf } from '../../core/events.ts';
import { gtinOf, settled, tellStory } from '../../core/facts.ts';
import { advance, isEmptying, itemOf, mentionOf, UNSEEN } from '../../core/item.ts';
import { EXPECTED_WITHIN_DAYS } from '../../core/moves.ts';
import type { CapturedEvent } from '../../ports.ts';
import type { ProvenanceContext } from '../context.ts';
import { traceUnit } from '../trace-unit.ts';
import type { SupplyContext } from './context.ts';
import { addMovement, isMove, movesIn, type Retold, rewriteMovements } from './movements.ts';

type Db = ProvenanceContext['db'];

/** Kinds of durable work of this module. */
export const RECONCILE = 'reconcile-goods';

/** A listener of captures. */
export async function followGoods(
  ctx: SupplyContext,
  tx: Db,
  captured: readonly CapturedEvent[],
): Promise<void> {
  for (const { event, digest } of captured) {
    await followOne(ctx, tx, event, digest);
    await schedule(ctx, tx, event, digest);
  }
}

/** The event that an error declaration speaks of. */
export function declaredWrong(event: EpcisEvent): Hex | null {
  if (!event.errorDeclaration) return null;
  const { errorDeclaration: _, ...said } = event;
  return eventDigest(said as EpcisEvent);
}

const listed = ({ epcList = [], childEPCs = [], parentID }: EpcisEvent): string[] => [
  ...new Set([...epcList, ...childEPCs, ...(parentID === undefined ? [] : [parentID])]),
];

async function followOne(ctx: SupplyContext, tx: Db, event: EpcisEvent, digest: Hex): Promise<void> {
  const own = listed(event);
  if (own.length === 0) return;
  const { parentID, childEPCs = [], epcList = [] } = event;
  if (event.type === 'AggregationEvent' && event.action !== 'DELETE' && parentID !== undefined)
    await packed(tx, parentID, childEPCs);
  const inside = await withContents(tx, epcList);
  const affected = [...new Set([...own, ...inside])].sort();
  const rows = await itemsOf(tx, affected, true);
  const at = timeOf(event);
  const late =
    event.errorDeclaration !== undefined ||
    event.bizStep === 'void_shipping' ||
    isEmptying(event) ||
    [...rows.values()].some((row) => row.at > at);
  if (late) {
    const ever = [...new Set([...affected, ...(await withContents(tx, own, true))])].sort();
    return retell(ctx, tx, ever);
  }
  await saveItems(
    tx,
    affected.map((epc) => ({
      epc,
      ...advance(rows.get(epc) ?? UNSEEN, event, digest, mentionOf(event, epc), lotMade(event, epc)),
    })),
  );
  if (!isMove(event)) return;
  const containers = new Set([...rows.values()].flatMap(({ parent }) => parent ?? []));
  await addMovement(
    ctx,
    tx,
    event,
    digest,
    affected.filter((epc) => !containers.has(epc)),
  );
}

async function packed(tx: Db, parent: string, children: readonly string[]): Promise<void> {
  await sql`
    INSERT INTO provenance.content (parent, child)
    SELECT ${parent}, child FROM unnest(${sql.val([...children])}::text[]) AS t (child) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

const lotMade = (event: EpcisEvent, epc: string): string | null => {
  if (event.bizStep !== 'commissioning') return null;
  const number = masterData(event, 'lotNumber');
  const gtin = gtinOf(epc);
  return number !== undefined && gtin !== undefined ? lotLink(gtin, number) : (event['zm:lot'] ?? null);
};

/** Tells the stories of these from the beginning, once for all that have the same one. */
async function retell(ctx: SupplyContext, tx: Db, epcs: readonly string[]): Promise<void> {
  const rows = await itemsOf(tx, epcs, true);
  const groups = Map.groupBy(epcs, (epc) => `${rows.get(epc)?.parent} ${rows.get(epc)?.story ?? epc}`);
  const items: ItemRow[] = [];
  const told: Retold[] = [];
  for (const alike of groups.values()) {
    const [one] = alike as [string];
    const trace = await traceUnit({ ...ctx, db: tx }, one, gtinOf(one) ?? '');
    const { own } = tellStory({
      now: 0,
      master: null,
      parties: [],
      events: trace.all,
      unit: one,
      label: {},
      purpose: 'public',
    });
    const item = itemOf(one, own, settled(trace.all).filter(isEmptying), (event) => lotMade(event, one));
    items.push(...alike.map((epc) => ({ ...item, epc })));
    told.push({ epcs: alike, moves: movesIn(own) });
  }
  await saveItems(tx, items);
  const full = await containersAmong(tx, epcs);
  await rewriteMovements(
    ctx,
    tx,
    epcs,
    told.map(({ epcs: alike, moves }) => ({ epcs: alike.filter((epc) => !full.has(epc)), moves })),
  );
}

/** Of these, what anything was ever put into. */
async function containersAmong(tx: Db, epcs: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ parent: string }>`
    SELECT DISTINCT parent FROM provenance.content WHERE parent = any(${sql.val([...epcs])}::text[])`.execute(
    tx,
  );
  return new Set(rows.map(({ parent }) => parent));
}

/** What does not agree is looked for after the commit; what has not arrived, after days. */
async function schedule(ctx: SupplyContext, tx: Db, event: EpcisEvent, digest: Hex): Promise<void> {
  const work = (key: string, dueAt: number) =>
    ctx.deadlines.schedule(tx, { kind: RECONCILE, key: `goods/${key}`, payload: { digest }, dueAt });
  await work(digest, ctx.clock.now());
  if (event.bizStep === 'shipping')
    await work(`${digest}/expected`, timeOf(event) + EXPECTED_WITHIN_DAYS * DAY + HOUR);
}
