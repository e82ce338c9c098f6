/** Chinese texts use full-width punctuation, wherever in the house they stand. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LITERAL = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
const HAN = '\\u3400-\\u4dbf\\u4e00-\\u9fff';
const HALF_WIDTH = new RegExp(`[${HAN}”）][,;:?!]|[,;][${HAN}“（]|\\([${HAN}]|[${HAN}]\\)`, 'g');

const CHINESE = new RegExp(`[${HAN}]`);
/** What tests type in and read back is data. */
const TEST = /\.(?:test|property)\.tsx?$/;

function* sources(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', '.data', '.artifacts'].includes(entry.name)) continue;
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(at);
    else if (/\.(?:tsx?|mjs)$/.test(entry.name) && !TEST.test(entry.name)) yield at;
  }
}

function halfWidth(source: string): string[] {
  return (source.match(LITERAL) ?? []).filter((text) => CHINESE.test(text) && text.match(HALF_WIDTH));
}

it('finds what it is for', () => {
  expect(halfWidth("const a = { zh: '不行,再试' }")).toHaveLength(1);
  expect(halfWidth("const a = { zh: '错误(第一)' }")).toHaveLength(1);
  expect(halfWidth("const a = { en: 'End “{name}”?' }")).toEqual([]);
  expect(halfWidth("const a = { zh: '不行，再试（{n}）：{x}。', en: 'No, again: (1)' }")).toEqual([]);
});

it('stands in no text of the house', () => {
  const found = ['apps', 'modules', 'platform', 'bin', 'contracts/tools', 'contracts/deploy'].flatMap(
    (folder) =>
      [...sources(path.join(ROOT, folder))].flatMap((file) =>
        halfWidth(fs.readFileSync(file, 'utf8')).map((text) => `${path.relative(ROOT, file)}: ${text}`),
      ),
  );
  expect(found).toEqual([]);
});
