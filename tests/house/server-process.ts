/** The house as users run it: a process of its own with three more under it, which tests stop and kill. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = fileURLToPath(new URL('../../bin/zhenmei.mjs', import.meta.url));

export type Part = 'server' | 'postgres' | 'sequencer' | 'engine';

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** As they were when it was ready; a part that died has another one since. */
  readonly pids: Readonly<Record<Part, number>>;
  /** Exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface UpOptions {
  readonly folder: string;
  readonly port: number;
  readonly demo?: boolean;
  readonly lang?: 'en' | 'zh_CN.UTF-8';
  readonly env?: Readonly<Record<string, string>>;
  /** No file may grow beyond this many blocks: to a program this is a full disk. */
  readonly fileBlocks?: number;
  /** As a terminal runs it: in a process group of its own, which a Ctrl-C reaches as a whole. */
  readonly group?: boolean;
  /** Hears what the house says on standard error. */
  readonly hear?: (text: string, child: ChildProcess) => void;
}

/** Resolves when the house is ready; rejects with what it said if it ends before. */
export async function up(options: UpOptions): Promise<ServerProcess> {
  const { folder, port, demo = false, lang = 'en', env, fileBlocks, hear, group = false } = options;
  const args = ['up', '--json', ...(demo ? [] : ['--no-demo']), '--data', folder, '--port', String(port)];
  const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks}; `;
  const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, LAUNCHER, ...args], {
    stdio: ['ignore', 'pipe', hear ? 'pipe' : 'inherit'],
    detached: group,
    env: { ...process.env, PUBLIC_URL: '', LANG: lang, ...env },
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-4_000);
    hear?.(String(chunk), child);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = await new Promise<Pick<ServerProcess, 'url' | 'pids'>>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += String(chunk);
      const line = /^\{"url".*\}$/m.exec(text);
      if (line) resolve(JSON.parse(line[0]) as ServerProcess);
    });
    // at its exit it may have said what nobody has read yet
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${text}${said}`)));
  });
  return { child, ...ready, ended };
}

/** False for a process that is gone, also for one that nobody has waited for. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !fs.existsSync(`/proc/${pid}/stat`) || stateOf(pid) !== 'Z';
  } catch {
    return false;
  }
}

const fieldsOf = (pid: number | string): string[] => {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};
const stateOf = (pid: number): string => fieldsOf(pid)[0]!;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): Process[] {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => {
        const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
        return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3]! }] : [];
      });
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(fieldsOf(name)[1]), command }];
      } catch {
        // it ended while we looked
        return [];
      }
    });
}

const SIGNS: Record<Exclude<Part, 'server'>, RegExp> = {
  postgres: /\/postgres(\.exe)? -D /,
  sequencer: /sequencer\.ts /,
  engine: /\banvil(\.exe)? --/,
};

/** Process id of a part as it runs now under a server; undefined while there is none. */
export function pidOf(server: number, part: Part): number | undefined {
  if (part === 'server') return lives(server) ? server : undefined;
  const all = processes();
  const under = (parent: number, sign: RegExp): number | undefined =>
    all.find((one) => one.parent === parent && sign.test(one.command))?.pid;
  if (part !== 'engine') return under(server, SIGNS[part]);
  const sequencer = under(server, SIGNS.sequencer);
  return sequencer === undefined ? undefined : under(sequencer, SIGNS.engine);
}

/** A process and all under it, parents first. */
export function family(pid: number): number[] {
  const all = processes();
  const under = (parent: number): number[] => [
    parent,
    ...all.filter((one) => one.parent === parent).flatMap((one) => under(one.pid)),
  ];
  return under(pid);
}

/** Lets no file of these processes grow (`0`), or lets them again; each is told by its own user. Linux. */
export function limitFiles(pids: readonly number[], bytes: 0 | 'unlimited'): void {
  for (const pid of pids) {
    const { uid, gid } = fs.statSync(`/proc/${pid}`, { throwIfNoEntry: false }) ?? {};
    if (uid === undefined || gid === undefined) continue;
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], {
      encoding: 'utf8',
      ...(process.getuid?.() === uid ? {} : { uid, gid }),
    });
    if (status !== 0 && lives(pid)) throw new Error(stderr);
  }
}
