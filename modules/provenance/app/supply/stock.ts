/** What a site holds, by product, lot and last day of use; and units of it to choose from. */
import { sql } from 'kysely';
import type { SupplyContext } from './context.ts';
import { lockingCase } from './locks.ts';

export interface StockLine {
  readonly gtin: string;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly units: number;
  readonly locked: number;
  /** Of them in closed containers. */
  readonly packed: number;
}

const locked = sql<boolean>`EXISTS (
  SELECT FROM provenance.exception_item x JOIN provenance.exception e ON e.id = x.exception_id
  WHERE x.epc = i.epc AND ${lockingCase})`;

/** @param gln of the site @param bound what is on its way to it instead */
export async function stockOf(
  ctx: Pick<SupplyContext, 'db'>,
  gln: string,
  bound = false,
): Promise<StockLine[]> {
  const { rows } = await sql<StockLine>`
    SELECT i.gtin, i.lot, i.expiry, count(*)::int AS units,
           count(*) FILTER (WHERE ${locked})::int AS locked, count(i.parent)::int AS packed
    FROM provenance.item i
    WHERE i.gtin IS NOT NULL AND ${here(gln, bound)}
    GROUP BY i.gtin, i.lot, i.expiry
    ORDER BY i.expiry NULLS LAST, i.gtin, i.lot`.execute(ctx.db);
  return rows;
}

const here = (gln: string, bound: boolean) =>
  bound ? sql`i.standing = 'moving' AND i.bound = ${gln}` : sql`i.standing = 'held' AND i.holder = ${gln}`;

/** Free units of a lot, loose ones first, those that expire first before others. */
export async function freeUnits(
  ctx: Pick<SupplyContext, 'db'>,
  gln: string,
  wanted: { readonly gtin: string; readonly lot?: string | undefined; readonly limit: number },
): Promise<string[]> {
  const ofLot = wanted.lot === undefined ? sql`true` : sql`i.lot = ${wanted.lot}`;
  const { rows } = await sql<{ epc: string }>`
    SELECT i.epc FROM provenance.item i
    WHERE i.gtin = ${wanted.gtin} AND ${ofLot} AND ${here(gln, false)} AND NOT ${locked}
    ORDER BY i.parent IS NOT NULL, i.expiry NULLS LAST, i.epc LIMIT ${wanted.limit}`.execute(ctx.db);
  return rows.map(({ epc }) => epc);
}

export interface ContainerLine {
  readonly epc: string;
  readonly units: number;
  /** Of them in open cases that lock: with one of these it may not move. */
  readonly locked: number;
  readonly gtin: string | null;
  readonly lot: string | null;
}

/** Closed containers that lie in no other, with what is in them. */
export async function containersOf(ctx: Pick<SupplyContext, 'db'>, gln: string): Promise<ContainerLine[]> {
  const { rows } = await sql<ContainerLine>`
    WITH RECURSIVE inside (top, epc, depth) AS (
      SELECT i.epc, i.epc, 0 FROM provenance.item i
      WHERE i.gtin IS NULL AND i.parent IS NULL AND ${here(gln, false)}
        AND EXISTS (SELECT FROM provenance.item c WHERE c.parent = i.epc)
      UNION
      SELECT inside.top, c.epc, inside.depth + 1 FROM provenance.item c JOIN inside ON c.parent = inside.epc
      WHERE inside.depth < 8
    )
    SELECT inside.top AS epc, count(i.gtin)::int AS units, count(*) FILTER (WHERE ${locked})::int AS locked,
           CASE WHEN count(DISTINCT i.gtin) = 1 THEN min(i.gtin) END AS gtin,
           CASE WHEN count(DISTINCT i.lot) = 1 THEN min(i.lot) END AS lot
    FROM inside JOIN provenance.item i ON i.epc = inside.epc
    GROUP BY inside.top ORDER BY inside.top LIMIT 500`.execute(ctx.db);
  return rows;
}
