import { readCode, toGtin14 } from '@zhenmei/gs1';
import { AppError } from '@zhenmei/kernel';
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { terminalLanguage } from '../language.ts';

export const command: Command = {
  name: 'gs1',
  summary: { zh: '读一个 GS1 代码', en: 'Read a GS1 code' },
  usage: 'zhenmei gs1 parse TEXT [--kind gtin] [--json]\n  TEXT -  reads lines from standard input\nExit code: 1 with the position and rule of the first fault.',
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, options: { kind: { type: 'string' }, json: { type: 'boolean' } }, allowPositionals: true });
    const [verb, text] = positionals;
    if (verb !== 'parse' || text === undefined) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const lines = text === '-' ? Buffer.from(await io.stdin()).toString('utf8').split('\n').filter(Boolean) : [text];
    let exit = 0;
    for (const line of lines) {
      try {
        const found = values.kind === 'gtin' ? gtin(line) : readCode(line, new Date().getUTCFullYear());
        io.stdout(values.json ? `${JSON.stringify(found)}\n` : `${Object.entries(found).filter(([, v]) => typeof v === 'string').map(([k, v]) => `${k}=${v}`).join('  ')}\n`);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        exit = 1;
        const message = error.text(terminalLanguage());
        io.stdout(values.json ? `${JSON.stringify({ error: { rule: error.code, position: error.params.position ?? null, message } })}\n` : `${message} [${error.code}]\n`);
      }
    }
    return exit;
  },
};

function gtin(text: string): { gtin: string } {
  const found = toGtin14(text.trim());
  if (!found) throw new AppError('GS1_CHECK_DIGIT', { position: text.trim().length });
  return { gtin: found };
}
