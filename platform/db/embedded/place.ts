/** Where the cluster of a data folder lives, so that the user who runs the database can reach it. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import { openToAll } from './binaries.ts';
import { nameFailure } from './failure.ts';
import { currentUser, type RunAs, unprivilegedUser } from './user.ts';

export interface Place {
  /** Folder that holds `cluster` and, if needed, a copy of the programs. */
  readonly home: string;
  readonly cluster: string;
  readonly user: string;
  readonly runAs: RunAs | null;
}

/** Used when we are root and the data folder lies where only root may go, such as `/root`. */
const FALLBACK = '/var/lib/zhenmei';

/** Creates the data folder. Throws DATA_FOLDER_NOT_WRITABLE, DISK_FULL. */
export function openDataFolder(dataDir: string): string {
  try {
    const root = process.getuid?.() === 0;
    mkdirSync(dataDir, { recursive: true, mode: root ? 0o711 : 0o700 });
    return realpathSync(dataDir);
  } catch (e) {
    const { code = '' } = e as NodeJS.ErrnoException;
    const plain = code === 'ENOTDIR' || code === 'EEXIST' ? 'EACCES' : code;
    throw nameFailure(plain, dataDir, 0);
  }
}

/** Throws DATA_FOLDER_UNREACHABLE. The folder must be locked by the caller. */
export function placeCluster(dataDir: string, fallback = FALLBACK): Place {
  const home = join(dataDir, 'postgres');
  const owner = statSync(join(home, 'cluster'), { throwIfNoEntry: false })?.uid ?? null;
  const runAs = unprivilegedUser(owner);
  if (runAs && !openToAll(dataDir)) relocate(home, dataDir, runAs, fallback);
  else if (!existsSync(home)) mkdirSync(home, { mode: runAs ? 0o711 : 0o700 });
  const real = realpathSync(home);
  return { home: real, cluster: join(real, 'cluster'), user: runAs?.name ?? currentUser(), runAs };
}

/** `postgres` becomes a link to a folder of its own under the fallback; the link keeps the two together. */
function relocate(home: string, dataDir: string, runAs: RunAs, fallback: string): void {
  const known = lstatSync(home, { throwIfNoEntry: false });
  if (known?.isSymbolicLink() && existsSync(home)) return;
  try {
    if (known?.isSymbolicLink()) mkdirSync(readlinkSync(home), { recursive: true, mode: 0o711 });
    else if (known) throw new Error('the cluster lies in a folder that has since been closed');
    else {
      const target = join(fallback, randomBytes(8).toString('hex'));
      mkdirSync(target, { recursive: true, mode: 0o711 });
      chmodSync(fallback, 0o711);
      if (!openToAll(target)) {
        rmSync(target, { recursive: true });
        throw new Error('closed to others');
      }
      symlinkSync(target, home);
    }
  } catch (cause) {
    throw new AppError('DATA_FOLDER_UNREACHABLE', { path: dataDir, user: runAs.name, fallback }, { cause });
  }
}
