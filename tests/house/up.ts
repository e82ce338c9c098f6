/** An empty house in a process of its own, started by the launcher. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../e2e/browser.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/zhenmei.mjs', import.meta.url));

interface Ready {
  readonly url: string;
  readonly pids: Record<string, number>;
}

export async function up(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: ChildProcess; ready: Ready; ended: Promise<number | null> }> {
  const child = spawn(
    process.execPath,
    [LAUNCHER, 'up', '--json', '--no-demo', '--data', folder, '--port', String(await freePort())],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PUBLIC_URL: '', LANG: 'en', ...env } },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = await new Promise<Ready>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += String(chunk);
      const line = /^\{.*\}$/m.exec(text);
      if (line) resolve(JSON.parse(line[0]) as Ready);
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
  return { child, ready, ended };
}
