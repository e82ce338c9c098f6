/**
 * Writes `core/generated/dictionary.ts` from GS1's Barcode Syntax Dictionary.
 * Usage: node modules/gs1/tools/generate-table.ts <gs1-syntax-dictionary.txt>
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [source] = process.argv.slice(2);
if (!source) throw new Error('usage: generate-table.ts <gs1-syntax-dictionary.txt>');

const ENTRY =
  /^(\d{2,4}(?:-\d{2,4})?)\s+(?:([*?]+)\s+)?((?:\[?[NXYZ][.\d]+\]?\S*\s*)+)((?:(?:req|ex|dlpkey)\S*\s*)*)(?:#\s*(.*?)\s*)?$/;

const rows = readFileSync(source, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => {
    const match = ENTRY.exec(line);
    if (!match) throw new Error(`cannot read: ${line}`);
    const [, ai, flags = '', spec, attributes, title = ''] = match;
    return [
      ai,
      flags,
      spec!.trim().replaceAll(/\s+/g, ' '),
      attributes!.trim().replaceAll(/\s+/g, ' '),
      title,
    ].join(';');
  });

writeFileSync(
  new URL('../core/generated/dictionary.ts', import.meta.url),
  `// Written by tools/generate-table.ts from the GS1 Barcode Syntax Dictionary,
// Copyright (c) GS1 AISBL and contributors, Apache License 2.0. Do not edit.
// One line an entry: identifiers; flags (* no separator, ? link attribute); components; pairings; title.
export const DICTIONARY = \`\\
${rows.join('\n')}\`;
`,
);
process.stdout.write(`${rows.length} entries\n`);
