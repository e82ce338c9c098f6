import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, createListener, migrate, notify, transaction } from './index.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'db-'));
const SILENT = { info: () => undefined, warn: () => undefined };
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (e: unknown) => (e instanceof AppError ? e.code : String(e)),
  );

describe('connection', () => {
  test('reads int8 as bigint, dates as text, instants as Date', async () => {
    const { rows } = await sql`select 9007199254740993::int8 as n, array[1, null]::int8[] as ns,
      '2026-02-03'::date as d, '2026-02-03T04:05:06Z'::timestamptz as t`.execute(database.db);
    expect(rows[0]).toEqual({
      n: 9007199254740993n,
      ns: [1n, null],
      d: '2026-02-03',
      t: new Date('2026-02-03T04:05:06Z'),
    });
  });

  test('a statement that runs too long is stopped', async () => {
    const short = await createDatabase(database.url, { max: 1, statementTimeoutMs: 50 });
    await expect(sql`select pg_sleep(5)`.execute(short.db)).rejects.toMatchObject({ code: '57014' });
    await short.close();
  });

  test.each([
    ['not an address', 'DATABASE_URL_WRONG'],
    ['mysql://u:p@127.0.0.1/x', 'DATABASE_URL_WRONG'],
    ['postgres://u:p@127.0.0.1:1/x', 'DATABASE_UNREACHABLE'],
  ])('%s is refused by name', async (url, expected) => {
    expect(await code(createDatabase(url))).toBe(expected);
  });

  test('a wrong password and an unknown database are refused by name, without the password', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'hunter2';
    const error = await createDatabase(wrong.href).catch((e: AppError) => e);
    expect(error).toMatchObject({ code: 'DATABASE_REFUSED' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    const nowhere = new URL(database.url);
    nowhere.pathname = '/nowhere';
    expect(await code(createDatabase(nowhere.href))).toBe('DATABASE_REFUSED');
  });

  test('a database in another encoding is refused', async () => {
    await sql`create database latin encoding 'LATIN1' locale_provider libc locale 'C' template template0`.execute(
      database.db,
    );
    const latin = new URL(database.url);
    latin.pathname = '/latin';
    expect(await code(createDatabase(latin.href))).toBe('DATABASE_ENCODING');
    await sql`drop database latin`.execute(database.db);
  });

  test('an old server is refused', async () => {
    // A server that says it is 14: its settings are read through a shadowing function.
    await sql`create schema old`.execute(database.db);
    await sql`create function old.current_setting(text) returns text language sql as
      $$ select case when $1 like 'server_version%' then '140000' else 'UTF8' end $$`.execute(database.db);
    const url = new URL(database.url);
    url.searchParams.set('options', '-c search_path=old,pg_catalog');
    expect(await code(createDatabase(url.href))).toBe('DATABASE_TOO_OLD');
  });
});

describe('transaction', () => {
  test('runs again after a serialization failure and loses no update', async () => {
    await sql`create table counter (n int8 not null)`.execute(database.db);
    await sql`insert into counter values (0)`.execute(database.db);
    let runs = 0;
    const add = (): Promise<void> =>
      transaction(
        database.db,
        async (tx) => {
          runs++;
          const { rows } = await sql<{ n: bigint }>`select n from counter`.execute(tx);
          await sql`update counter set n = ${rows[0]!.n + 1n}`.execute(tx);
        },
        { attempts: 50 },
      );
    await Promise.all(Array.from({ length: 8 }, add));
    const { rows } = await sql`select n from counter`.execute(database.db);
    expect(rows).toEqual([{ n: 8n }]);
    expect(runs).toBeGreaterThan(8);
  });

  test('any other error is thrown at once and undoes the transaction', async () => {
    let runs = 0;
    const work = transaction(database.db, async (tx) => {
      runs++;
      await sql`create table never (n int)`.execute(tx);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(runs).toBe(1);
    const { rows } = await sql`select to_regclass('never') as found`.execute(database.db);
    expect(rows).toEqual([{ found: null }]);
  });
});

describe('notifications', () => {
  test('arrive when the transaction commits, and again after the connection was cut', async () => {
    const listener = createListener(database.url, SILENT);
    const heard: (string | null)[] = [];
    const stop = await listener.listen('news', (payload) => heard.push(payload));
    await expect(
      database.db.transaction().execute(async (tx) => {
        await notify(tx, 'news', 'undone');
        throw new Error('rollback');
      }),
    ).rejects.toThrow('rollback');
    await notify(database.db, 'news', 'one');
    await expect.poll(() => heard).toEqual(['one']);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'zhenmei listener'
      and datname = current_database()`.execute(database.db);
    await expect.poll(() => heard).toEqual(['one', null]);
    await notify(database.db, 'news', 'two');
    await expect.poll(() => heard).toEqual(['one', null, 'two']);
    stop();
    await notify(database.db, 'news', 'three');
    await listener.close();
    expect(heard).toEqual(['one', null, 'two']);
  });

  test('an unreachable database is reported to whoever wants to listen', async () => {
    const listener = createListener('postgres://u:p@127.0.0.1:1/x', SILENT);
    await expect(listener.listen('news', () => undefined)).rejects.toThrow();
    await listener.close();
  });
});

describe('migrate', () => {
  const dir = join(folder, 'shop');
  const set = [{ module: 'shop', dir }];
  const write = (file: string, text: string): void => writeFileSync(join(dir, file), text);
  let fresh: TestDatabase;
  beforeAll(async () => {
    const { mkdirSync } = await import('node:fs');
    mkdirSync(dir);
    write('0001_init.sql', 'create schema shop;\ncreate table shop.item (id int primary key);\n');
    fresh = await testDatabase();
  });
  afterAll(() => fresh.close());
  afterEach(() => {
    write('0001_init.sql', 'create schema shop;\ncreate table shop.item (id int primary key);\n');
    for (const extra of ['0002_more.sql', '0003_late.sql', 'notes.txt'])
      rmSync(join(dir, extra), { force: true });
  });

  test('applies what is new, once, also when several processes start together', async () => {
    const done = await Promise.all([migrate(fresh.db, set), migrate(fresh.db, set), migrate(fresh.db, set)]);
    expect(done.flat()).toEqual(['shop/0001_init.sql']);
    expect(await migrate(fresh.db, set)).toEqual([]);
  });

  test('line endings do not count as a change', async () => {
    write('0001_init.sql', 'create schema shop;\r\ncreate table shop.item (id int primary key);\r\n');
    expect(await migrate(fresh.db, set)).toEqual([]);
  });

  test('a changed file is refused', async () => {
    write('0001_init.sql', 'create schema shop; -- better');
    expect(await code(migrate(fresh.db, set))).toBe('MIGRATION_CHANGED');
  });

  test('a failing file is undone as a whole and can be repaired', async () => {
    write('0002_more.sql', 'create table shop.more (id int); select nonsense;');
    expect(await code(migrate(fresh.db, set))).toBe('MIGRATION_FAILED');
    const { rows } = await sql`select to_regclass('shop.more') as found`.execute(fresh.db);
    expect(rows).toEqual([{ found: null }]);
  });

  test('a gap and a foreign file are refused', async () => {
    write('0003_late.sql', 'select 1;');
    expect(await code(migrate(fresh.db, set))).toBe('MIGRATION_NAME');
    rmSync(join(dir, '0003_late.sql'));
    write('notes.txt', 'x');
    expect(await code(migrate(fresh.db, set))).toBe('MIGRATION_NAME');
  });

  test('a database that is ahead of the program is refused', async () => {
    write('0002_more.sql', 'create table shop.more (id int);');
    await migrate(fresh.db, set);
    rmSync(join(dir, '0002_more.sql'));
    expect(await code(migrate(fresh.db, set))).toBe('MIGRATION_MISSING');
  });

  test('a test database comes with its migrations and without the data of others', async () => {
    await using one = await testDatabase([{ module: 'shop', dir }]);
    await sql`insert into shop.item values (1)`.execute(one.db);
    await using two = await testDatabase([{ module: 'shop', dir }]);
    const { rows } = await sql`select * from shop.item`.execute(two.db);
    expect(rows).toEqual([]);
  });
});
