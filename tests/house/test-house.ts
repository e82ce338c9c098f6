/** A house with the demo world for a test, in a folder that is removed afterwards. */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ensureWeb, WEB_DIST } from '@zhenmei/cli/web-build.ts';
import type { Api } from '@zhenmei/client/api.ts';
import { RUN_FOLDER } from '@zhenmei/db/testing.ts';
import { type House, startHouse } from '@zhenmei/server';
import { openClock } from '@zhenmei/server/compose/clock.ts';
import { readConfig } from '@zhenmei/server/config.ts';
import { seedWorld } from '@zhenmei/server/demo/seed.ts';
import { createLogger, type Log } from '@zhenmei/telemetry';

/** What the house of a test had to say, for whoever looks for a fault: ZM_TEST_LOG=file. */
const silent = createLogger({
  level: process.env.ZM_TEST_LOG ? 'debug' : 'silent',
  destination: { write: (line) => fs.appendFileSync(process.env.ZM_TEST_LOG!, line) },
});

export interface TestHouse {
  readonly url: string;
  readonly house: House;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** The code of a refusal, or "done" if there was none. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** The same API, but `hear` sees each call first; what it answers is the answer. */
export function heard(api: Api, hear: (route: unknown, given: { body?: unknown }) => unknown): Api {
  const call = async (route: never, given: never) =>
    (await hear(route, given ?? {})) ?? api.call(route, given);
  return Object.assign(Object.create(api) as Api, { call });
}

export async function freePort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as net.AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}

/**
 * The world of a worker of a test run is made once and copied for each house that asks: the data folder may be moved. Its
 * credentials and its log name the address they were made under, so a copy stands at the same port; where that is
 * taken, by a second house of one test, a world is made for it.
 * @param at milliseconds since the epoch at which the house begins, on whatever day the test is run; its world is made
 *   then. Without it the house has the machine's time.
 */
export async function openTestHouse(log: Log = silent, at: number | null = null): Promise<TestHouse> {
  await ensureWeb();
  const made = at === null ? await worldOfRun() : null;
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-house-'));
  if (at !== null) openClock(dataDir).advance(at - Date.now());
  if (made) copyFolder(made.folder, dataDir);
  const port = made?.port ?? (await freePort());
  const house = await start(dataDir, port, log);
  if (!made) await seed(house, dataDir);
  return {
    url: house.deps.config.publicUrl,
    house,
    dataDir,
    async close() {
      await house.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const start = (dataDir: string, port: number, log: Log): Promise<House> =>
  startHouse({
    config: { ...readConfig({ PORT: String(port) }), dataDir, publicUrl: `http://localhost:${port}` },
    webDir: WEB_DIST,
    log,
  });

const seed = (house: House, dataDir: string): Promise<boolean> =>
  seedWorld({
    http: house.http,
    origin: house.deps.config.publicUrl,
    operatorToken: house.operatorToken,
    dataDir,
    now: () => house.deps.clock.now(),
  });

interface World {
  readonly folder: string;
  readonly port: number;
}

/** Null outside a test run, and where its port is taken. */
async function worldOfRun(): Promise<World | null> {
  const run = process.env[RUN_FOLDER];
  if (!run) return null;
  // workers that run at the same time have a world each, at a port each
  const worker = process.env.VITEST_POOL_ID ?? '1';
  const place = path.join(run, `world-${worker}.json`);
  if (!fs.existsSync(place)) {
    const folder = path.join(run, `world-${worker}`);
    fs.rmSync(folder, { recursive: true, force: true });
    const port = await freePort();
    const house = await start(folder, port, silent);
    await seed(house, folder);
    await house.close();
    fs.writeFileSync(place, JSON.stringify({ folder, port }));
  }
  const world = JSON.parse(fs.readFileSync(place, 'utf8')) as World;
  const free = await freePort(world.port).then(
    () => true,
    () => false,
  );
  return free ? world : null;
}

/** With owners and modes: the database's files belong to its own user. */
function copyFolder(from: string, to: string): void {
  if (process.platform === 'win32') fs.cpSync(from, to, { recursive: true, preserveTimestamps: true });
  else execFileSync('cp', ['-a', `${from}/.`, to]);
}
