/** `zhenmei credential verify`: one certificate, offline, with named answers. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import { AppError, fromIso, fromUtf8, toSeconds } from '@zhenmei/kernel';
import { trustedIssuers } from '@zhenmei/verifier/issuers.ts';
import type { Command } from '../command.ts';
import { terminalLanguage } from '../language.ts';

const OPTIONS = {
  trust: { type: 'string' },
  status: { type: 'string' },
  'require-key-binding': { type: 'boolean' },
  aud: { type: 'string' },
  nonce: { type: 'string' },
  at: { type: 'string' },
  batch: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Options {
  readonly trust?: string | undefined;
  readonly status?: string | undefined;
  readonly 'require-key-binding'?: boolean | undefined;
  readonly aud?: string | undefined;
  readonly nonce?: string | undefined;
  readonly at?: string | undefined;
}

export const command: Command = {
  name: 'credential',
  summary: { zh: '离线核对一份凭证', en: 'Check a certificate offline' },
  usage: [
    'zhenmei credential verify FILE [--trust FILE] [--status FILE] [--require-key-binding --aud A --nonce N] [--at TIME] [--json]',
    'zhenmei credential verify --batch FILE   a JSON list of {file, trust, status, aud, nonce, at, "require-key-binding"}',
    '  --status  a JSON object: address of a status list → its signed token. Nothing is ever asked from the network.',
    'Exit code: 0 proven, 1 false, 2 cannot be judged.',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (positionals[0] !== 'verify' || (!positionals[1] && !values.batch)) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const batch = values.batch
      ? (JSON.parse(fs.readFileSync(values.batch, 'utf8')) as (Options & { file: string })[])
      : [{ ...values, file: positionals[1]! }];
    let exit = 0;
    for (const one of batch) {
      const result = await judge(one.file, one);
      const code = { proven: 0, false: 1, 'cannot-judge': 2 }[result.verdict];
      exit = exit === 1 || code === 1 ? 1 : Math.max(exit, code);
      io.stdout(
        values.json
          ? `${JSON.stringify(result)}\n`
          : `${result.verdict.padEnd(14)}${terminalLanguage() === 'zh-CN' ? result.message.zh : result.message.en} [${result.code}]\n`,
      );
    }
    return exit;
  },
};

async function judge(file: string, options: Options) {
  const trust = parseTrustFile(fromUtf8(fs.readFileSync(options.trust ?? 'zhenmei-trust.json')).trim());
  const statusLists = options.status
    ? (JSON.parse(fs.readFileSync(options.status, 'utf8')) as Record<string, string>)
    : {};
  const binding = options['require-key-binding']
    ? { keyBinding: { audience: options.aud ?? '', nonce: options.nonce ?? '' } }
    : {};
  let token: string;
  try {
    // one newline at the end, as editors leave it, is not part of the token
    token = fromUtf8(fs.readFileSync(file)).replace(/\r?\n$/, '');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      verdict: 'false' as const,
      code: error.code,
      message: { zh: error.text('zh-CN'), en: error.text('en') },
    };
  }
  return verifyCredential(token, {
    at: toSeconds(options.at ? fromIso(options.at) : Date.now()),
    issuers: trustedIssuers(trust),
    statusLists,
    ...binding,
  });
}
