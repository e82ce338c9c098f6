/** Every entry of the official GS1 Barcode Syntax Dictionary is in our table, component by component. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTIFIERS, read } from '@zhenmei/gs1';
import { describe, expect, it } from 'vitest';
import { vectors } from './vectors.ts';

const folder = vectors('gs1');
const lines = folder
  ? readFileSync(join(folder, 'gs1-syntax-dictionary.txt'), 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line))
  : [];

/** One entry again, read in another way than the generator does. */
function entry(line: string) {
  const hash = line.includes('#') ? line.search(/\s#\s/) : line.length;
  const [data, title] = [line.slice(0, hash).trim(), line.slice(hash + 2).trim()];
  const words = data.split(/\s+/);
  const [first = '', last = first] = words.shift()!.split('-');
  const flags = /^[*?]+$/.test(words[0]!) ? words.shift()! : '';
  return {
    ais: Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) =>
      String(Number(first) + i).padStart(first.length, '0'),
    ),
    flags,
    title,
    components: words.filter((word) => /^\[?[NXYZ][.\d]/.test(word)),
    requires: words.filter((word) => word.startsWith('req=')).map((word) => word.slice(4)),
    excludes: words.filter((word) => word.startsWith('ex=')).flatMap((word) => word.slice(3).split(',')),
    key: words.find((word) => word.startsWith('dlpkey')),
  };
}

describe.skipIf(!folder)('the GS1 Barcode Syntax Dictionary', () => {
  it('has 224 entries', () => {
    expect(lines).toHaveLength(224);
    expect(IDENTIFIERS.size).toBe(lines.reduce((sum, line) => sum + entry(line).ais.length, 0));
  });

  it.each(lines.map((line) => ({ name: line.split(/\s/)[0], line })))('$name', ({ line }) => {
    const wanted = entry(line);
    for (const ai of wanted.ais) {
      const found = IDENTIFIERS.get(ai)!;
      expect(found.title).toBe(wanted.title);
      expect(found.fixed).toBe(wanted.flags.includes('*'));
      expect(found.attribute).toBe(wanted.flags.includes('?'));
      const written = found.components.map(({ set, min, max, optional, linters }) => {
        const format = `${set}${min === max && !wanted.components.some((c) => c.includes(`..${max}`)) ? '' : '..'}${max}`;
        return [optional ? `[${format}]` : format, ...linters.map(({ name }) => name)].join(',');
      });
      expect(written.map((c) => c.replace('..', ''))).toEqual(
        wanted.components.map((c) => c.replace('..', '')),
      );
      expect(found.requires.map((groups) => groups.map((group) => group.join('+')).join(','))).toEqual(
        wanted.requires,
      );
      expect(found.excludes).toEqual(wanted.excludes);
      expect(found.qualifiers?.map((order) => order.join(',')).join('|') ?? null).toBe(
        wanted.key === undefined ? null : wanted.key.slice(7),
      );
      for (const { linters } of found.components)
        for (const { check } of linters) expect(check).toBeTypeOf('function');
      expect(read(`(${ai})`, { year: 2026 }).ok).toBe(false);
    }
  });
});
