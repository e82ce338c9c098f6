/** `zhenmei gs1 parse`: what a code is and says, or the position and rule of its first fault. */
import { parseArgs } from 'node:util';
import { buildDigitalLink, type Fault, faultError, productCode, type Reading, read } from '@zhenmei/gs1';
import type { Command } from '../command.ts';
import { terminalLanguage } from '../language.ts';

const KINDS = ['gtin', 'drug-trace-code'] as const;

export const command: Command = {
  name: 'gs1',
  summary: { zh: '读一个 GS1 代码或药品追溯码', en: 'Read a GS1 code or a drug trace code' },
  usage: `zhenmei gs1 parse TEXT [--kind gtin|drug-trace-code] [--json]
  TEXT    an element string (scanned or in brackets), a Digital Link, a product number, a drug trace code
  TEXT -  reads one code a line from standard input
Exit code: 0 all right, 1 with the position and rule of the first fault, 2 wrong usage.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { kind: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const kind = KINDS.find((known) => known === values.kind);
    const [verb, text] = positionals;
    if (verb !== 'parse' || text === undefined || (values.kind !== undefined && !kind)) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const codes = text === '-' ? linesOf(await io.stdin()) : [text];
    const year = new Date().getUTCFullYear();
    let exit = 0;
    for (const code of codes) {
      const result = read(code, { year, ...(kind ? { kind } : {}) });
      if (!result.ok) exit = 1;
      const view = result.ok ? content(result.reading, year) : broken(result.fault);
      io.stdout(`${values.json ? JSON.stringify(view) : inWords(view)}\n`);
    }
    return exit;
  },
};

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function content(reading: Reading, year: number) {
  const { kind, elements, symbology, traceCode, agency } = reading;
  const link = buildDigitalLink(elements);
  return {
    ok: true as const,
    kind,
    ...(symbology ? { symbology } : {}),
    elements: elements.map(({ ai, title, value }) => ({ ai, title, value })),
    ...productCode(reading, year),
    ...(link ? { digitalLink: link } : {}),
    ...(traceCode ? { traceCode, productIdentifier: traceCode.slice(0, 7) } : {}),
    ...(agency ? { agency } : {}),
  };
}

function broken(fault: Fault) {
  const error = faultError(fault);
  const texts = { zh: error.text('zh-CN'), en: error.text('en') };
  return {
    ok: false as const,
    rule: fault.rule,
    position: fault.position,
    ...(fault.ai ? { ai: fault.ai } : {}),
    error: { ...fault, ...texts },
  };
}

function inWords(view: ReturnType<typeof content> | ReturnType<typeof broken>): string {
  const zh = terminalLanguage() === 'zh-CN';
  if (!view.ok) return `${zh ? view.error.zh : view.error.en} [${view.rule} @ ${view.position}]`;
  if (view.agency)
    return zh ? `其他发码机构的编码：${view.agency}` : `a code of another issuing agency: ${view.agency}`;
  if (view.kind === 'plain') return zh ? '不是 GS1 数据' : 'not GS1 data';
  if (view.traceCode) return zh ? `药品追溯码 ${view.traceCode}` : `drug trace code ${view.traceCode}`;
  return view.elements.map(({ ai, value, title }) => `(${ai}) ${value}  ${title}`).join('\n');
}
