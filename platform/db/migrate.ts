/** Numbered SQL files, forward only. What was applied is remembered with its checksum and never changes again. */
import { readdir, readFile } from 'node:fs/promises';
import { AppError, textHash, toHex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import './errors.ts';

export interface MigrationSet {
  readonly module: string;
  /** Folder of `0001_name.sql`, `0002_…`: a path or a `file:` URL. */
  readonly dir: string | URL;
}

export interface Migration {
  readonly module: string;
  readonly number: number;
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
}

const FILE = /^(\d{4})_[a-z0-9][a-z0-9_-]*\.sql$/;
/** One number for this program in PostgreSQL's advisory locks: "zhenmei" in ASCII. */
const LOCK = 34_452_763_563_648_361n;

/** Reads a set in order. Throws MIGRATION_NAME for a wrong name, a gap or a repeated number. */
export async function readMigrations({ module, dir }: MigrationSet): Promise<Migration[]> {
  const files = (await readdir(dir)).sort();
  return Promise.all(
    files.map(async (file, i) => {
      const number = Number(FILE.exec(file)?.[1]);
      if (number !== i + 1) throw new AppError('MIGRATION_NAME', { module, file });
      const path = dir instanceof URL ? new URL(file, `${dir.href.replace(/\/$/, '')}/`) : `${dir}/${file}`;
      const text = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n');
      return { module, number, file, text, checksum: toHex(textHash(text)) };
    }),
  );
}

/**
 * Applies what is new, set by set in the given order, each file in one transaction. Several processes may call it at
 * once: one works, the others wait and find nothing left to do. Returns what was applied.
 * Throws MIGRATION_NAME, MIGRATION_CHANGED, MIGRATION_MISSING, MIGRATION_FAILED.
 */
export async function migrate<Schema>(db: Kysely<Schema>, sets: readonly MigrationSet[]): Promise<string[]> {
  const wanted = (await Promise.all(sets.map(readMigrations))).flat();
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${LOCK})`.execute(connection);
    try {
      await prepare(connection);
      const applied = await readApplied(connection, sets);
      compare(wanted, applied);
      const done: string[] = [];
      for (const each of wanted) {
        if (applied.some((a) => a.module === each.module && a.number === each.number)) continue;
        await apply(connection, each);
        done.push(`${each.module}/${each.file}`);
      }
      return done;
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(connection);
    }
  });
}

/**
 * Compares without changing anything. @returns what would be applied.
 * Throws MIGRATION_NAME, MIGRATION_CHANGED, MIGRATION_MISSING.
 */
export async function pendingMigrations<Schema>(
  db: Kysely<Schema>,
  sets: readonly MigrationSet[],
): Promise<string[]> {
  const wanted = (await Promise.all(sets.map(readMigrations))).flat();
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('platform.migration') is not null as there`.execute(db);
  const applied = rows[0]!.there ? await readApplied(db, sets) : [];
  compare(wanted, applied);
  return wanted
    .filter((each) => !applied.some((a) => a.module === each.module && a.number === each.number))
    .map(({ module, file }) => `${module}/${file}`);
}

interface Applied {
  readonly module: string;
  readonly number: number;
  readonly file: string;
  readonly checksum: string;
}

async function prepare<Schema>(connection: Kysely<Schema>): Promise<void> {
  // Building an index may take longer than a request may.
  await sql`set statement_timeout = 0`.execute(connection);
  await sql`create schema if not exists platform`.execute(connection);
  await sql`create table if not exists platform.migration (
    module text not null,
    number integer not null,
    file text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    primary key (module, number))`.execute(connection);
}

async function readApplied<Schema>(
  connection: Kysely<Schema>,
  sets: readonly MigrationSet[],
): Promise<Applied[]> {
  const { rows } = await sql<Applied>`select module, number, file, checksum from platform.migration
    where module = any(${sets.map((s) => s.module)}) order by module, number`.execute(connection);
  return rows;
}

function compare(wanted: readonly Migration[], applied: readonly Applied[]): void {
  for (const { module, number, file, checksum } of applied) {
    const ours = wanted.find((w) => w.module === module && w.number === number);
    if (!ours) throw new AppError('MIGRATION_MISSING', { module, file });
    if (ours.checksum !== checksum) throw new AppError('MIGRATION_CHANGED', { module, file });
  }
}

async function apply<Schema>(connection: Kysely<Schema>, each: Migration): Promise<void> {
  try {
    await connection.transaction().execute(async (tx) => {
      await sql.raw(each.text).execute(tx);
      await sql`insert into platform.migration (module, number, file, checksum)
        values (${each.module}, ${each.number}, ${each.file}, ${each.checksum})`.execute(tx);
    });
  } catch (cause) {
    const { module, file } = each;
    throw new AppError('MIGRATION_FAILED', { module, file, reason: (cause as Error).message }, { cause });
  }
}
