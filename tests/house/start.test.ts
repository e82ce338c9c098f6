/** What can be wrong at a start, and what must be left behind by an end. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedChain } from '@zhenmei/chain';
import { startEmbeddedPostgres } from '@zhenmei/db';
import { AppError } from '@zhenmei/kernel';
import { startHouse } from '@zhenmei/server';
import { readConfig, type ServerConfig } from '@zhenmei/server/config.ts';
import { createLogger } from '@zhenmei/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAUNCHER, lives, type ServerProcess, up } from './server-process.ts';
import { freePort } from './test-house.ts';

const log = createLogger({ level: 'silent' });
let root: string;
let first: ServerProcess;

async function configOf(folder: string, change: Partial<ServerConfig> = {}): Promise<ServerConfig> {
  const port = change.port ?? (await freePort());
  return {
    ...readConfig({ PORT: String(port), DEMO: 'off' }),
    dataDir: path.join(root, folder),
    publicUrl: `http://localhost:${port}`,
    ...change,
  };
}

// one process can run one house at a time, so the first one has its own
beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-start-'));
  first = await upIn('first');
});
afterAll(async () => {
  first?.child.kill('SIGTERM');
  await first?.ended;
  fs.rmSync(root, { recursive: true, force: true });
});

const upIn = async (folder: string) => up({ folder: path.join(root, folder), port: await freePort() });

/** The named error of a start; closes what started against expectation. */
async function refusal(config: ServerConfig): Promise<AppError | null> {
  try {
    await (await startHouse({ config, log })).close();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error;
  }
}

/** Both languages say what, and leave no gap where a value belongs. */
function speaks(error: AppError | null): string {
  for (const lang of ['zh-CN', 'en'] as const) {
    expect(error?.text(lang).length ?? 0).toBeGreaterThan(8);
    expect(error?.text(lang)).not.toMatch(/\{\w+\}/);
  }
  return error?.code ?? 'started';
}

describe('a start is refused by name', () => {
  it('on data that is in use; the first house does not notice', async () => {
    const error = await refusal(await configOf('first'));
    expect(speaks(error)).toBe('DATA_FOLDER_IN_USE');
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it('and the command says why, in the language of the terminal, and ends with 1', () => {
    for (const [lang, text] of [
      ['zh_CN.UTF-8', '正被另一个进程使用'],
      ['en', 'is in use by another process'],
    ]) {
      const { status, stderr } = spawnSync(
        process.execPath,
        [LAUNCHER, 'up', '--no-demo', '--data', path.join(root, 'first'), '--port', '0'],
        { encoding: 'utf8', env: { ...process.env, PUBLIC_URL: '', LANG: lang, LC_ALL: lang } },
      );
      expect(stderr).toContain(text);
      expect(stderr).toContain('[DATA_FOLDER_IN_USE]');
      expect(status).toBe(1);
    }
  });

  it('on a port that is taken, and leaves nothing behind', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const config = await configOf('port', { port });
    expect(speaks(await refusal(config))).toBe('PORT_TAKEN');
    await new Promise((resolve) => server.close(resolve));
    expect(await refusal(config)).toBeNull();
  });

  it('where nothing may be written', async () => {
    const closed = path.join(root, 'closed');
    fs.mkdirSync(closed);
    fs.chmodSync(closed, 0o500);
    // root may write anywhere but there
    const dataDir = process.getuid?.() === 0 ? '/sys/zhenmei' : path.join(closed, 'data');
    expect(speaks(await refusal(await configOf('', { dataDir })))).toBe('DATA_FOLDER_NOT_WRITABLE');
  });

  it('where the folder is a file', async () => {
    fs.writeFileSync(path.join(root, 'file'), '');
    expect(speaks(await refusal(await configOf('file')))).toBe('DATA_FOLDER_NOT_WRITABLE');
  });

  it('with keys that others can read', async () => {
    const config = await configOf('keys');
    fs.mkdirSync(config.dataDir);
    fs.copyFileSync(path.join(root, 'first', 'secrets.json'), path.join(config.dataDir, 'secrets.json'));
    fs.chmodSync(path.join(config.dataDir, 'secrets.json'), 0o644);
    expect(speaks(await refusal(config))).toBe('SECRETS_READABLE');
  });

  it('with a database address that is none, leads nowhere, or is refused', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir: path.join(root, 'postgres'), log });
    const { url } = postgres;
    const wrong = new URL(url);
    wrong.password = 'guess';
    const missing = new URL(url);
    missing.pathname = '/nobody';
    const tries: [string, string][] = [
      ['mysql://localhost/x', 'DATABASE_URL_WRONG'],
      ['not an address', 'DATABASE_URL_WRONG'],
      ['postgres://127.0.0.1:1/x', 'DATABASE_UNREACHABLE'],
      [wrong.href, 'DATABASE_REFUSED'],
      [missing.href, 'DATABASE_REFUSED'],
    ];
    for (const [databaseUrl, code] of tries) {
      const error = await refusal(await configOf('db', { databaseUrl }));
      expect(speaks(error), databaseUrl.replace(/:[^:@]*@/, ':…@')).toBe(code);
      // a password is never repeated
      expect(JSON.stringify([error!.message, error!.params, error!.text('en')])).not.toContain('guess');
    }
    await postgres.stop();
  });

  it('with a ledger of another number, or none', async () => {
    const chain = await startEmbeddedChain({
      folder: path.join(root, 'ledger'),
      chainId: 7,
      log: () => undefined,
    });
    const other = await configOf('chain', { chainRpcUrl: chain.url, chainId: 8 });
    expect(speaks(await refusal(other))).toBe('CHAIN_ID_WRONG');
    await chain.stop();
    const nowhere = await configOf('chain', { chainRpcUrl: 'http://127.0.0.1:1' });
    expect(speaks(await refusal(nowhere))).toBe('CHAIN_UNAVAILABLE');
  });

  it('on data that belongs to a ledger of another number', async () => {
    const config = await configOf('renumbered');
    expect(await refusal(config)).toBeNull();
    expect(speaks(await refusal({ ...config, chainId: config.chainId + 1 }))).toBe('CHAIN_ID_WRONG');
    expect(await refusal(config)).toBeNull();
  });
});

const gone = (pids: readonly number[]) =>
  expect.poll(() => pids.filter(lives), { interval: 100 }).toEqual([]);

it('the doctor knows a house that is at home from another one at its port', () => {
  const port = new URL(first.url).port;
  const failures = (folder: string) => {
    const args = [LAUNCHER, 'doctor', '--json', '--data', path.join(root, folder), '--port', port];
    const env = { ...process.env, PUBLIC_URL: '' };
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
    return checks.filter(({ ok }) => !ok).map(({ name }) => name);
  };
  expect(failures('first')).toEqual([]);
  expect(failures('no-house')).toEqual(['port']);
});

describe('the command', () => {
  it('says why it did not start, and ends with 1', async () => {
    const taken = net.createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as net.AddressInfo;
    await expect(up({ folder: path.join(root, 'said'), port })).rejects.toThrow(
      /^ended with 1: \{"error":\{"code":"PORT_TAKEN","message":"Port \d+ is taken/,
    );
    await new Promise((resolve) => taken.close(resolve));
    const again = up({ folder: path.join(root, 'first'), port });
    await expect(again).rejects.toThrow(/^ended with 1: \{"error":\{"code":"DATA_FOLDER_IN_USE"/);
  });

  it('ends with 0 when it is asked to while it starts', async () => {
    const asked: NodeJS.Signals[] = [];
    const start = up({
      folder: path.join(root, 'early'),
      port: await freePort(),
      hear: (text, child) => {
        if (!text.includes('starting database') || asked.length > 0) return;
        asked.push('SIGINT');
        child.kill('SIGINT');
      },
    });
    await expect(start).rejects.toThrow(/^ended with 0: /);
    expect(asked).toEqual(['SIGINT']);
  });
});

describe('an end leaves nobody behind', () => {
  it('when it is asked for', async () => {
    const { child, url, pids, ended } = await upIn('asked');
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await gone(Object.values(pids));
  });

  it('when a terminal sends Ctrl-C to every part at once, and no part is called lost', async () => {
    let said = '';
    const { child, pids, ended } = await up({
      folder: path.join(root, 'terminal'),
      port: await freePort(),
      group: true,
      hear: (text) => {
        said += text;
      },
    });
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toBe(0);
    await gone(Object.values(pids));
    expect(said).not.toContain('lost');
  });

  it('when the launcher is killed', async () => {
    const { child, pids, ended } = await upIn('launcher');
    child.kill('SIGKILL');
    await ended;
    await gone(Object.values(pids));
  });

  it('when the server is killed: the next start takes over and goes on', async () => {
    const one = await upIn('killed');
    process.kill(one.pids.server, 'SIGKILL');
    await one.ended;
    const two = await upIn('killed');
    expect((await fetch(`${two.url}/readyz`)).status).toBe(200);
    await gone(Object.values(one.pids));
    two.child.kill('SIGTERM');
    expect(await two.ended).toBe(0);
    await gone(Object.values(two.pids));
  });
});
