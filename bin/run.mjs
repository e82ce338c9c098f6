/** Runs programs: finds the pinned Node, forwards signals and exit codes, leaves nobody behind. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from './say.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

let found;

/** The Node that npm installed for this platform, else this one if it can run TypeScript (22.18), else null. */
export function pinnedNode() {
  found ??= findNode();
  return found;
}

function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(ROOT, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
  // The pinned binaries need glibc; elsewhere (musl) the system's own Node has to do.
  if (process.report) process.report.excludeNetwork = true;
  const glibc =
    process.platform !== 'linux' || Boolean(process.report.getReport().header.glibcVersionRuntime);
  if (existsSync(path) && glibc) return path;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return null;
}

export function requireNode() {
  const node = pinnedNode();
  if (node) return node;
  say(
    `npm 没有适用于 ${process.platform}-${process.arch} 的 Node 24。请安装 Node.js 22.18 或更高版本后重试（当前 ${process.versions.node}）。`,
    `npm has no Node 24 for ${process.platform}-${process.arch}. Install Node.js 22.18 or later and try again (this is ${process.versions.node}).`,
  );
  process.exit(1);
}

/**
 * The environment in which `node` is the pinned one, also for tools that start it by name, and keeps what it compiled:
 * a command that is run a thousand times compiles once.
 */
export function environment(extra = {}) {
  return {
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'zhenmei'),
    ...process.env,
    PATH: `${dirname(requireNode())}${delimiter}${process.env.PATH ?? ''}`,
    ...extra,
  };
}

/**
 * Runs a program in our terminal until it ends; resolves its exit code. Signals that reach us are passed on; the
 * program may hear one twice (terminals tell everyone), so it must treat two in quick succession as one.
 * A Node program also learns by its closing channel when we were killed outright.
 */
export function runInTerminal(
  command,
  args,
  { env = environment(), cwd = process.cwd(), channel = false } = {},
) {
  return new Promise((resolve) => {
    const stdio = channel ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
    const child = spawn(command, args, { stdio, env, cwd });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const done = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      done(127);
    });
    child.once('exit', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** Runs a program quietly; resolves { code, output, ms }. */
export function runQuietly(command, args, { env = process.env, cwd = ROOT, onLine } = {}) {
  const since = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd });
    const stop = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.once(signal, stop);
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (onLine) for (const line of String(chunk).split('\n')) if (line) onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const done = (code) => {
      for (const signal of signals) process.off(signal, stop);
      resolve({ code, output, ms: performance.now() - since });
    };
    child.once('error', (error) => {
      output += `${command}: ${error.message}\n`;
      done(127);
    });
    child.once('close', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
