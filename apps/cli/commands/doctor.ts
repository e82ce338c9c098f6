/** `zhenmei doctor`: looks at everything that must be true, says what is wrong and what to do. Exit code = failures. */
import { parseArgs } from 'node:util';
import { AppError } from '@zhenmei/kernel';
import { configHelp, readConfig, SETTINGS, type ServerConfig } from '@zhenmei/server/config.ts';
import type { Command } from '../command.ts';
import type { Limits } from '../doctor/check.ts';
import { ENGINES } from '../doctor/engines.ts';
import { MACHINE } from '../doctor/machine.ts';
import { terminalLanguage } from '../language.ts';

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly found?: string;
  readonly code?: string;
  readonly zh?: string;
  readonly en?: string;
}

const NAMES: Record<string, { zh: string; en: string }> = {
  settings: { zh: '设置', en: 'settings' },
  node: { zh: 'Node.js', en: 'Node.js' },
  folder: { zh: '数据文件夹', en: 'data folder' },
  disk: { zh: '磁盘空间', en: 'free disk' },
  secrets: { zh: '密钥文件', en: 'secrets file' },
  port: { zh: '端口', en: 'port' },
  work: { zh: '到期的事', en: 'work that is due' },
  'public-url': { zh: '公开地址', en: 'public address' },
  clock: { zh: '时钟', en: 'clock' },
  web: { zh: '网页', en: 'web app' },
  database: { zh: '数据库', en: 'database' },
  'ledger-engine': { zh: '账本引擎', en: 'ledger engine' },
  ledger: { zh: '账本', en: 'ledger' },
  coins: { zh: '稳定币', en: 'coins' },
};

export const command: Command = {
  name: 'doctor',
  summary: { zh: '检查运行所需的一切', en: 'Check everything that running needs' },
  usage: [
    'zhenmei doctor [--data FOLDER] [--port N] [--min-free MB] [--json]',
    '  --min-free  disk that must be free; 500 unless told',
    'Exit code: the number of failures.',
    '',
    ...configHelp().map(({ key, help }) => `  ${key.padEnd(17)} ${help}`),
  ].join('\n'),
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        'min-free': { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const findings = await examine(
      {
        ...(values.data ? { ZHENMEI_DATA: values.data } : {}),
        ...(values.port ? { PORT: values.port } : {}),
      },
      { minFreeMb: Number(values['min-free'] ?? 500) },
    );
    const failures = findings.filter(({ ok }) => !ok).length;
    const lang = terminalLanguage() === 'zh-CN' ? 'zh' : 'en';
    if (values.json) io.stdout(`${JSON.stringify({ checks: findings, failures })}\n`);
    else
      for (const f of findings)
        io.stdout(
          `${f.ok ? '✓' : '✗'} ${pad(NAMES[f.name]?.[lang] ?? f.name)}${f.ok ? f.found : `${f[lang]} [${f.code}]`}\n`,
        );
    return failures;
  },
};

/** Every check, whatever the others found. A setting that is wrong is one finding; the others use its default. */
export async function examine(
  overrides: Parameters<typeof readConfig>[0],
  limits: Limits,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const config = settings(overrides, findings);
  for (const { name, run } of [...MACHINE, ...ENGINES])
    try {
      findings.push({ name, ok: true, found: await run(config, limits) });
    } catch (error) {
      findings.push(failed(name, error));
    }
  return findings;
}

function settings(overrides: Parameters<typeof readConfig>[0], findings: Finding[]): ServerConfig {
  const unset: Record<string, string> = {};
  for (let tries = 0; tries <= SETTINGS.length; tries++)
    try {
      const config = readConfig({ ...overrides, ...unset });
      if (findings.length === 0) findings.push({ name: 'settings', ok: true, found: '✓' });
      return config;
    } catch (error) {
      findings.push(failed('settings', error));
      if (!(error instanceof AppError)) break;
      unset[String(error.params.key)] = '';
    }
  return readConfig(Object.fromEntries(SETTINGS.map((key) => [key, ''])));
}

function failed(name: string, error: unknown): Finding {
  const e =
    error instanceof AppError
      ? error
      : new AppError('CONFIG_INVALID', { key: name, reason: String((error as Error).message) });
  return { name, ok: false, code: e.code, zh: e.text('zh-CN'), en: e.text('en') };
}

/** Han characters are two columns wide. */
function pad(text: string): string {
  const width = [...text].reduce((sum, c) => sum + (c > '\u2e80' ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(1, 18 - width));
}
