/** `zhenmei provenance verdict`: judges a unit from facts in one file, without a server. */
import { parseArgs } from 'node:util';
import { strictJson } from '@zhenmei/kernel';
import { type VerdictAnswer, verdict } from '@zhenmei/provenance/app/verdict.ts';
import type { Command } from '../command.ts';
import { terminalLanguage } from '../language.ts';
import { readInput } from '../read-input.ts';

export const command: Command = {
  name: 'provenance',
  summary: { zh: '根据事实判断一支产品', en: 'Judge a unit from facts' },
  usage: `zhenmei provenance verdict FILE [--json]
  FILE  {now, master, parties, events, scan} as JSON; - reads standard input
Exit code: 0 green or grey, 1 red or amber, 2 wrong usage.
With --json the exit code is 0 whenever a verdict was reached.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [verb, file] = positionals;
    if (verb !== 'verdict' || file === undefined) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const text = await readInput(file, io);
    const answer = verdict(strictJson(text.replace(/^\ufeff/, ''), 64));
    io.stdout(values.json ? `${JSON.stringify(answer)}\n` : inWords(answer));
    return values.json || answer.level === 'green' || answer.level === 'grey' ? 0 : 1;
  },
};

function inWords({ level, reasons }: VerdictAnswer): string {
  const zh = terminalLanguage() === 'zh-CN';
  const lines = reasons.map((reason) => {
    const source = [reason.by, reason.at, reason.event].filter(Boolean).join(' · ');
    const say = (text: { zh: string; en: string }) => (zh ? text.zh : text.en);
    return `${reason.code}: ${say(reason)}\n${source ? `  ${source}\n` : ''}  ${say(reason.check)}\n  ${say(reason.doNow)}\n`;
  });
  return `${level}\n${lines.join('')}`;
}
