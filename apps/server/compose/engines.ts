/** Database, chain and blobs: embedded beside us, or somewhere else by address. Same code afterwards. */
import path from 'node:path';
import { type BlobStore, openBlobStore } from '@zhenmei/blobs';
import { type ChainReader, connectChain, type EmbeddedChain, startEmbeddedChain } from '@zhenmei/chain';
import {
  createDatabase,
  createListener,
  type Database,
  type EmbeddedPostgres,
  type Listener,
  migrate,
  startEmbeddedPostgres,
} from '@zhenmei/db';
import type { Log, Shutdown } from '@zhenmei/telemetry';
import type { ServerConfig } from '../config.ts';
import type { HouseClock } from './clock.ts';

export interface Engines {
  readonly database: Database;
  /** Hears what other processes on the same database say. */
  readonly listener: Listener;
  readonly chain: ChainReader;
  readonly blobs: BlobStore;
  /** null when the chain is somebody else's. */
  readonly embedded: EmbeddedChain | null;
  readonly pids: () => Record<string, number | undefined>;
  /** True while the embedded database is away because its disk is full. */
  readonly databaseFull: () => boolean;
}

const folder = (name: string) => new URL(`../../../${name}/`, import.meta.url);

/** Numbered migrations of every module, in the order they are applied; by folder, so that engines start before modules are read. */
export const MIGRATIONS = [
  ...['http', 'jobs', 'chain'].map((module) => ({ module, dir: folder(`platform/${module}/migrations`) })),
  ...['tlog', 'identity', 'vault', 'provenance', 'care', 'money'].map((module) => ({
    module,
    dir: folder(`modules/${module}/adapters/migrations`),
  })),
];

/** @param launched called when their processes run and are waited for: there is time for something else */
export async function startEngines(
  config: ServerConfig,
  clock: HouseClock,
  log: Log,
  shutdown: Shutdown,
  launched: () => void,
): Promise<Engines> {
  const startDatabase = async () => {
    let url = config.databaseUrl;
    let postgres: EmbeddedPostgres | undefined;
    if (!url) {
      const started = await startEmbeddedPostgres({
        dataDir: path.join(config.dataDir, 'postgres'),
        log: log.child({ part: 'postgres' }),
        launched,
      });
      shutdown.add('postgres', () => started.stop());
      url = started.url;
      postgres = started;
    } else launched();
    const database = await createDatabase(url, {
      name: 'zhenmei',
      onConnectionLost: (reason) => log.debug({ reason }, 'a database connection was lost'),
    });
    shutdown.add('database', () => database.close());
    await migrate(database.db, MIGRATIONS);
    const listener = createListener(url, log.child({ part: 'listener' }));
    shutdown.add('listener', () => listener.close());
    return { postgres, database, listener };
  };
  const startChain = async () => {
    if (config.chainRpcUrl) return null;
    const started = await startEmbeddedChain({
      folder: path.join(config.dataDir, 'chain'),
      chainId: config.chainId,
      clockOffset: Math.floor(clock.offset() / 1000),
      log: (message, detail) => log.warn(detail ?? {}, message),
    });
    shutdown.add('chain', () => started.stop());
    return started;
  };
  // the chain takes longest
  const starting = startChain();
  const [{ postgres, database, listener }, embedded] = await bothOf(startDatabase(), starting);
  const chain = await connectChain({ url: embedded?.url ?? config.chainRpcUrl!, chainId: config.chainId });
  const blobs = await openBlobStore(config.blobUrl ?? `file:${path.join(config.dataDir, 'blobs')}`);
  return {
    database,
    listener,
    chain,
    blobs,
    embedded,
    pids: () => ({
      postgres: postgres?.pid(),
      sequencer: embedded?.pids.sequencer,
      engine: embedded?.pids.engine,
    }),
    databaseFull: () => postgres?.trouble()?.code === 'DISK_FULL',
  };
}

/** Waits for both also if one fails: what the other has started must be known to whoever stops it. */
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}
