/** `zhenmei epcis validate|hash`: checks EPCIS documents and computes the hashes of their events. */
import { parseArgs } from 'node:util';
import type { Json } from '@zhenmei/kernel';
import { checkDocument, hashEvents, readDocument } from '@zhenmei/provenance/app/epcis.ts';
import type { Command, Io } from '../command.ts';
import { terminalLanguage } from '../language.ts';
import { readInput } from '../read-input.ts';

export const command: Command = {
  name: 'epcis',
  summary: { zh: '检查 EPCIS 文档，计算事件哈希', en: 'Check EPCIS documents and hash their events' },
  usage: `zhenmei epcis validate FILE [--json]
zhenmei epcis hash FILE [--profile ref|spec] [--prehash] [--json]
  FILE       EPCIS 2.0 JSON-LD, or EPCIS 1.2 or 2.0 XML; - reads standard input
  --prehash  print the text that is hashed instead of the hash
hash prints one ni: URI a line, in document order.
Exit code: 0 valid, 1 not valid or not readable, 2 wrong usage.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { json: { type: 'boolean' }, profile: { type: 'string' }, prehash: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [verb, file] = positionals;
    const profile = values.profile ?? 'ref';
    if (
      (verb !== 'validate' && verb !== 'hash') ||
      file === undefined ||
      (profile !== 'ref' && profile !== 'spec')
    ) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const document = readDocument(await readInput(file, io));
    return verb === 'hash'
      ? hash(document, profile, values, io)
      : validate(document, Boolean(values.json), io);
  },
};

function hash(
  document: Json,
  profile: 'ref' | 'spec',
  { json, prehash }: { json?: unknown; prehash?: unknown },
  io: Io,
): number {
  for (const event of hashEvents(document, profile))
    io.stdout(`${json ? JSON.stringify(event) : prehash ? event.preHash : event.hash}\n`);
  return 0;
}

function validate(document: Json, json: boolean, io: Io): number {
  const { events, issues, lints } = checkDocument(document);
  const zh = terminalLanguage() === 'zh-CN';
  if (json) io.stdout(`${JSON.stringify({ valid: issues.length === 0, events, issues, warnings: lints })}\n`);
  else {
    for (const issue of issues)
      io.stdout(`${issue.pointer || '/'}: ${zh ? issue.zh : issue.en} [${issue.rule}]\n`);
    for (const lint of lints) io.stderr(`${lint.pointer || '/'}: ${zh ? lint.zh : lint.en} [${lint.rule}]\n`);
    if (issues.length === 0) io.stdout(zh ? `有效，${events} 个事件。\n` : `Valid, ${events} events.\n`);
  }
  return issues.length === 0 ? 0 : 1;
}
