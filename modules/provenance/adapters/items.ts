/** Rows of where goods are. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Item } from '../core/item.ts';
import type { ProvenanceDatabase } from './schema.ts';
import type { SupplyDatabase } from './supply-schema.ts';

type Db = Kysely<ProvenanceDatabase>;

/** Unit in box in case on pallet in container, with room to spare; also what ends a circle. */
const DEPTH = 8;
/** Rows of one statement. */
const CHUNK = 2_000;

export interface ItemRow extends Item {
  readonly epc: string;
}

const fromRow = (row: SupplyDatabase['provenance.item']): ItemRow => ({
  epc: row.epc,
  standing: row.standing,
  holder: row.holder,
  bound: row.bound,
  shipment: row.shipment,
  parent: row.parent,
  lot: row.lot,
  expiry: row.expiry,
  made: row.made,
  since: row.since.getTime(),
  at: row.at.getTime(),
  story: row.story,
});

/** These and everything inside them. @param ever also what was in them once */
export async function withContents(db: Db, epcs: readonly string[], ever = false): Promise<string[]> {
  if (epcs.length === 0) return [];
  const inside = ever
    ? sql`SELECT c.child, inside.depth + 1 FROM provenance.content c JOIN inside ON c.parent = inside.epc`
    : sql`SELECT i.epc, inside.depth + 1 FROM provenance.item i JOIN inside ON i.parent = inside.epc`;
  const { rows } = await sql<{ epc: string }>`
    WITH RECURSIVE inside (epc, depth) AS (
      SELECT epc COLLATE "C", 0 FROM unnest(${sql.val([...epcs])}::text[]) AS given (epc)
      UNION
      ${inside} WHERE inside.depth < ${DEPTH}
    ) SELECT DISTINCT epc FROM inside`.execute(db);
  return rows.map(({ epc }) => epc);
}

/** @param lock held until the transaction ends */
export async function itemsOf(db: Db, epcs: readonly string[], lock = false): Promise<Map<string, ItemRow>> {
  const found = new Map<string, ItemRow>();
  for (let i = 0; i < epcs.length; i += CHUNK) {
    let query = db
      .selectFrom('provenance.item')
      .selectAll()
      .where('epc', '=', sql<string>`any(${sql.val(epcs.slice(i, i + CHUNK))}::text[])`)
      .orderBy('epc');
    if (lock) query = query.forUpdate();
    for (const row of await query.execute()) found.set(row.epc, fromRow(row));
  }
  return found;
}

export async function saveItems(db: Db, items: readonly ItemRow[]): Promise<void> {
  for (let i = 0; i < items.length; i += CHUNK) {
    const rows = items.slice(i, i + CHUNK).map(({ since, at, ...item }) => ({
      ...item,
      gtin: /\/01\/(\d{14})\//.exec(item.epc)?.[1] ?? null,
      since: new Date(since).toISOString(),
      at: new Date(at).toISOString(),
    }));
    await sql`
      INSERT INTO provenance.item (epc, gtin, standing, holder, bound, shipment, parent, lot, expiry, made, since, at, story)
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (epc text, gtin text, standing text, holder text,
        bound text, shipment text, parent text, lot text, expiry text, made text, since timestamptz, at timestamptz, story text)
      ON CONFLICT (epc) DO UPDATE SET standing = excluded.standing, holder = excluded.holder, bound = excluded.bound,
        shipment = excluded.shipment, parent = excluded.parent, lot = excluded.lot, expiry = excluded.expiry,
        made = excluded.made, since = excluded.since, at = excluded.at, story = excluded.story`.execute(db);
  }
}
