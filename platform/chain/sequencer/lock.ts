/** One process per ledger folder. A lock left by a dead process is taken over. */
import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';

/** Throws CHAIN_FOLDER_IN_USE while another living process holds it. @returns the release function */
export function lockFolder(folder: string): () => void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'lock');
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(fs.readFileSync(file, 'utf8'));
      if (pid && pid !== process.pid && alive(pid))
        throw new AppError('CHAIN_FOLDER_IN_USE', { pid, folder });
      fs.rmSync(file, { force: true });
    }
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
