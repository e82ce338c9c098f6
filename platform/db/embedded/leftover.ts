/** A server that outlived the process that started it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from './log.ts';
import { placeCluster } from './place.ts';
import { isPostmasterOf, until } from './process.ts';

const STOP_MS = 10_000;

export interface PidFile {
  readonly pid: number;
  readonly ready: boolean;
}

/** What the server itself wrote down: its pid on line 1, its state on line 8. */
export function readPidFile(cluster: string): PidFile | null {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').split('\n');
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}

/** Stops a server that still runs on this cluster, and clears the pid file of one that does not. */
export async function stopLeftover(cluster: string, log: Log): Promise<void> {
  const left = readPidFile(cluster);
  if (!left || !(left.pid > 0)) return;
  const gone = (): boolean => !isPostmasterOf(left.pid, cluster);
  if (gone()) {
    // The pid may since belong to somebody else; PostgreSQL would then refuse to start.
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  log.warn({ pid: left.pid }, 'a database server was left running; stopping it');
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    process.kill(left.pid, signal);
    if (await until(gone, STOP_MS)) return;
  }
}

/** Stops whatever server runs on a data folder that nobody holds any more. */
export async function stopServerOf(dataDir: string, log: Log): Promise<void> {
  if (existsSync(join(dataDir, 'postgres', 'cluster')))
    await stopLeftover(placeCluster(dataDir).cluster, log);
}
