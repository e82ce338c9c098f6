/**
 * Databases for tests. One embedded server serves all test files of a run (see `testing-run.ts`); every call gets a
 * fresh database, copied from a template that has the asked-for migrations.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createDatabase, type Database } from './database.ts';
import { isAlive, startOf } from './embedded/process.ts';
import { startEmbeddedPostgres } from './embedded/supervisor.ts';
import { type MigrationSet, migrate, readMigrations } from './migrate.ts';

export interface TestDatabase extends Database {
  /** Closes the connections and drops the database. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const SILENT = { info: () => undefined, warn: () => undefined };
/** Tests need no protection from power loss; the supervisor's own tests use the real settings. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

/** Folder shared by the workers of one test run; set by the run's global setup. */
export const RUN_FOLDER = 'ZHENMEI_TEST_RUN';

let here: Promise<string> | undefined;

/**
 * A fresh, empty database with the given migrations applied.
 * @param sets migration sets, in order
 */
export async function testDatabase(sets: readonly MigrationSet[] = []): Promise<TestDatabase> {
  here ??= serverUrl();
  const server = await here;
  const admin = await createDatabase(server, { max: 1, statementTimeoutMs: 120_000 });
  try {
    const template = await templateFor(admin, sets);
    const name = `t_${randomBytes(8).toString('hex')}`;
    await sql.raw(`create database ${name} template ${template}`).execute(admin.db);
    return withCleanup(await createDatabase(withName(server, name), { max: 10 }), server, name);
  } finally {
    await admin.close();
  }
}

function withName(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

function withCleanup(database: Database, server: string, name: string): TestDatabase {
  const close = async (): Promise<void> => {
    await database.close();
    const admin = await createDatabase(server, { max: 1 });
    await sql.raw(`drop database if exists ${name} with (force)`).execute(admin.db);
    await admin.close();
  };
  return { ...database, close, [Symbol.asyncDispose]: close };
}

/** Made once for each different list of migrations, under an advisory lock. */
async function templateFor(admin: Database, sets: readonly MigrationSet[]): Promise<string> {
  if (sets.length === 0) return 'template0';
  const all = (await Promise.all(sets.map(readMigrations))).flat();
  const digest = createHash('sha256');
  for (const { module, file, checksum } of all) digest.update(`${module}/${file}/${checksum}\n`);
  const name = `template_${digest.digest('hex').slice(0, 16)}`;
  return admin.db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtext(${name}))`.execute(connection);
    const { rows } = await sql`select 1 from pg_database where datname = ${name}`.execute(connection);
    if (rows.length === 0) {
      const draft = `draft_${randomBytes(8).toString('hex')}`;
      await sql.raw(`create database ${draft} template template0`).execute(connection);
      const database = await createDatabase(withName(admin.url, draft), { max: 2 });
      try {
        await migrate(database.db, sets);
      } finally {
        await database.close();
      }
      await sql.raw(`alter database ${draft} rename to ${name}`).execute(connection);
    }
    await sql`select pg_advisory_unlock(hashtext(${name}))`.execute(connection);
    return name;
  });
}

/** The run's server, started by whichever worker needs it first; without a run, one of this process. */
async function serverUrl(): Promise<string> {
  // biome-ignore lint/style/noProcessEnv: this is how the run's setup reaches its workers
  const run = process.env[RUN_FOLDER];
  if (!run) return ownServer();
  const known = join(run, 'url');
  const mutex = join(run, 'starting');
  for (;;) {
    if (existsSync(known)) return readFileSync(known, 'utf8');
    if (claim(mutex)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    if (existsSync(known)) return readFileSync(known, 'utf8');
    const server = await startEmbeddedPostgres({ dataDir: join(run, 'data'), log: SILENT, settings: FAST });
    server.leave();
    writeFileSync(`${known}.new`, server.url, { mode: 0o600 });
    renameSync(`${known}.new`, known);
    return server.url;
  } finally {
    rmSync(mutex, { recursive: true, force: true });
  }
}

function claim(mutex: string): boolean {
  try {
    mkdirSync(mutex);
    writeFileSync(join(mutex, 'pid'), String(process.pid));
    return true;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
    const holder = join(mutex, 'pid');
    if (existsSync(holder) && !isAlive(Number(readFileSync(holder, 'utf8'))))
      rmSync(mutex, { recursive: true, force: true });
    return false;
  }
}

async function ownServer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zhenmei-test-'));
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: folder, log: SILENT, settings: FAST });
  // the process ends when its work does; the server does not keep it
  server.leave();
  process.once('exit', () => {
    process.kill(server.pid(), 'SIGQUIT');
    const nap = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < 100 && startOf(server.pid()) !== null; i++) Atomics.wait(nap, 0, 0, 20);
    rmSync(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
  });
  return server.url;
}
