/** What is printed says, when it is read back from its picture, exactly what was meant. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkDigit, productCode, read } from '@zhenmei/gs1';
import { lotLink, unitLink } from '@zhenmei/gs1/core/links.ts';
import { SERIAL_BYTES, serialFrom } from '@zhenmei/provenance/core/serials.ts';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { digitalLink, drawContainer, drawUnit, elementString, type UnitLabel, unitLabel } from './labels.ts';

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } });
});

const SCALE = 3;

type Point = readonly [number, number];

/** Outlines of what is black: filled paths as they are, and each stroke of a bar as the rectangle that it covers. */
function outlines(svg: string): Point[][][] {
  return [...svg.matchAll(/<path ([^>]*)>/g)].flatMap(([, attributes]) => {
    const of = (name: string) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes!)?.[1];
    if (/^#?f{6}$/i.test(of('fill') ?? '')) return [];
    const lines = [...of('d')!.matchAll(/M([^MZ]+)/g)].map(([, points]) =>
      points!.split('L').map((point) => point.trim().split(/[ ,]+/).map(Number) as unknown as Point),
    );
    const half = Number(of('stroke-width') ?? 0) / 2;
    if (half === 0) return [lines];
    return lines
      .map((line) => [line[0]!, line[1]!] as const)
      .map(([[x, y1], [, y2]]) => [
        [
          [x - half, y1],
          [x + half, y1],
          [x + half, y2],
          [x - half, y2],
        ] as Point[],
      ]);
  });
}

/** The picture that a browser or a printer makes of the drawing: black inside an odd number of outlines. */
function picture(svg: string): { data: Uint8ClampedArray; width: number; height: number } {
  const [, w, h] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number) as [number, number, number];
  const [width, height] = [w * SCALE, h * SCALE];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const shape of outlines(svg)) {
    const edges = shape.flatMap((corners) =>
      corners.map((a, i) => [a, corners[(i + 1) % corners.length]!] as const),
    );
    for (let y = 0; y < height; y++) {
      const cy = (y + 0.5) / SCALE;
      const cuts = edges
        .filter(([[, y1], [, y2]]) => y1 > cy !== y2 > cy)
        .map(([[x1, y1], [x2, y2]]) => x1 + ((cy - y1) / (y2 - y1)) * (x2 - x1))
        .sort((a, b) => a - b);
      for (let i = 0; i + 1 < cuts.length; i += 2)
        for (let x = Math.ceil(cuts[i]! * SCALE - 0.5); x < cuts[i + 1]! * SCALE - 0.5; x++)
          data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { data, width, height };
}

async function readBack(svg: string) {
  const found = await readBarcodes(picture(svg) as ImageData, {
    formats: ['DataMatrix', 'QRCode', 'Code128'],
    tryHarder: true,
  });
  expect(found).toHaveLength(1);
  const { bytes, symbologyIdentifier } = found[0]!;
  const raw = new TextDecoder().decode(bytes);
  return {
    symbology: symbologyIdentifier,
    raw,
    code: /^https?:/.test(raw) ? raw : symbologyIdentifier + raw,
  };
}

const GTIN = `0952123410001${checkDigit('0952123410001')}`;
const LABEL: UnitLabel = { gtin: GTIN, serial: 'K7M2QX9RT4VNA', lot: 'L2026-A/7', expiry: '2028-01-31' };
const HOST = 'https://check.example';
const saysOf = (code: string) => {
  const result = read(code, { year: 2026 });
  return result.ok ? productCode(result.reading, 2026) : result.fault;
};

describe('a label', () => {
  it.each([
    ['datamatrix', ']d2'],
    ['qr', ']Q3'],
    ['link', ']Q1'],
  ] as const)('as %s is read back with every element', async (symbology, identifier) => {
    const back = await readBack(drawUnit(LABEL, symbology, HOST));
    expect(back.symbology).toBe(identifier);
    expect(saysOf(back.code)).toMatchObject(LABEL);
  });

  it('keeps the separator that ends an element of variable length', async () => {
    const { raw } = await readBack(drawUnit(LABEL, 'datamatrix', HOST));
    expect(raw).toBe(`01${GTIN}1728013110${LABEL.lot}\u001d21${LABEL.serial}`);
  });

  it('is read back for random serial numbers and lots', async () => {
    const lot = fc.string({ unit: fc.constantFrom(...'ABCXYZ0189-._/'), minLength: 1, maxLength: 20 });
    const bytes = fc.uint8Array({ minLength: SERIAL_BYTES, maxLength: SERIAL_BYTES });
    const symbology = fc.constantFrom('datamatrix', 'qr', 'link');
    await fc.assert(
      fc.asyncProperty(lot, bytes, symbology, async (name, random, kind) => {
        const label = { ...LABEL, lot: name, serial: serialFrom(random) };
        const { code } = await readBack(drawUnit(label, kind as 'qr', HOST));
        expect(saysOf(code)).toMatchObject(label);
      }),
      { numRuns: 25 },
    );
  });

  it('of a container is read back', async () => {
    const body = '09521234000000001';
    const { code } = await readBack(drawContainer(`https://id.gs1.org/00/${body}${checkDigit(body)}`));
    expect(code).toBe(`]C100${body}${checkDigit(body)}`);
  });

  it('says what its unit and lot are', () => {
    const made = unitLabel(unitLink(GTIN, LABEL.serial), lotLink(GTIN, LABEL.lot), LABEL.expiry);
    expect(made).toEqual(LABEL);
    expect(elementString(LABEL)).toBe(`(01)${GTIN}(17)280131(10)L2026-A/7(21)K7M2QX9RT4VNA`);
    expect(digitalLink(LABEL, HOST)).toBe(`${HOST}/01/${GTIN}/10/L2026-A%2F7/21/K7M2QX9RT4VNA?17=280131`);
    expect(unitLabel('https://example.com/x', lotLink(GTIN, 'L'), '2028-01-31')).toBeNull();
    expect(unitLabel(unitLink(GTIN, 'S'), 'x', '2028-01-31')).toBeNull();
  });
});

describe('what breaks the rules', () => {
  it.each<[string, Partial<UnitLabel>]>([
    ['a wrong check digit', { gtin: '09521234100011' }],
    ['a month 13', { expiry: '2028-13-01' }],
    ['a character that is not of set 82', { lot: 'L^1' }],
    ['a lot of more than 20 characters', { lot: 'L'.repeat(21) }],
    ['a serial number of more than 20 characters', { serial: 'S'.repeat(21) }],
  ])('is not drawn: %s', (_what, more) => {
    for (const symbology of ['datamatrix', 'qr', 'link'] as const)
      expect(() => drawUnit({ ...LABEL, ...more }, symbology, HOST)).toThrow();
  });

  it('is not drawn for a container either', () => {
    expect(() => drawContainer('https://id.gs1.org/00/095212340000000010')).toThrow();
    expect(() => drawContainer('https://id.gs1.org/01/09521234100017/21/S')).toThrow();
  });
});
