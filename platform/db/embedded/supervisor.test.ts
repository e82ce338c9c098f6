import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@zhenmei/kernel';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { findNative, openToAll, preparePrograms, requireGlibc } from './binaries.ts';
import { nameFailure } from './failure.ts';
import { stopServerOf } from './leftover.ts';
import { placeCluster } from './place.ts';
import { isPostmasterOf, startOf, until } from './process.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './supervisor.ts';
import { unprivilegedUser } from './user.ts';

const isRoot = process.getuid?.() === 0;
const base = mkdtempSync(join(tmpdir(), 'embedded-'));
chmodSync(base, 0o711);
const dataDir = join(base, 'data');
const quiet: string[] = [];
const log = { info: () => undefined, warn: (_: object, message: string) => void quiet.push(message) };
let server: EmbeddedPostgres | undefined;

const start = async (): Promise<EmbeddedPostgres> => {
  server = await startEmbeddedPostgres({ dataDir, log });
  return server;
};
const query = async <T>(url: string, text: string): Promise<T[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows as T[];
};
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (e: unknown) => (e instanceof AppError ? e.code : String(e)),
  );
const hold = async (): Promise<{ child: ChildProcess; pid: number; url: string }> => {
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('fixtures/hold.ts', import.meta.url)),
    dataDir,
  ]);
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (c: Buffer) => resolve(String(c))),
  );
  const [pid, url] = line.trim().split(' ');
  return { child, pid: Number(pid), url: url! };
};

afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('the embedded server', () => {
  test('writes through to disk, speaks only to this machine, asks for a password, sorts by code point', async () => {
    const { url } = await start();
    const [facts] = await query<Record<string, string>>(
      url,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as listens,
        current_setting('data_checksums') as checksums, 'ÄÖ' < 'äö' as sorted, lower('ÄÖ') as low`,
    );
    expect(facts).toEqual({ fsync: 'on', listens: '127.0.0.1', checksums: 'on', sorted: true, low: 'äö' });
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
  });

  test('a second start on the same folder is refused by name, and the first goes on', async () => {
    const { url } = await start();
    expect(await code(startEmbeddedPostgres({ dataDir, log }))).toBe('DATA_FOLDER_IN_USE');
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('another process is refused too', async () => {
    const other = await hold();
    expect(await code(startEmbeddedPostgres({ dataDir, log }))).toBe('DATA_FOLDER_IN_USE');
    other.child.kill('SIGKILL');
    await until(() => startOf(other.child.pid!) === null, 60_000);
  });

  test('after a crash of ours the server left behind is stopped and nothing committed is lost', async () => {
    const other = await hold();
    await query(other.url, 'create table if not exists kept (n int); insert into kept values (1)');
    other.child.kill('SIGKILL');
    await until(() => startOf(other.child.pid!) === null, 60_000);
    expect(startOf(other.pid)).not.toBeNull();
    const { url } = await start();
    expect(startOf(other.pid)).toBeNull();
    expect(await query(url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(quiet).toContain('a database server was left running; stopping it');
  });

  test('when the server is killed it is started again on the same port and recovers', async () => {
    const running = await start();
    await query(running.url, 'create table crash (n int); insert into crash values (7)');
    const before = running.pid();
    process.kill(before, 'SIGKILL');
    await expect.poll(() => running.restarts()).toBe(1);
    expect(running.pid()).not.toBe(before);
    expect(await query(running.url, 'select n from crash')).toEqual([{ n: 7 }]);
  });

  test('a pid file that names a stranger is cleared', async () => {
    await (await start()).stop();
    const path = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
    writeFileSync(path, `${process.pid}\n${dataDir}\n1\n1\n\n\n\nready\n`);
    const { url } = await start();
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('a lock of a process that is gone, or of a pid used again, or unreadable, does not block', async () => {
    const path = join(dataDir, 'zhenmei.lock');
    for (const text of [
      JSON.stringify({ pid: 2 ** 22 + 1, start: '1', host: hostname() }),
      JSON.stringify({ pid: process.pid, start: 'other', host: hostname() }),
      'half a li',
    ]) {
      writeFileSync(path, text);
      await (await start()).stop();
    }
  });

  test('a lock that another machine keeps fresh is respected; one it abandoned is taken', async () => {
    const path = join(dataDir, 'zhenmei.lock');
    const foreign = JSON.stringify({ pid: 1, start: '1', host: 'elsewhere' });
    writeFileSync(path, foreign);
    const beat = setInterval(() => writeFileSync(path, foreign), 500);
    expect(await code(startEmbeddedPostgres({ dataDir, log }))).toBe('DATA_FOLDER_IN_USE');
    clearInterval(beat);
    await start();
  });

  test('a taken port is named', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    expect(await code(startEmbeddedPostgres({ dataDir, log, port }))).toBe('PORT_TAKEN');
    await new Promise((resolve) => taken.close(resolve));
    expect(await code(start())).toBe('no error');
  });

  test('a cluster of another version is named', async () => {
    const path = join(dataDir, 'postgres', 'cluster', 'PG_VERSION');
    const version = readFileSync(path, 'utf8');
    writeFileSync(path, '15\n');
    expect(await code(startEmbeddedPostgres({ dataDir, log }))).toBe('DATA_FOLDER_VERSION');
    writeFileSync(path, version);
  });

  test('a setting the server does not know is a named failure with its words', async () => {
    const work = startEmbeddedPostgres({ dataDir, log, settings: { nonsense: '1' } });
    await expect(work).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' });
  });

  test('a server left on purpose runs on and can be stopped by its folder', async () => {
    const running = await startEmbeddedPostgres({ dataDir, log });
    running.leave();
    expect(await query(running.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await stopServerOf(dataDir, log);
    expect(isPostmasterOf(running.pid(), join(dataDir, 'postgres', 'cluster'))).toBe(false);
  });
});

describe('places and people', () => {
  test('a folder that cannot be made is named', async () => {
    writeFileSync(join(base, 'file'), '');
    const work = startEmbeddedPostgres({ dataDir: join(base, 'file', 'data'), log });
    expect(await code(work)).toBe('DATA_FOLDER_NOT_WRITABLE');
  });

  test.runIf(isRoot)(
    'root hands the server to an ordinary user, also in a folder closed to others',
    async () => {
      const closed = join(base, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      const place = placeCluster(closed, join(base, 'fallback'));
      expect(place.runAs?.uid).toBeGreaterThan(0);
      expect(openToAll(place.home)).toBe(true);
      expect(placeCluster(closed, join(base, 'fallback')).home).toBe(place.home);
      mkdirSync(join(base, 'closed-fallback'), { mode: 0o700 });
      const other = join(base, 'other');
      mkdirSync(other, { mode: 0o700 });
      expect(() => placeCluster(other, join(base, 'closed-fallback', 'deep'))).toThrow(
        /DATA_FOLDER_UNREACHABLE/,
      );
    },
  );

  test('programs in a closed folder are copied to where everyone can run them', async () => {
    const closed = join(base, 'npm');
    mkdirSync(join(closed, 'native', 'bin'), { recursive: true });
    mkdirSync(join(closed, 'native', 'lib'));
    writeFileSync(join(closed, 'native', 'bin', 'postgres'), 'x');
    writeFileSync(join(closed, 'native', 'lib', 'real.so'), 'lib');
    const links = [{ source: 'native/lib/real.so', target: 'native/lib/link.so' }];
    writeFileSync(join(closed, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    chmodSync(closed, 0o700);
    const programs = await preparePrograms(join(closed, 'native'), join(base, 'cache'), true);
    expect(programs.postgres.startsWith(join(base, 'cache'))).toBe(true);
    expect(readFileSync(join(base, 'cache', 'native', 'lib', 'link.so'), 'utf8')).toBe('lib');
    const ours = await preparePrograms(join(closed, 'native'), join(base, 'cache2'), false);
    expect(ours.postgres.startsWith(closed)).toBe(true);
    expect(readFileSync(join(closed, 'native', 'lib', 'link.so'), 'utf8')).toBe('lib');
  });

  test('an unknown platform and a Linux without glibc are named', () => {
    expect(() => findNative('plan9', 'vax')).toThrow(/DATABASE_PLATFORM_UNSUPPORTED/);
    expect(() => requireGlibc({ header: {} })).toThrow(/DATABASE_NEEDS_GLIBC/);
    expect(() => requireGlibc()).not.toThrow();
  });

  test.runIf(isRoot)(
    'the user who owns the cluster is kept, otherwise postgres, nobody, anyone but root',
    () => {
      const passwd = join(base, 'passwd');
      writeFileSync(
        passwd,
        'root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
      );
      expect(unprivilegedUser(1000, passwd)?.name).toBe('ann');
      expect(unprivilegedUser(null, passwd)?.name).toBe('nobody');
      writeFileSync(passwd, 'root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\n');
      expect(unprivilegedUser(null, passwd)?.name).toBe('ann');
    },
  );

  test.each([
    ['could not bind IPv4 address "127.0.0.1": Address already in use', 'PORT_TAKEN'],
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'DISK_FULL'],
    ['PANIC:  could not write to file "pg_wal/xlogtemp.29": File too large', 'DISK_FULL'],
    ['FATAL:  could not write to file "base/5/1": Disk quota exceeded', 'DISK_FULL'],
    ['initdb: error: could not create directory "/x": Permission denied', 'DATA_FOLDER_NOT_WRITABLE'],
    ["/x/postgres: /lib/libc.so.6: version `GLIBC_2.27' not found", 'DATABASE_NEEDS_GLIBC'],
    ['FATAL:  database files are incompatible with server', 'DATA_FOLDER_VERSION'],
    ['something else', 'DATABASE_START_FAILED'],
    ['', 'DATABASE_START_FAILED'],
  ])('%s → %s', (output, expected) => {
    expect(nameFailure(output, '/data', 5432).code).toBe(expected);
  });
});
