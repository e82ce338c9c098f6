import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  equalBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64Url,
  toHex,
  toHex0x,
  utf8,
} from './bytes.ts';

const refused = (code: string) => expect.objectContaining({ code });
const any = fc.uint8Array({ maxLength: 200 });

describe('each encoding', () => {
  it('gives back what was put in, and is the one that Node writes', () => {
    fc.assert(
      fc.property(any, (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromHex(toHex0x(bytes))).toEqual(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
  });

  it('knows the examples of RFC 4648', () => {
    for (const [text, encoded] of [
      ['', ''],
      ['f', 'Zg=='],
      ['fo', 'Zm8='],
      ['foo', 'Zm9v'],
      ['foob', 'Zm9vYg=='],
      ['fooba', 'Zm9vYmE='],
      ['foobar', 'Zm9vYmFy'],
    ] as const)
      expect(toBase64(utf8(text))).toBe(encoded);
  });

  it('has one writing for each value: every accepted text is the one we would write', () => {
    const letters = 'AQgw-_+/=a9 ';
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = fromBase64Url(text);
        } catch (error) {
          expect(error).toEqual(refused('BYTES_NOT_BASE64URL'));
          return;
        }
        expect(toBase64Url(bytes)).toBe(text);
      }),
    );
  });
});

describe('refusals', () => {
  it.each(['A', 'AB', 'Zg==', 'Z g', 'Zg\n', 'Zm9vÿ', 'Zm9v中文字', 'Zh'])('base64url %j', (text) => {
    // AB and Zh carry bits that belong to no byte
    expect(() => fromBase64Url(text)).toThrow(refused('BYTES_NOT_BASE64URL'));
  });
  it.each(['Zg', 'Zg=', 'Zg===', '=', '====', 'Zm9-', 'Zm9_', 'Zm8=Zm8='])('base64 %j', (text) => {
    expect(() => fromBase64(text)).toThrow(refused('BYTES_NOT_BASE64URL'));
  });
  it.each(['0', '0x0', 'zz', '0x0g', ' 00', '0X00'])('hex %j', (text) => {
    expect(() => fromHex(text)).toThrow(refused('BYTES_NOT_HEX'));
  });
  it.each([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xb8]])('UTF-8 %j', (...bytes) => {
    expect(() => fromUtf8(Uint8Array.from(bytes))).toThrow(refused('BYTES_NOT_UTF8'));
  });
});

describe('byte strings', () => {
  it('keep a byte order mark, which is part of what was signed', () => {
    expect(fromUtf8(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
  });
  it('join and compare', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(toHex(concat(a, b))).toBe(toHex(a) + toHex(b));
        expect(equalBytes(a, Uint8Array.from(a))).toBe(true);
        expect(equalBytes(a, b)).toBe(toHex(a) === toHex(b));
      }),
    );
  });
});
