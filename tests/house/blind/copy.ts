/** A full copy of what the server has: every row, every file of its folder, and what it wrote to its log. */
import fs from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import type { TestHouse } from '../test-house.ts';

export interface Copied {
  readonly where: string;
  readonly bytes: Uint8Array;
}

/** Rows of a table, as the database would give them to its owner. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export async function copyRows(house: TestHouse): Promise<Rows> {
  const { db } = house.house.engines.database;
  const { rows: tables } = await sql<{ name: string }>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`.execute(db);
  const copied: Record<string, readonly Record<string, unknown>[]> = {};
  for (const { name } of tables)
    copied[name] = (
      await sql<{ row: Record<string, unknown> }>`
      SELECT to_jsonb(t) AS row FROM ${sql.raw(name)} t`.execute(db)
    ).rows.map(({ row }) => row);
  return copied;
}

export function* rowsAsBytes(rows: Rows): Generator<Copied> {
  for (const [where, list] of Object.entries(rows))
    yield { where, bytes: Buffer.from(list.map((row) => JSON.stringify(row)).join('\n')) };
}

/** Every file below a folder, one after the other: database files and their journal, blobs, chain, secrets. */
export function* filesBelow(folder: string): Generator<Copied> {
  for (const name of fs.readdirSync(folder)) {
    const at = path.join(folder, name);
    // the database's own folder may be linked to another place
    const entry = fs.statSync(at);
    if (entry.isDirectory()) yield* filesBelow(at);
    else if (entry.isFile()) yield { where: at, bytes: fs.readFileSync(at) };
  }
}
