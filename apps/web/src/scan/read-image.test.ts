/** What the reader makes of spoiled pictures. The count is a quality that must not fall. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { read } from '@zhenmei/gs1/core/read.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { EACH, framed, KINDS, samples } from './degraded.property.ts';
import { pixelsOf } from './picture.ts';
import { prepareReader, readImage, scannedOf } from './read-image.ts';

beforeAll(() => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareReader(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
});

/** The elements of a code in any writing. */
function elements(text: string): string | null {
  const result = read(text, { year: 2026 });
  return result.ok ? result.reading.elements.map(({ ai, value }) => `(${ai})${value}`).join('') : null;
}

describe('96 spoiled pictures', () => {
  it('are read at least 89 times, always rightly, and better with preparation than without', async () => {
    const counts = new Map<string, { plain: number; prepared: number }>();
    for (const { kind, text, picture } of samples()) {
      const count = counts.get(kind) ?? { plain: 0, prepared: 0 };
      counts.set(kind, count);
      const pixels = pixelsOf(framed(picture, 20));
      for (const [way, attempts] of [
        ['plain', 1],
        ['prepared', undefined],
      ] as const) {
        const found = await readImage(pixels, attempts);
        if (!found) continue;
        expect([']d2', ']Q3']).toContain(found.symbology);
        expect(elements(found.text)).toBe(text);
        count[way]++;
      }
    }
    const sum = (way: 'plain' | 'prepared') => [...counts.values()].reduce((n, one) => n + one[way], 0);
    const table = KINDS.map(
      (kind) => `${kind} ${counts.get(kind)!.plain}/${counts.get(kind)!.prepared}`,
    ).join(', ');
    expect(samples().length).toBe(8 * EACH);
    expect(sum('prepared'), table).toBeGreaterThanOrEqual(89);
    expect(sum('prepared'), table).toBeGreaterThan(sum('plain'));
  }, 120_000);
});

describe('what a code holds', () => {
  it('is told by bytes and symbology, not by the text for display', () => {
    const bytes = new TextEncoder().encode('0109521234100014\u001d10L1\u001d21S1');
    expect(scannedOf({ bytes, symbologyIdentifier: ']d2' })?.text).toBe(
      ']d20109521234100014\u001d10L1\u001d21S1',
    );
    const link = new TextEncoder().encode('https://id.gs1.org/01/09521234100014');
    expect(scannedOf({ bytes: link, symbologyIdentifier: ']Q1' })?.text).toBe(
      'https://id.gs1.org/01/09521234100014',
    );
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x80)],
  ])('is nothing for %s', (_what, bytes) => {
    expect(scannedOf({ bytes, symbologyIdentifier: ']d1' })).toBeNull();
  });

  it('a picture without a code gives nothing', async () => {
    const values = new Uint8ClampedArray(200 * 200).fill(180);
    expect(await readImage(pixelsOf({ width: 200, height: 200, values }))).toBeNull();
  });
});
