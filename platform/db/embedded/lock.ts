/**
 * One process per data folder. The lock is a file that names its holder; it counts as abandoned when that process
 * is gone (same machine) or has stopped touching the file (another machine or container on a shared volume).
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';
import { nameWriteFailure } from './failure.ts';
import { startOf, until } from './process.ts';

const HEARTBEAT_MS = 2_000;

interface Holder {
  readonly pid: number;
  readonly start: string;
  readonly host: string;
}

export interface FolderLock {
  release(): void;
}

/** Throws DATA_FOLDER_IN_USE, DATA_FOLDER_NOT_WRITABLE, DISK_FULL. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'zhenmei.lock');
  const mine = JSON.stringify({
    pid: process.pid,
    start: startOf(process.pid) ?? '',
    host: hostname(),
  } satisfies Holder);
  for (let attempt = 0; ; attempt++) {
    if (claim(path, mine)) break;
    const text = readLock(path);
    if (text === null) continue;
    const holder = parse(text);
    if (attempt > 20 || (holder && (await holds(holder, path))))
      throw new AppError('DATA_FOLDER_IN_USE', { path: folder, pid: holder?.pid ?? 0 });
    evict(path, text);
  }
  const beat = setInterval(() => touch(path), HEARTBEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (readLock(path) === mine) rmSync(path, { force: true });
    },
  };
}

function claim(path: string, mine: string): boolean {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, mine, { mode: 0o644 });
    linkSync(draft, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw nameWriteFailure(code, path, cause);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes an abandoned lock away; if somebody else was quicker and it is theirs now, gives it back. */
function evict(path: string, expected: string): void {
  const aside = `${path}.old.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw e;
  }
  if (readLock(aside) === expected) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function parse(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.host === 'string' ? (value as Holder) : null;
  } catch {
    return null;
  }
}

async function holds(holder: Holder, path: string): Promise<boolean> {
  if (holder.host === hostname()) return startOf(holder.pid) === holder.start;
  const seen = modified(path);
  return until(() => modified(path) !== seen, 3 * HEARTBEAT_MS);
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
  }
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw e;
  }
}
