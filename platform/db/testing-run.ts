/** Set-up and tear-down of a whole test run: a folder for the shared server, removed at the end with what runs in it. */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopServerOf } from './embedded/leftover.ts';
import { isAlive } from './embedded/process.ts';
import { RUN_FOLDER } from './testing.ts';

const PREFIX = 'zhenmei-run-';
const SILENT = { info: () => undefined, warn: () => undefined };

/** For vitest's `globalSetup`: returns the tear-down. Sweeps up after runs that were killed. */
export default async function setup(): Promise<() => Promise<void>> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await remove(join(tmpdir(), name));
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711);
  // biome-ignore lint/style/noProcessEnv: the workers of the run inherit it
  process.env[RUN_FOLDER] = folder;
  return () => remove(folder);
}

async function remove(folder: string): Promise<void> {
  await stopServerOf(join(folder, 'data'), SILENT);
  rmSync(folder, { recursive: true, force: true });
}
