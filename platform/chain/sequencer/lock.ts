/** One process per ledger folder. The lock names its holder; it is taken over when that process is gone. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';

/** Throws CHAIN_FOLDER_IN_USE while another living process holds it. @returns the release function */
export function lockFolder(folder: string): () => void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'lock');
  const draft = `${file}.${process.pid}.${Math.trunc(performance.now() * 1000)}`;
  const mine = `${process.pid} ${startOf(process.pid)}`;
  fs.writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; !linked(draft, file); attempt++) {
      const text = read(file);
      if (text === null) continue;
      const pid = Number(text.split(' ')[0]);
      if (attempt > 20 || `${pid} ${startOf(pid)}` === text)
        throw new AppError('CHAIN_FOLDER_IN_USE', { pid, folder });
      evict(file, text, `${draft}.old`);
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return () => {
    if (read(file) === mine) fs.rmSync(file, { force: true });
  };
}

/** A hard link appears whole or not at all, and never over another file. */
function linked(draft: string, file: string): boolean {
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes an abandoned lock away; if somebody else was quicker and it is theirs now, gives it back. */
function evict(file: string, expected: string, aside: string): void {
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) === expected) fs.rmSync(aside, { force: true });
  else fs.renameSync(aside, file);
}

function read(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A text that differs when a pid is used again by a later process; `gone` for a dead or defunct one. */
function startOf(pid: number): string {
  if (!(pid > 0)) return 'gone';
  try {
    if (process.platform === 'linux') {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : fields[19]!;
    }
    if (process.platform !== 'win32')
      return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : 'gone';
  }
}
