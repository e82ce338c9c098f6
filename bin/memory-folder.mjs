/** Where tests may write without a disk: they make hundreds of databases, ledgers and browsers, and keep none. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = 8 * 2 ** 30;
/** Runs of tests hold a folder with their process in its name; what a killed run left in one is ended by the next run. */
const RUN = /^zhenmei-run-(\d+)-/;

/**
 * A folder of this user's in memory, without what runs that were killed left in it; null where there is none, too little
 * room, or somebody said where to write.
 * @param root a file system in memory
 * @param name of the folder in it
 * @param needed bytes that must be free
 * @param mounts what is mounted where, as the kernel lists it
 */
export function memoryFolder({
  root = '/dev/shm',
  name,
  needed = NEEDED,
  env = process.env,
  mounts = '/proc/self/mounts',
} = {}) {
  if (process.platform !== 'linux' || env.TMPDIR) return null;
  try {
    const us = process.getuid();
    if (!mayRun(root, readFileSync(mounts, 'utf8'))) return null;
    const { bavail, bsize } = statfsSync(root);
    if (bavail * bsize < needed) return null;
    const folder = join(root, name ?? `zhenmei-tests-${us}`);
    mkdirSync(folder, { recursive: true });
    const facts = lstatSync(folder);
    if (!facts.isDirectory() || facts.uid !== us) return null;
    // the database's own user passes through
    chmodSync(folder, 0o711);
    sweep(folder);
    return folder;
  } catch {
    return null;
  }
}

/** Whether programs may be run from there; some systems forbid it. */
function mayRun(root, mounts) {
  const mount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, place]) => place === root);
  return mount !== undefined && !mount[3].split(',').includes('noexec');
}

function sweep(folder) {
  const names = readdirSync(folder);
  if (names.some((name) => isAlive(Number(RUN.exec(name)?.[1])))) return;
  for (const name of names) if (!RUN.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
