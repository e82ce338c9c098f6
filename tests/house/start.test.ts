/** What can be wrong at a start, and what must be left behind by an end. */
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
import { freePort } from '../e2e/browser.ts';
import { up } from './up.ts';

const log = createLogger({ level: 'silent' });
let root: string;
let first: Awaited<ReturnType<typeof up>>;

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
  first = await up(path.join(root, 'first'));
});
afterAll(async () => {
  first?.child.kill('SIGTERM');
  await first?.ended;
  fs.rmSync(root, { recursive: true, force: true });
});

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
    expect((await fetch(`${first.ready.url}/readyz`)).status).toBe(200);
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

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // a child that nobody has waited for is no longer running
    return !/\) Z /.test(
      fs.existsSync(`/proc/${pid}/stat`) ? fs.readFileSync(`/proc/${pid}/stat`, 'utf8') : '',
    );
  } catch {
    return false;
  }
};
const gone = (pids: readonly number[]) =>
  expect.poll(() => pids.filter(lives), { timeout: 20_000, interval: 100 }).toEqual([]);

describe('an end leaves nobody behind', () => {
  it('when it is asked for', async () => {
    const { child, ready, ended } = await up(path.join(root, 'asked'));
    expect((await fetch(`${ready.url}/livez`)).status).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await gone(Object.values(ready.pids));
  });

  it('when the launcher is killed', async () => {
    const { child, ready, ended } = await up(path.join(root, 'launcher'));
    child.kill('SIGKILL');
    await ended;
    await gone(Object.values(ready.pids));
  });

  it('when the server is killed: the next start takes over and goes on', async () => {
    const folder = path.join(root, 'killed');
    const one = await up(folder);
    process.kill(one.ready.pids.server!, 'SIGKILL');
    await one.ended;
    const two = await up(folder);
    expect((await fetch(`${two.ready.url}/readyz`)).status).toBe(200);
    await gone(Object.values(one.ready.pids));
    two.child.kill('SIGTERM');
    expect(await two.ended).toBe(0);
    await gone(Object.values(two.ready.pids));
  });
});
