/**
 * A demo world whose making was broken off. Its keys were only in the memory of whoever made it, so it cannot be gone on
 * with: a folder that was new then is put aside whole, and a world is made anew. Nothing is deleted.
 */
import fs from 'node:fs';
import path from 'node:path';
import { AppError, defineErrors } from '@zhenmei/kernel';
import type { ServerConfig } from '../config.ts';
import { readActors } from './actors.ts';

defineErrors({
  DEMO_UNFINISHED: {
    status: 500,
    retryable: false,
    zh: '演示世界上次没有准备完，而这里不是一个只有演示数据的文件夹：{path}。请用 --no-demo 启动，或用 --data 换一个文件夹。',
    en: 'The demo world was not finished last time, and this is not a folder with demo data alone: {path}. Start with --no-demo, or choose another folder with --data.',
  },
});

const ASIDE = /^unfinished-/;
const mark = (dataDir: string): string => path.join(dataDir, 'demo', 'begun.json');

/** Whether nothing was ever started in this folder; to be asked before anything is. */
export const isNew = (dataDir: string): boolean => !fs.existsSync(path.join(dataDir, 'secrets.json'));

/** To be called before the first actor is made. @param alone nothing but the demo is in this folder */
export function markBegun(dataDir: string, alone: boolean): void {
  fs.mkdirSync(path.dirname(mark(dataDir)), { recursive: true, mode: 0o700 });
  fs.writeFileSync(mark(dataDir), JSON.stringify({ alone }), { mode: 0o600 });
}

export function isUnfinished(dataDir: string): boolean {
  return fs.existsSync(mark(dataDir)) && !readActors(dataDir)?.ready;
}

/**
 * Moves all there is into a folder of its own below it. Nothing may be running in it.
 * @param at milliseconds since the epoch. @returns that folder. Throws DEMO_UNFINISHED
 */
export function putAside({ dataDir, databaseUrl, chainRpcUrl, blobUrl }: ServerConfig, at: number): string {
  const { alone } = JSON.parse(fs.readFileSync(mark(dataDir), 'utf8')) as { alone: boolean };
  if (!alone || databaseUrl || chainRpcUrl || blobUrl)
    throw new AppError('DEMO_UNFINISHED', { path: dataDir });
  const aside = path.join(dataDir, `unfinished-${new Date(at).toISOString().replaceAll(/[:.]/g, '')}`);
  fs.mkdirSync(aside, { mode: 0o700 });
  // the mark goes last: broken off in between, the next start does the rest
  const names = fs.readdirSync(dataDir).filter((name) => !ASIDE.test(name) && name !== 'demo');
  for (const name of [...names, 'demo']) fs.renameSync(path.join(dataDir, name), path.join(aside, name));
  return aside;
}
