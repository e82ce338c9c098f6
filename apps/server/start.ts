/** Starts the house: engines first, and while they come up, everything that is composed upon them is read. */
import fs from 'node:fs';
import { AppError } from '@zhenmei/kernel';
import { createShutdown } from '@zhenmei/telemetry';
import { openClock } from './compose/clock.ts';
import { startEngines } from './compose/engines.ts';
import { openSecrets } from './compose/secrets.ts';
import type { House, StartOptions } from './server.ts';

export type { House, StartOptions } from './server.ts';

/** Throws the engines' named errors; whatever had started is closed again. */
export async function startHouse(options: StartOptions): Promise<House> {
  const { config, log, progress } = options;
  const shutdown = options.shutdown ?? createShutdown({ log, exit: () => undefined });
  try {
    makeFolder(config.dataDir);
    const clock = openClock(config.dataDir);
    const secrets = openSecrets(config.dataDir);
    progress?.('engines');
    // reading it keeps this process busy, so the engines' processes are launched first
    const read = () => import('./server.ts');
    const engines = await startEngines(
      config,
      clock,
      log,
      shutdown,
      () => void read().catch(() => undefined),
    );
    const { composeHouse } = await read();
    return await composeHouse(options, { engines, clock, secrets, shutdown });
  } catch (error) {
    await shutdown.close('the start failed');
    throw isFull(error) ? new AppError('DISK_FULL', { path: config.dataDir }, { cause: error }) : error;
  }
}

function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (cause) {
    throw isFull(cause) ? cause : new AppError('DATA_FOLDER_NOT_WRITABLE', { path: folder }, { cause });
  }
}

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');
