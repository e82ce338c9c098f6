/**
 * PostgreSQL 18 as a child process: made once, started, watched, restarted when it dies, stopped with us.
 * A server left over from a crash of ours is stopped cleanly before the new one starts.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import { findNative, type Programs, preparePrograms } from './binaries.ts';
import { nameFailure, nameWriteFailure } from './failure.ts';
import { readPidFile, stopLeftover } from './leftover.ts';
import { lockFolder } from './lock.ts';
import type { Log } from './log.ts';
import { openDataFolder, type Place, placeCluster } from './place.ts';
import { until } from './process.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** A free port of 127.0.0.1 by default. */
  readonly port?: number;
  readonly log: Log;
  /** More server settings, `name: value`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called when its process runs, though it answers nobody yet. */
  launched?(): void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** Of the server that runs now; changes when it was restarted. */
  readonly pid: () => number;
  /** How often the server had to be started again. */
  readonly restarts: () => number;
  /** Why a server that died does not start again; null while it runs. */
  readonly trouble: () => AppError | null;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  readonly stop: () => Promise<void>;
  /** Gives up watching: the server runs on after this process. The next start on the folder stops it. */
  readonly leave: () => void;
}

const USER = 'zhenmei';
const START_MS = 60_000;
const STOP_MS = 10_000;

/**
 * Starts the embedded database of a data folder. It listens on 127.0.0.1 only, asks for a random password (SCRAM)
 * kept in `postgres.password` (0600), and writes through to disk (fsync).
 * Throws DATA_FOLDER_*, DISK_FULL, PORT_TAKEN, DATABASE_PLATFORM_UNSUPPORTED, DATABASE_NEEDS_GLIBC, DATABASE_START_FAILED.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const native = findNative();
  const dataDir = openDataFolder(options.dataDir);
  const lock = await lockFolder(dataDir);
  try {
    const place = placeCluster(dataDir);
    const programs = await preparePrograms(native, join(place.home, 'program'), place.runAs !== null);
    await stopLeftover(place.cluster, options.log);
    const password = readPassword(dataDir);
    if (!existsSync(join(place.cluster, 'PG_VERSION'))) await initialise(programs, place, password);
    return await supervise(options, programs, place, password, () => lock.release());
  } catch (e) {
    lock.release();
    throw e;
  }
}

function readPassword(dataDir: string): string {
  const path = join(dataDir, 'postgres.password');
  const draft = `${path}.new`;
  try {
    // whole or not at all: half a password would lock the database for ever
    if (!existsSync(path)) {
      writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
      renameSync(draft, path);
    }
  } catch (cause) {
    rmSync(draft, { force: true });
    throw nameWriteFailure((cause as NodeJS.ErrnoException).code, path, cause);
  }
  return readFileSync(path, 'utf8').trim();
}

function childOptions(place: Place, stdio: SpawnOptions['stdio']): SpawnOptions {
  const as = place.runAs ? { uid: place.runAs.uid, gid: place.runAs.gid } : {};
  // Its own process group: Ctrl-C in the terminal reaches us, and we stop the database last.
  return {
    cwd: place.runAs ? '/' : place.home,
    stdio,
    detached: true,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    ...as,
  };
}

/** Makes the cluster beside its final place and moves it there whole, so that a crash leaves no half cluster. */
async function initialise(programs: Programs, place: Place, password: string): Promise<void> {
  const draft = join(place.home, 'cluster.new');
  const secret = join(place.home, 'password.new');
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(secret, password, { mode: 0o600 });
  if (place.runAs) {
    chownSync(place.home, place.runAs.uid, place.runAs.gid);
    chownSync(secret, place.runAs.uid, place.runAs.gid);
  }
  const ctype =
    process.platform === 'linux' ? 'C.UTF-8' : process.platform === 'darwin' ? 'en_US.UTF-8' : 'C';
  const args = [
    '-D', draft, '-U', USER, '--pwfile', secret, '-A', 'scram-sha-256', '-E', 'UTF8', '-k',
    '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--lc-collate=C', `--lc-ctype=${ctype}`, '--lc-messages=C',
    '--lc-monetary=C', '--lc-numeric=C', '--lc-time=C', '--no-instructions',
  ]; // biome-ignore format: one line of flags each
  try {
    const child = spawn(programs.initdb, args, childOptions(place, ['ignore', 'pipe', 'pipe']));
    const output = tail(child);
    const code = await exitOf(child, output);
    if (code !== 0) throw nameFailure(output.text, place.home, 0);
    renameSync(draft, place.cluster);
  } finally {
    rmSync(secret, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Keeps the last 4 kB that a child printed. */
function tail(child: ChildProcess, onLine?: (line: string) => void): { text: string } {
  const kept = { text: '' };
  const take = (chunk: Buffer): void => {
    kept.text = (kept.text + String(chunk)).slice(-4_096);
    if (onLine) for (const line of String(chunk).split('\n')) if (line.trim()) onLine(line.trim());
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return kept;
}

async function exitOf(child: ChildProcess, output: { text: string }): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (e) => {
      output.text += `\n${e.message}`;
      resolve(-1);
    });
    child.once('close', (code) => resolve(code ?? -1));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function launch(
  options: EmbeddedOptions,
  programs: Programs,
  place: Place,
  port: number,
): Promise<ChildProcess> {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: '100',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    logging_collector: 'off',
    // Messages about statements may carry values of people; only the life of the server is logged.
    log_min_messages: 'fatal',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_statement: 'none',
    log_min_error_statement: 'panic',
    ...options.settings,
  };
  const args = ['-D', place.cluster, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
  const child = spawn(programs.postgres, args, childOptions(place, ['ignore', 'ignore', 'pipe']));
  options.launched?.();
  const output = tail(child, (line) => options.log.info({ postgres: line }, 'database'));
  let exited = false;
  const exit = exitOf(child, output).then(() => {
    exited = true;
  });
  const ready = (): boolean => {
    const file = readPidFile(place.cluster);
    return file?.pid === child.pid && file?.ready === true;
  };
  const up = await until(() => exited || ready(), START_MS);
  if (up && !exited) return child;
  if (!exited) child.kill('SIGKILL');
  await exit;
  throw nameFailure(output.text, place.home, port);
}

async function supervise(
  options: EmbeddedOptions,
  programs: Programs,
  place: Place,
  password: string,
  release: () => void,
): Promise<EmbeddedPostgres> {
  let port = options.port ?? (await freePort());
  let child = await launch(options, programs, place, port).catch(async (e: unknown) => {
    if (options.port !== undefined || !(e instanceof AppError && e.code === 'PORT_TAKEN')) throw e;
    port = await freePort();
    return launch(options, programs, place, port);
  });
  let stopping = false;
  let restarts = 0;
  let trouble: AppError | null = null;
  let reviving: Promise<void> = Promise.resolve();

  const watch = (watched: ChildProcess): void => {
    const revive = (): void => {
      if (!stopping) reviving = restart();
    };
    if (watched.exitCode !== null || watched.signalCode !== null) revive();
    else watched.once('exit', revive);
  };
  const restart = async (): Promise<void> => {
    for (let wait = 50; !stopping; wait = Math.min(wait * 2, 5_000)) {
      options.log.warn({ restarts }, 'the database server died; starting it again');
      try {
        child = await launch(options, programs, place, port);
        restarts++;
        trouble = null;
        watch(child);
        return;
      } catch (e) {
        trouble = e instanceof AppError ? e : null;
        options.log.warn({ reason: (e as Error).message }, 'the database server did not start');
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    await reviving;
    const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (gone()) break;
      child.kill(signal);
      await until(gone, STOP_MS);
    }
    release();
  };
  watch(child);
  const url = `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  let stopped: Promise<void> | undefined;
  return {
    url,
    port,
    pid: () => child.pid!,
    restarts: () => restarts,
    trouble: () => trouble,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    leave: () => {
      stopping = true;
      child.unref();
      (child.stderr as Socket | null)?.unref();
      release();
    },
  };
}
