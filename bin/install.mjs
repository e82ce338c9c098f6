/** Brings node_modules in line with package-lock.json, through npm and nothing else. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, runQuietly } from './run.mjs';
import { pick, progressLine, say, seconds } from './say.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules', '.zhenmei-stamp');
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');

export async function ensureInstalled() {
  if (upToDate()) return;
  const since = performance.now();
  const locked = existsSync(LOCK);
  const total = locked ? Object.keys(packagesOf(LOCK)).length : 0;
  const line = progressLine(
    pick('正在安装依赖（只在第一次或依赖变化时）…', 'installing packages (first start, or they changed)…'),
  );
  let fetched = 0;
  const show = () => {
    const count = total ? `${Math.min(fetched, total)}/${total}` : String(fetched);
    line.show(
      pick(
        `正在安装依赖：${count} 个包，${seconds(since)}`,
        `installing packages: ${count}, ${seconds(since)}`,
      ),
    );
  };
  const tick = setInterval(show, 1000);
  const args = [locked ? 'ci' : 'install', '--no-audit', '--no-fund', '--loglevel=http'];
  const { command, prefix } = npm();
  const { code, output } = await runQuietly(command, [...prefix, ...args], {
    onLine: (text) => {
      if (/^npm http (fetch|cache) /.test(text)) fetched++;
    },
  });
  clearInterval(tick);
  if (code !== 0) {
    line.end(
      pick(
        `依赖安装失败（npm ${args[0]} 退出码 ${code}）：`,
        `installing packages failed (npm ${args[0]} exited with ${code}):`,
      ),
    );
    const reasons = output.split('\n').filter((text) => /^npm (error|ERR!)/i.test(text));
    process.stderr.write(`${(reasons.length ? reasons : output.split('\n').slice(-20)).join('\n')}\n`);
    say(
      '请检查网络与磁盘空间，然后再运行一次。',
      'Check the network and the disk space, then run the command again.',
    );
    process.exit(1);
  }
  stamp();
  line.end(pick(`依赖已安装：${seconds(since)}`, `packages installed in ${seconds(since)}`));
}

function lockHash() {
  return existsSync(LOCK) ? createHash('sha256').update(readFileSync(LOCK)).digest('hex') : 'no lock';
}

function stamp() {
  writeFileSync(STAMP, lockHash());
}

/** By the stamp of our last install; without it, by comparing what npm says it installed with the lock. */
function upToDate() {
  if (!existsSync(INSTALLED)) return false;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return true;
  if (!existsSync(LOCK)) return true;
  const installed = packagesOf(INSTALLED);
  for (const [path, wanted] of Object.entries(packagesOf(LOCK))) {
    const found = installed[path];
    if (!found && wanted.optional) continue;
    if (!found || found.version !== wanted.version) return false;
  }
  stamp();
  return true;
}

function packagesOf(path) {
  const { packages } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.fromEntries(Object.entries(packages).filter(([name]) => name.includes('node_modules/')));
}

/** The npm that belongs to this Node, so that no shell is needed. */
function npm() {
  const here = dirname(process.execPath);
  const known = [
    process.env.npm_execpath,
    join(here, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(here, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const cli = known.find((path) => path && /npm-cli\.(c?js)$/.test(path) && existsSync(path));
  return cli ? { command: process.execPath, prefix: [cli] } : { command: 'npm', prefix: [] };
}
