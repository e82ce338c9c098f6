import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase45, toBase45 } from './base45.ts';
import { fromUtf8, utf8 } from './bytes.ts';

describe('Base45', () => {
  it.each([
    ['', ''],
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
  ])('%s is %s, as RFC 9285 has it', (plain, coded) => {
    expect(toBase45(utf8(plain))).toBe(coded);
    expect(fromUtf8(fromBase45(coded))).toBe(plain);
  });

  it('gives back every value', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase45(toBase45(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['A', 1],
    ['BB8B', 4],
    ['GGW', 1],
    [':::', 1],
    ['BB8::', 4],
    ['bb8', 1],
    ['BB8B_8', 5],
    ['é12', 1],
  ])('refuses %s at %i', (text, position) => {
    expect(() => fromBase45(text)).toThrowError(
      expect.objectContaining({ code: 'BASE45_INVALID', params: { position } }),
    );
  });

  it('has one text for one value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0AZ $%:') }), (text) => {
        try {
          expect(toBase45(fromBase45(text))).toBe(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BASE45_INVALID' });
        }
      }),
    );
  });
});
