/** Whoever holds goods of a recalled lot has a case, until the recall is taken back or nothing of it is held any more. */
import { lotLink, parseLotLink } from '@zhenmei/gs1';
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { type EpcisEvent, masterData, siteOf } from '../../core/events.ts';
import { gtinOf } from '../../core/facts.ts';
import type { ProvenanceContext } from '../context.ts';
import type { SupplyContext } from './context.ts';
import { type Found, keepExceptions, resolve } from './keep-exceptions.ts';

type Db = ProvenanceContext['db'];

const recalls = ({ disposition, persistentDisposition }: EpcisEvent): boolean =>
  disposition === 'recalled' || (persistentDisposition?.set?.includes('recalled') ?? false);

export async function settleRecalls(
  ctx: SupplyContext,
  tx: Db,
  event: EpcisEvent,
  cause: Hex,
  wrong: Hex | null,
): Promise<void> {
  const site = siteOf(event) ?? null;
  if (wrong === null && recalls(event)) {
    const found: Found[] = [];
    for (const lot of lotsOf(event))
      for (const { holder, epcs } of await holdersOf(tx, lot))
        found.push({
          kind: 'recall',
          event: cause,
          epcs,
          lot,
          gtin: parseLotLink(lot)?.gtin ?? null,
          sides: { site: holder, source: null, destination: null, maker: site },
        });
    await keepExceptions(ctx, tx, joined(found), { kinds: [], events: [] }, cause);
  }
  const lifted = event.persistentDisposition?.unset?.includes('recalled') ? lotsOf(event) : [];
  if (lifted.length === 0 && wrong === null && !mayEmpty(event)) return;
  const open = await tx
    .selectFrom('provenance.exception')
    .select(['id', 'event', 'lot', 'owner_id'])
    .where('kind', '=', 'recall')
    .where('state', '<>', 'resolved')
    .execute();
  for (const one of open) {
    const over = one.event === wrong || (one.lot !== null && lifted.includes(one.lot));
    if (over || (await nothingLeft(ctx, tx, one))) await resolve(ctx, tx, one.id, cause);
  }
}

/** After it somebody may hold nothing of a lot any more. */
const mayEmpty = ({ bizStep = '', action }: EpcisEvent): boolean =>
  action === 'DELETE' ||
  ['receiving', 'accepting', 'arriving', 'destroying', 'decommissioning', 'dispensing'].includes(bizStep);

const lotsOf = (event: EpcisEvent): string[] => [
  ...(event.quantityList ?? []).map(({ epcClass }) => epcClass),
  ...(event.epcList ?? []).flatMap((epc) => {
    const [gtin, number] = [gtinOf(epc), masterData(event, 'lotNumber')];
    return gtin && number ? [lotLink(gtin, number)] : [];
  }),
];

async function holdersOf(tx: Db, lot: string): Promise<{ holder: string; epcs: string[] }[]> {
  const { rows } = await sql<{ holder: string; epcs: string[] }>`
    SELECT coalesce(bound, holder) AS holder, array_agg(epc ORDER BY epc) AS epcs FROM provenance.item
    WHERE lot = ${lot} AND standing IN ('held', 'moving') AND coalesce(bound, holder) IS NOT NULL
    GROUP BY coalesce(bound, holder)`.execute(tx);
  return rows;
}

/** One holder has one case for a recall, also of several lots. */
function joined(found: readonly Found[]): Found[] {
  const all = new Map<string, Found>();
  for (const one of found) {
    const known = all.get(one.sides.site ?? '');
    all.set(one.sides.site ?? '', known ? { ...known, epcs: [...known.epcs, ...one.epcs] } : one);
  }
  return [...all.values()];
}

async function nothingLeft(
  ctx: SupplyContext,
  tx: Db,
  one: { id: string; owner_id: string | null },
): Promise<boolean> {
  const gln = one.owner_id && (await ctx.parties.byId(one.owner_id))?.gln;
  if (!gln) return false;
  const { rows } = await sql<{ left: boolean }>`
    SELECT EXISTS (
      SELECT FROM provenance.exception_item x JOIN provenance.item i ON i.epc = x.epc
      WHERE x.exception_id = ${one.id} AND i.standing IN ('held', 'moving') AND coalesce(i.bound, i.holder) = ${gln}
    ) AS left`.execute(tx);
  return rows[0]!.left === false;
}
