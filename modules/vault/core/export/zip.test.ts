import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppError, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip, writeZip, type ZipFile } from './zip.ts';

const NOW = Date.UTC(2026, 10, 24, 9, 41, 12);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (e) {
    return (e as AppError).code;
  }
};
const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}(\/[a-z0-9]{1,6}\.json)?$/);
const files = fc.uniqueArray(
  fc.record({ name, bytes: fc.uint8Array({ maxLength: 300 }).map((b) => new Uint8Array(b)) }),
  { selector: (f) => f.name, maxLength: 6 },
);

describe('an archive', () => {
  it('gives back every file, in order', () => {
    fc.assert(
      fc.property(files, (list) => {
        expect(readZip(writeZip(list, NOW))).toEqual(list);
      }),
    );
  });

  it.runIf(existsSync('/usr/bin/python3'))('is one for other tools too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    const path = join(folder, 'a.zip');
    writeFileSync(path, writeZip([{ name: 'media/a.txt', bytes: utf8('真美') }], NOW));
    const script = `import zipfile; z=zipfile.ZipFile('${path}'); print(z.testzip(), z.infolist()[0].date_time, z.read('media/a.txt').decode())`;
    expect(execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' }).trim()).toBe(
      'None (2026, 11, 24, 9, 41, 12) 真美',
    );
    expect(readFileSync(path).length).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  });

  it('is refused when any byte was changed, or one is missing or added', () => {
    const list: ZipFile[] = [
      { name: 'manifest.json', bytes: utf8('{"a":1}') },
      { name: 'media/1.jpg', bytes: utf8('picture') },
    ];
    const zip = writeZip(list, NOW);
    for (let at = 0; at < zip.length; at++) {
      const changed = zip.slice();
      changed[at]! ^= 0x20;
      expect([at, codeOf(() => readZip(changed))]).toEqual([at, 'EXPORT_DAMAGED']);
    }
    for (let length = 0; length < zip.length; length++)
      expect(codeOf(() => readZip(zip.slice(0, length)))).toBe('EXPORT_DAMAGED');
    const longer = new Uint8Array(zip.length + 1);
    longer.set(zip);
    expect(codeOf(() => readZip(longer))).toBe('EXPORT_DAMAGED');
  });

  it('takes no name that leaves its folder, and none twice', () => {
    for (const bad of ['../a', '/a', 'a/../b', 'a//b', '', '.hidden', 'a\\b', 'c:a', 'x/.y'])
      expect(codeOf(() => writeZip([{ name: bad, bytes: utf8('') }], NOW))).toBe('EXPORT_NAME');
    const twice = { name: 'a', bytes: utf8('') };
    expect(codeOf(() => writeZip([twice, twice], NOW))).toBe('EXPORT_NAME');
    const zip = writeZip([{ name: 'aaaa', bytes: utf8('') }], NOW);
    const text = Buffer.from(zip).toString('latin1').replaceAll('aaaa', '../a');
    expect(codeOf(() => readZip(new Uint8Array(Buffer.from(text, 'latin1'))))).toBe('EXPORT_DAMAGED');
  });
});
