/** `zhenmei credential verify`: certificates checked offline, with named answers. Nothing is ever asked from the network. */
import { parseArgs } from 'node:util';
import type { CredentialResult } from '@zhenmei/identity/core/verify-credential.ts';
import { AppError, type Lang } from '@zhenmei/kernel';
import type { Command, Io } from '../command.ts';
import { checkOne, type Inputs, type Options, readBatch } from '../credential-check.ts';
import { terminalLanguage } from '../language.ts';

const OPTIONS = {
  trust: { type: 'string' },
  status: { type: 'string' },
  type: { type: 'string' },
  'require-key-binding': { type: 'boolean' },
  aud: { type: 'string' },
  nonce: { type: 'string' },
  at: { type: 'string' },
  batch: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const EXIT = { proven: 0, false: 1, 'cannot-judge': 2 } as const;

const VERDICT = {
  'zh-CN': { proven: '成立', false: '不成立', 'cannot-judge': '无法判断' },
  en: { proven: 'proven', false: 'false', 'cannot-judge': 'cannot judge' },
} as const;

export const command: Command = {
  name: 'credential',
  summary: { zh: '离线核对一份凭证', en: 'Check a certificate offline' },
  usage: [
    'zhenmei credential verify FILE [--trust FILE] [--status FILE] [--type VCT]',
    '        [--require-key-binding --aud A --nonce N] [--at TIME] [--json]',
    'zhenmei credential verify --batch FILE [the same options, as defaults]',
    '',
    '  FILE      the token, or what a badge’s QR code says; - reads standard input. One line end at its end is not part',
    '            of it, anything else is.',
    '  --trust   zhenmei-trust.json in this folder unless told; {"format": "zhenmei-trust/1", "issuers"} alone is enough.',
    '            Each issuer: {"id", "keys", "types", "period": {"from", "until"}, "withdrawn": [{"thumbprint", "at"}]};',
    '            a key is a JWK or {"jwk", "period"}, a type is a vct or {"vct", "period"}.',
    '  --status  JSON: address of a status list → its signed token. Without it, a certificate with a status',
    '            cannot be judged: nothing is ever asked from the network.',
    '  --at      RFC 3339 or seconds since 1970; now unless told.',
    '  --batch   JSON list of {"file" or "token", "trust", "status", "type", "at", "aud", "nonce", "requireKeyBinding"}.',
    '',
    'Exit code: 0 proven, 1 false, 2 cannot be judged; of a batch, 1 if any is false, else 2 if any cannot be judged.',
  ].join('\n'),
  async run(args, io) {
    let json = args.includes('--json');
    try {
      const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
      json = values.json ?? false;
      const { batch, trust, status, type, aud, nonce, at } = values;
      const requireKeyBinding = values['require-key-binding'];
      const options: Options = { trust, status, type, aud, nonce, at, requireKeyBinding };
      const [verb, file, ...more] = positionals;
      if (verb !== 'verify' || more.length > 0 || (file === undefined) === (batch === undefined))
        return wrongUsage(io, json);
      const entries = batch === undefined ? [{ file: file! }] : readBatch(batch);
      const inputs: Inputs = { trust: new Map(), status: new Map(), stdin: () => io.stdin() };
      const results: Answer[] = [];
      for (const [index, entry] of entries.entries()) {
        const answer = await checkOne(entry, options, inputs);
        results.push({ ...(batch === undefined ? {} : { index }), ...answer });
      }
      for (const result of results) io.stdout(json ? `${JSON.stringify(result)}\n` : lines(result));
      return exitOf(results);
    } catch (error) {
      if (isUsage(error)) return wrongUsage(io, json);
      if (!(error instanceof AppError)) throw error;
      const answer = unjudged(error);
      io.stdout(json ? `${JSON.stringify(answer)}\n` : lines(answer));
      return EXIT['cannot-judge'];
    }
  },
};

export type Answer = Pick<CredentialResult, 'verdict' | 'code' | 'message'> &
  Partial<CredentialResult> & { readonly index?: number; readonly file?: string };

function exitOf(results: readonly Answer[]): number {
  const exits = results.map(({ verdict }) => EXIT[verdict]);
  if (exits.includes(1)) return 1;
  return exits.includes(2) ? 2 : 0;
}

function unjudged(error: AppError): Answer {
  const message = { zh: error.text('zh-CN'), en: error.text('en') };
  return { verdict: 'cannot-judge', code: error.code, message };
}

function lines(answer: Answer): string {
  const lang: Lang = terminalLanguage();
  const zh = lang === 'zh-CN';
  const head = `${VERDICT[lang][answer.verdict]}  ${zh ? answer.message.zh : answer.message.en} [${answer.code}]`;
  const details = [
    answer.file === undefined ? null : `${zh ? '文件' : 'file'}    ${answer.file}`,
    answer.type ? `${zh ? '种类' : 'kind'}    ${answer.type}` : null,
    answer.issuer ? `${zh ? '签发者' : 'issuer'}  ${answer.issuer}` : null,
    answer.verdict === 'proven' && answer.issuerEntitledNow === false
      ? zh
        ? '签发者现在已没有资格；签发时有。'
        : 'The issuer is no longer entitled; it was when it issued this.'
      : null,
  ];
  return `${[head, ...details.filter((line) => line !== null).map((line) => `  ${line}`)].join('\n')}\n`;
}

function isUsage(error: unknown): boolean {
  return (
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
  );
}

function wrongUsage(io: Io, json: boolean): number {
  io.stderr(`${command.usage}\n`);
  if (json) io.stdout(`${JSON.stringify({ error: { code: 'USAGE', message: command.usage } })}\n`);
  return 2;
}
