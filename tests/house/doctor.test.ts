/** The doctor finds what is wrong, one fault at a time and all at once. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedChain } from '@zhenmei/chain';
import { examine, type Finding } from '@zhenmei/cli/commands/doctor.ts';
import { createDatabase, type EmbeddedPostgres, migrate, startEmbeddedPostgres } from '@zhenmei/db';
import { MIGRATIONS } from '@zhenmei/server/compose/engines.ts';
import { openSecrets } from '@zhenmei/server/compose/secrets.ts';
import { createLogger } from '@zhenmei/telemetry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './test-house.ts';

const MAIN = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));
const log = createLogger({ level: 'silent' });
let root: string;
let postgres: EmbeddedPostgres;
let free: number;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-doctor-'));
  free = await freePort();
  postgres = await startEmbeddedPostgres({ dataDir: path.join(root, 'postgres'), log });
});
afterAll(async () => {
  await postgres?.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

interface Report {
  readonly exit: number;
  readonly failed: Finding[];
}

/** The command itself, as a person or a script would run it. */
function doctor(folder: string, env: Record<string, string> = {}, more: string[] = []): Report {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'doctor', '--json', '--data', path.join(root, folder), ...more],
    {
      encoding: 'utf8',
      env: { ...process.env, PORT: String(free), PUBLIC_URL: '', DATABASE_URL: '', ...env },
    },
  );
  expect(stderr.replace(/^.*Warning.*\n|^\(Use.*\n/gm, '')).toBe('');
  const { checks, failures } = JSON.parse(stdout) as { checks: Finding[]; failures: number };
  const failed = checks.filter(({ ok }) => !ok);
  expect([failures, failed.length]).toEqual([status, status]);
  for (const { zh, en } of failed) {
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(`${zh}${en}`).not.toMatch(/\{\w+\}/);
  }
  return { exit: status!, failed };
}

const codes = (report: Report) => report.failed.map(({ code }) => code);

/** A folder with keys and a ledger of two blocks. */
async function lived(folder: string, chainId = 952_480): Promise<string> {
  const at = path.join(root, folder);
  openSecrets(at);
  const chain = await startEmbeddedChain({ folder: path.join(at, 'chain'), chainId, log: () => undefined });
  await chain.setClockOffset(60);
  await chain.stop();
  return at;
}

const journalOf = (at: string): string => {
  const folder = path.join(at, 'chain');
  return path.join(folder, fs.readdirSync(folder).find((name) => name.startsWith('journal-'))!);
};

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, before the first start and after', async () => {
    expect(codes(doctor('fresh'))).toEqual([]);
    await lived('lived');
    expect(codes(doctor('lived'))).toEqual([]);
  });

  it.each<[string, Record<string, string>, string[], string]>([
    ['a setting that is none', { LOG_LEVEL: 'loud' }, [], 'CONFIG_INVALID'],
    ['too little disk', {}, ['--min-free', '900000000'], 'DOCTOR_DISK'],
    ['a numeric public address', { PUBLIC_URL: 'https://192.0.2.7' }, [], 'DOCTOR_PUBLIC_URL'],
    ['a public address without TLS', { PUBLIC_URL: 'http://zhenmei.example' }, [], 'DOCTOR_PUBLIC_URL_TLS'],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      [],
      'DATABASE_UNREACHABLE',
    ],
    ['an address that is no database', { DATABASE_URL: 'file:x' }, [], 'DATABASE_URL_WRONG'],
    ['a ledger that does not answer', { CHAIN_RPC_URL: 'http://127.0.0.1:1' }, [], 'CHAIN_UNAVAILABLE'],
  ])('finds %s', (_, env, more, code) => {
    expect(codes(doctor('settings', env, more))).toEqual([code]);
  });

  it('finds a folder that cannot be written', () => {
    const closed = path.join(root, 'closed');
    fs.mkdirSync(closed);
    fs.chmodSync(closed, 0o500);
    const folder = process.getuid?.() === 0 ? path.relative(root, '/sys/zhenmei') : 'closed/data';
    expect(codes(doctor(folder))).toContain('DOCTOR_FOLDER');
  });

  it('finds a taken port', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(codes(doctor('settings', { PORT: String(port) }))).toEqual(['DOCTOR_PORT']);
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['what stays undone in a house that runs', { stuck: 2, codes: 'CHAIN_REVERTED' }, ['DOCTOR_WORK']],
    ['nothing where all is done', { stuck: 0, codes: '' }, []],
    ['nothing in a house of an earlier version', undefined, []],
  ])('finds %s', async (_, work, found) => {
    const at = path.join(root, 'busy');
    const feeTo = openSecrets(at).accounts.fee.address.toLowerCase();
    const server = http.createServer((request, response) =>
      response.end(JSON.stringify(request.url === '/readyz' ? { ready: true, checks: { work } } : { feeTo })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const place = {
      ZHENMEI_DATA: at,
      PORT: String(port),
      PUBLIC_URL: '',
      DATABASE_URL: '',
      HOST: '127.0.0.1',
    };
    const failed = (await examine(place, { minFreeMb: 1 })).filter(({ ok }) => !ok);
    await new Promise((resolve) => server.close(resolve));
    expect(failed.map(({ code }) => code)).toEqual(found);
    for (const { en } of failed) expect(en).toContain(`http://127.0.0.1:${port}/problems/`);
  });

  it('finds keys that others can read, and keys that are damaged', () => {
    openSecrets(path.join(root, 'keys'));
    const file = path.join(root, 'keys', 'secrets.json');
    fs.chmodSync(file, 0o640);
    expect(codes(doctor('keys'))).toEqual(['SECRETS_READABLE']);
    fs.chmodSync(file, 0o600);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').slice(0, 100));
    expect(codes(doctor('keys'))).toEqual(['DOCTOR_SECRETS']);
  });

  it('finds a ledger of another number, in the folder and at the address', async () => {
    await lived('numbered', 7);
    expect(codes(doctor('numbered'))).toEqual(['DOCTOR_GENESIS']);
    const chain = await startEmbeddedChain({
      folder: path.join(root, 'elsewhere'),
      chainId: 7,
      log: () => undefined,
    });
    expect(codes(doctor('settings', { CHAIN_RPC_URL: chain.url }))).toEqual(['CHAIN_ID_WRONG']);
    // before the first start there are no keys, and looking makes none
    const coin = { COIN_PARTNER: `0x${'ab'.repeat(20)}:CNY`, CHAIN_RPC_URL: chain.url, CHAIN_ID: '7' };
    expect(codes(doctor('unborn', coin))).toEqual([]);
    expect(fs.existsSync(path.join(root, 'unborn', 'secrets.json'))).toBe(false);
    await chain.stop();
  });

  it('finds a changed byte in the ledger’s journal, and does not touch it', async () => {
    const at = await lived('damaged');
    const file = journalOf(at);
    const bytes = fs.readFileSync(file);
    bytes[30] = bytes[30]! ^ 1;
    fs.writeFileSync(file, Buffer.concat([bytes, bytes.subarray(0), bytes.subarray(0)]));
    const before = fs.readFileSync(file);
    expect(codes(doctor('damaged'))).toEqual(['CHAIN_JOURNAL_DAMAGED']);
    expect(fs.readFileSync(file).equals(before)).toBe(true);
  });

  it('finds a database that does not keep what it says, and one of another past', async () => {
    const database = await createDatabase(postgres.url);
    const env = { DATABASE_URL: postgres.url };
    await migrate(database.db, MIGRATIONS);
    expect(codes(doctor('settings', env))).toEqual([]);
    const name = sql.id(new URL(postgres.url).pathname.slice(1));
    await sql`alter database ${name} set synchronous_commit = off`.execute(database.db);
    expect(codes(doctor('settings', env))).toEqual(['DOCTOR_FSYNC']);
    await sql`alter database ${name} reset synchronous_commit`.execute(database.db);
    await sql`update platform.migration set checksum = 'x' where module = 'care' and number = 1`.execute(
      database.db,
    );
    expect(codes(doctor('settings', env))).toEqual(['MIGRATION_CHANGED']);
    await sql`insert into platform.migration (module, number, file, checksum)
      values ('care', 99, '0099_later.sql', 'y')`.execute(database.db);
    await sql`update platform.migration set module = 'gone' where module = 'care' and number = 1`.execute(
      database.db,
    );
    expect(codes(doctor('settings', env))).toEqual(['MIGRATION_MISSING']);
    await database.close();
  });

  it('finds ten faults at once, each by its name, and counts them in its exit code', async () => {
    const at = await lived('many', 7);
    const file = journalOf(at);
    fs.writeFileSync(file, `x${fs.readFileSync(file, 'utf8').slice(1)}\nx\nx\nx\n`);
    fs.chmodSync(path.join(at, 'secrets.json'), 0o644);
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const env = {
      PORT: String((server.address() as net.AddressInfo).port),
      PUBLIC_URL: 'https://[2001:db8::1]',
      DATABASE_URL: 'postgres://127.0.0.1:1/x',
      LOG_LEVEL: 'loud',
      LOG_SECONDS: '0',
      DEMO: 'maybe',
      CHAIN_ID: 'x',
    };
    const { exit, failed } = doctor('many', env, ['--min-free', '900000000']);
    await new Promise((resolve) => server.close(resolve));
    const found = failed.map(({ name, code }) => `${name} ${code}`).sort();
    expect(found).toEqual([
      'database DATABASE_UNREACHABLE',
      'disk DOCTOR_DISK',
      'ledger DOCTOR_GENESIS',
      'port DOCTOR_PORT',
      'public-url DOCTOR_PUBLIC_URL',
      'secrets SECRETS_READABLE',
      'settings CONFIG_INVALID',
      'settings CONFIG_INVALID',
      'settings CONFIG_INVALID',
      'settings CONFIG_INVALID',
    ]);
    expect(exit).toBe(10);
    const more = doctor('many', {
      ...env,
      HOST: '127.0.0.1',
      CHAIN_ID: '7',
      CHAIN_RPC_URL: 'http://127.0.0.1:1',
    });
    expect(codes(more)).toContain('CHAIN_UNAVAILABLE');
  });
});
