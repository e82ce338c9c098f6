import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDose, sameDose } from './dose.ts';

describe('a printed content', () => {
  it.each([
    ['100 U', '100单位'],
    ['1.0 mL', '1 毫升'],
    ['1 mL', '1000 µL'],
    ['1 mL', '1000 μl'],
    ['0.5 mg', '500 mcg'],
    ['１５０　Ｕ', '150u'],
    ['30 g', '30000 mg'],
    ['900 发', '900 pulses'],
  ])('%s is %s', (a, b) => {
    expect(sameDose(parseDose(a)!, parseDose(b)!)).toBe(true);
  });

  it.each([
    ['100 U', '150 U'],
    ['1 mL', '1 mg'],
    ['1.0 mL', '1.01 mL'],
  ])('%s is not %s', (a, b) => {
    expect(sameDose(parseDose(a)!, parseDose(b)!)).toBe(false);
  });

  it.each([
    '',
    '100',
    'U',
    '-5 U',
    '1e3 U',
    '1,5 mL',
    '100 constructor',
    '0.0000001 uL',
    '1 U 2',
    '100 furlongs',
  ])('nothing is read from %j', (text) => {
    expect(parseDose(text)).toBeNull();
  });

  it('is the same with zeros behind, and in a finer measure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (n) => {
        const whole = parseDose(`${n} mL`)!;
        expect(sameDose(whole, parseDose(`${n}.000 ml`)!)).toBe(true);
        expect(sameDose(whole, parseDose(`${n * 1000} uL`)!)).toBe(true);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void parseDose(text)));
  });
});
