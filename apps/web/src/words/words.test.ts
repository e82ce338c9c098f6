import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const files = fs.readdirSync(import.meta.dirname).filter((name) => /^(?!words).*\.ts$/.test(name));
const keysOf = (source: string): string[] =>
  [...source.matchAll(/^ {2}(?:'([^']+)'|(\w+)):/gm)].map(([, quoted, plain]) => quoted ?? plain!);

describe.each(['zh', 'en'])('the catalogues in %s', (lang) => {
  const keys = files
    .filter((name) => new RegExp(`(?:^|[-.])${lang}\\.ts$`).test(name))
    .flatMap((name) => keysOf(fs.readFileSync(path.join(import.meta.dirname, name), 'utf8')));

  it('say each thing once: none takes a word away from another', () => {
    expect(keys.length).toBeGreaterThan(500);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });
});
