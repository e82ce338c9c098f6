/** Starts the house for a command: configuration, progress line, built web app, demo world. */
import { parseArgs } from 'node:util';
import { type House, startHouse } from '@zhenmei/server';
import { readConfig, type ServerConfig } from '@zhenmei/server/config.ts';
import { isNew, isUnfinished, markBegun, putAside } from '@zhenmei/server/demo/unfinished.ts';
import { createLogger, type Log, lateLog, type Shutdown } from '@zhenmei/telemetry';
import type { Io } from './command.ts';
import { terminalLanguage } from './language.ts';
import { ensureWeb, WEB_DIST } from './web-build.ts';

const STEPS: Record<string, { zh: string; en: string }> = {
  web: { zh: '构建网页', en: 'building the web app' },
  engines: { zh: '启动数据库与账本', en: 'starting database and ledger' },
  contracts: { zh: '部署合同', en: 'deploying contracts' },
  modules: { zh: '装配模块', en: 'composing modules' },
  again: {
    zh: '上次没有准备完的演示世界已移到数据文件夹里的 unfinished-…，重新准备',
    en: 'the demo world that was not finished last time was moved to unfinished-… in the data folder; it is made anew',
  },
  organisations: { zh: '演示世界：机构加入', en: 'demo world: organisations join' },
  licences: { zh: '演示世界：签发执照', en: 'demo world: licences' },
  products: { zh: '演示世界：产品与流转', en: 'demo world: products and their way' },
  services: { zh: '演示世界：项目与时间', en: 'demo world: services and times' },
};

export interface HouseOptions {
  readonly config: ServerConfig;
  readonly io: Io;
  readonly quiet?: boolean;
  readonly seed?: boolean;
  /** Build the web app first if it is stale. */
  readonly web?: boolean;
  readonly log?: Log;
  readonly shutdown?: Shutdown;
}

/** JSON lines on standard error, without what the contracts mark as private; these are read when there is something to say. */
export function houseLog(config: ServerConfig, io: Io): Log {
  return lateLog(() =>
    import('@zhenmei/server/compose/contracts.ts').then(({ contractSchemas }) =>
      createLogger({
        level: config.logLevel,
        schemas: contractSchemas(),
        destination: { write: (line) => io.stderr(line) },
      }),
    ),
  );
}

/** @param json whether `--json` is followed by a file */
export function houseConfig(
  args: string[],
  json: 'alone' | 'with a file' = 'alone',
): {
  config: ServerConfig;
  values: Record<string, string | boolean | undefined>;
} {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      json: { type: json === 'alone' ? 'boolean' : 'string' },
      'no-demo': { type: 'boolean' },
      keep: { type: 'boolean' },
      'coin-public': { type: 'string' },
      'coin-partner': { type: 'string' },
      'coin-network': { type: 'string' },
    },
  });
  const text = (v: unknown) => (typeof v === 'string' ? v : undefined);
  const config = readConfig({
    ...(text(values.data) ? { ZHENMEI_DATA: text(values.data)! } : {}),
    ...(text(values.port) ? { PORT: text(values.port)! } : {}),
    ...(values['no-demo'] ? { DEMO: 'off' } : {}),
    ...(text(values['coin-public']) ? { COIN_PUBLIC: text(values['coin-public'])! } : {}),
    ...(text(values['coin-partner']) ? { COIN_PARTNER: text(values['coin-partner'])! } : {}),
    ...(text(values['coin-network']) ? { COIN_NETWORK: text(values['coin-network'])! } : {}),
  });
  return { config, values };
}

export async function openHouse({
  config,
  io,
  quiet,
  seed = true,
  web = false,
  log = houseLog(config, io),
  shutdown,
}: HouseOptions): Promise<House> {
  const lang = terminalLanguage() === 'en' ? 'en' : 'zh';
  const progress = (step: string) => {
    if (!quiet) io.stderr(`  · ${STEPS[step]?.[lang] ?? step}\n`);
  };
  const leaving = new AbortController();
  shutdown?.add('web', () => leaving.abort());
  // it is built beside the engines' start, and waited for before the first page is shown
  const webDir = web
    ? ensureWeb(() => progress('web'), leaving.signal).then(() => WEB_DIST)
    : Promise.resolve(WEB_DIST);
  webDir.catch(() => undefined);
  if (seed && config.demo && isUnfinished(config.dataDir)) {
    // what still runs in the folder is taken over and stopped, or this start is refused
    await (await startHouse({ config, progress, log })).close();
    putAside(config, Date.now());
    progress('again');
  }
  const alone = isNew(config.dataDir);
  const house = await startHouse({
    config,
    webDir,
    progress,
    log,
    ...(shutdown ? { shutdown } : {}),
  }).catch((error: unknown) => {
    leaving.abort();
    throw error;
  });
  if (seed && config.demo)
    try {
      const [{ carryOver }, { seedWorld }] = await Promise.all([
        import('@zhenmei/server/demo/carry-over.ts'),
        import('@zhenmei/server/demo/seed.ts'),
      ]);
      await carryOver(house.deps, house.modules);
      await seedWorld({
        begin: () => markBegun(config.dataDir, alone),
        http: house.http,
        origin: new URL(config.publicUrl).origin,
        operatorToken: house.operatorToken,
        dataDir: config.dataDir,
        now: () => house.deps.clock.now(),
        progress,
      });
    } catch (error) {
      await house.close();
      throw error;
    }
  return house;
}
