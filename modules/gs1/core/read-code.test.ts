import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit, toGtin14 } from './check-digit.ts';
import { parseUnitLink, unitLink } from './digital-link.ts';
import { readCode as read } from './read-code.ts';

const readCode = (text: string) => read(text, 2026);

const GTIN = `0952123410001${checkDigit('0952123410001')}`;
const GS = '\u001d';
const fault = (text: string) => {
  try {
    readCode(text);
    return 'none';
  } catch (error) {
    const { code, params } = error as AppError;
    return params.position === undefined ? code : `${code}@${params.position}`;
  }
};

describe('readCode', () => {
  const wanted = { gtin: GTIN, serial: 'A7/x+1', lot: 'L24', expiry: '2027-12-31' };

  it('reads the same unit in every way of writing', () => {
    const raw = `01${GTIN}17271231` + `10L24${GS}21A7/x+1`;
    for (const text of [raw, `]d2${raw}`, `]Q3${raw}`, `${GS}${raw}`, `(01)${GTIN}(17)271231(10)L24(21)A7/x+1`, `https://id.gs1.org/01/${GTIN}/10/L24/21/A7%2Fx%2B1?17=271231`, `https://example.com/p/01/${GTIN}/10/L24/21/A7%2Fx%2B1?17=271231`])
      expect(readCode(text)).toMatchObject(wanted);
  });

  it('takes day 00 as the end of the month', () => {
    expect(readCode(`01${GTIN}17280200`).expiry).toBe('2028-02-29');
  });

  it.each([
    ['', 'GS1_EMPTY'],
    ['hello', 'GS1_NOT_A_CODE'],
    [`01${GTIN.slice(0, 13)}${(Number(GTIN[13]) + 1) % 10}`, 'GS1_CHECK_DIGIT@16'],
    [`01${GTIN}17270230`, 'GS1_DATE@19'],
    [`01${GTIN}17271301`, 'GS1_DATE@19'],
    [`01${GTIN}10${'A'.repeat(21)}`, 'GS1_FORMAT@19'],
    [`01${GTIN}21A^B`, 'GS1_FORMAT@19'],
    [`01${GTIN}1721`, 'GS1_FORMAT@19'],
    ['10L24', 'GS1_NO_PRODUCT'],
    [`01${GTIN}99X`, 'GS1_AI_UNKNOWN@17'],
    [`01${GTIN}10A${GS}10B`, 'GS1_AI_TWICE'],
    ['https://example.com/nothing', 'GS1_NOT_A_CODE'],
    ['https://id.gs1.org/01/123/21/%E0%A4%A', 'GS1_NOT_A_CODE'],
  ])('refuses %j', (text, code) => {
    expect(fault(text)).toBe(code);
  });

  it('notices every single wrong digit of a GTIN', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const wrong = GTIN.slice(0, at) + String((Number(GTIN[at]) + by) % 10) + GTIN.slice(at + 1);
        expect(fault(`01${wrong}`)).toBe('GS1_CHECK_DIGIT@16');
      }),
    );
  });

  it('gives back any serial that a link was built from', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/), (serial) => {
        expect(parseUnitLink(unitLink(GTIN, serial))).toEqual({ gtin: GTIN, serial });
        expect(readCode(unitLink(GTIN, serial)).serial).toBe(serial);
      }),
    );
  });
});

describe('toGtin14', () => {
  it('pads the short forms and refuses wrong ones', () => {
    expect(toGtin14('4006381333931')).toBe('04006381333931');
    expect(toGtin14('96385074')).toBe('00000096385074');
    expect(toGtin14('4006381333932')).toBeNull();
    expect(toGtin14('123')).toBeNull();
  });
});
