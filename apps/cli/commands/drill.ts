/** `zhenmei drill breach`: who would be affected, what the law asks by when, and the notice; or the real thing. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApiError } from '@zhenmei/client/api.ts';
import { newId } from '@zhenmei/kernel';
import { openSecrets } from '@zhenmei/server/compose/secrets.ts';
import { readConfig } from '@zhenmei/server/config.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Command, Io } from '../command.ts';
import { terminalLanguage } from '../language.ts';
import { apiAt, random } from '../visit-play.ts';

type Found = Awaited<ReturnType<typeof ask>>['found'];

async function ask(values: Record<string, string | boolean | undefined>) {
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined);
  const config = readConfig(text('data') ? { ZHENMEI_DATA: text('data')! } : {});
  const bearer = text('token-file')
    ? readFileSync(text('token-file')!, 'utf8').trim()
    : openSecrets(config.dataDir).operatorToken;
  const baseUrl = text('url') ?? config.publicUrl;
  const api = apiAt({ baseUrl, origin: new URL(baseUrl).origin, patience: 0 }, 'desk');
  const since = performance.now();
  const found = await api.call(vaultApi.reportBreach, {
    bearer,
    body: {
      id: text('id') ?? newId(Date.now(), random(10)),
      drill: values.real !== true,
      from: new Date(text('from')!).toISOString(),
      to: new Date(text('to')!).toISOString(),
      ...(text('organisation') ? { organisation: text('organisation')! } : {}),
      region: text('region') ?? 'CN',
      notify: values.notify === true,
    },
  });
  return { found, tookMs: Math.round(performance.now() - since) };
}

function say(found: Found, tookMs: number, io: Io): void {
  const lang = terminalLanguage() === 'zh-CN' ? 'zh' : 'en';
  const zh = lang === 'zh';
  const head = found.drill
    ? zh
      ? '*** 演习：并未发生 ***'
      : '*** DRILL: this did not happen ***'
    : zh
      ? '*** 真实事件 ***'
      : '*** REAL BREACH ***';
  io.stdout(`${head}\n${found.id}\n`);
  io.stdout(
    zh
      ? `受影响：${found.people} 个保险箱，${found.openings} 次打开（查得用时 ${tookMs} 毫秒）\n`
      : `affected: ${found.people} vaults, ${found.openings} openings (found in ${tookMs} ms)\n`,
  );
  for (const { kind, purpose, openings, files } of found.categories)
    io.stdout(`  ${kind.padEnd(10)}${(purpose ?? '').padEnd(8)}${openings} / ${files}\n`);
  for (const { dueAt, what, rule, source } of found.clocks)
    io.stdout(`  ${dueAt}  ${what[lang]} [${rule}; ${source}]\n`);
  io.stdout(`\n${found.notice.zh}\n\n${found.notice.en}\n\n`);
  const told = found.notified
    ? zh
      ? '已通知'
      : 'people were told'
    : zh
      ? '没有通知任何人'
      : 'nobody was told';
  io.stdout(`${told}\n${head}\n`);
}

export const command: Command = {
  name: 'drill',
  summary: {
    zh: '泄露演习：谁受影响、期限、通知草稿',
    en: 'Breach drill: who is affected, the clocks, the notice',
  },
  usage: [
    'zhenmei drill breach --from TIME --to TIME [--organisation ID] [--region CN] [--notify] [--real] [--id UUID]',
    '                     [--url URL] [--data FOLDER | --token-file FILE] [--json]',
    'Asks a running house with the operator’s token (from a file, or the data folder’s).',
    '  --notify  tell everybody affected, in their vaults; in a drill the notice says that it is one',
    '  --real    not a drill. The clocks run from the first call with this --id; a drill never becomes the real thing.',
    'Exit code: 0 done, 1 refused, 2 the options are not right.',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        organisation: { type: 'string' },
        region: { type: 'string' },
        id: { type: 'string' },
        url: { type: 'string' },
        data: { type: 'string' },
        'token-file': { type: 'string' },
        notify: { type: 'boolean' },
        real: { type: 'boolean' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const times = [values.from, values.to].map((time) => Date.parse(time ?? ''));
    if (positionals.join(' ') !== 'breach' || times.some(Number.isNaN)) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    try {
      const { found, tookMs } = await ask(values);
      if (values.json) io.stdout(`${JSON.stringify({ ...found, tookMs })}\n`);
      else say(found, tookMs, io);
      return 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, texts } = error;
      if (values.json) io.stdout(`${JSON.stringify({ error: { code, ...texts } })}\n`);
      else io.stderr(`${terminalLanguage() === 'zh-CN' ? texts.zh : texts.en} [${code}]\n`);
      return 1;
    }
  },
};
