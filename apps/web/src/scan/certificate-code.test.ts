/** A certificate from the leaf to paper and back: drawn as it is printed, read as a phone reads it, proven offline. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { certificateText, verifyCertificate } from '@zhenmei/verifier/certificate.ts';
import { LOGS, proofIn, USE } from '@zhenmei/verifier/fixtures.property.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificateModules, drawnModules } from './degraded.property.ts';
import { pixelsOf } from './picture.ts';
import { prepareReader, readImage } from './read-image.ts';

beforeAll(() => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareReader(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
});

describe('a treatment certificate on paper', () => {
  it.each([
    [2 ** 10, 81],
    [2 ** 17, 93],
    [2 ** 20, 101],
    [2 ** 24, 105],
  ])(
    'of a log of %i leaves has at most %i modules, and is proven after a phone read it',
    async (size, most) => {
      const text = certificateText(await proofIn(size, size - 12));
      const modules = certificateModules(text);
      expect(modules.size).toBeLessThanOrEqual(most);
      const picture = drawnModules(modules, { scale: 4, angle: 2 });
      const found = await readImage(pixelsOf(picture));
      expect(found?.text).toBe(text);
      expect(await verifyCertificate(found!.text, { logs: LOGS })).toMatchObject({ exit: 0, use: USE });
    },
  );
});
