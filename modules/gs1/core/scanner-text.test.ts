import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { productCode } from './product-code.ts';
import { read } from './read.ts';
import { scannerText } from './scanner-text.ts';

const GS = '\u001d';
const RAW = `]d20109521234100010172812311${'0'}LOT1${GS}21SER1`;
const read26 = (text: string) => {
  const result = read(scannerText(text), { year: 2026 });
  return result.ok ? productCode(result.reading, 2026) : result.fault.rule;
};

describe('what a keyboard scanner sends', () => {
  it.each([
    ['the control character', RAW],
    ['caret and bracket', RAW.replace(GS, '^]')],
    ['a name in braces', RAW.replace(GS, '{GS}')],
    ['a name in angle brackets', RAW.replace(GS, '<GS>')],
    ['a name in brackets, small', RAW.replace(GS, '[gs]')],
    ['FNC1 by name', RAW.replace(GS, '{FNC1}')],
    ['an escape', RAW.replace(GS, '\\x1d')],
    ['another escape', RAW.replace(GS, '\\u001D')],
    ['its number', RAW.replace(GS, '~d029')],
    ['the picture of the control character', RAW.replace(GS, '␝')],
    ['an end of line', `${RAW}\r\n`],
    ['a tab as its end', `${RAW}\t`],
    ['a separator at its end', `${RAW}${GS}`],
    ['a symbology identifier in the wrong case', RAW.replace(']d2', ']D2')],
    ['a leading separator in place of a symbology identifier', RAW.replace(']d2', GS)],
    [
      'full-width characters',
      [...RAW].map((c) => (c > ' ' ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join(''),
    ],
    ['the brackets of an input method', RAW.replace(']d2', '】d2').replace(GS, '……】')],
  ])('is read when the separator is %s', (_, sent) => {
    expect(read26(sent)).toEqual({
      gtin: '09521234100010',
      serial: 'SER1',
      lot: 'LOT1',
      expiry: '2028-12-31',
    });
  });

  it('reads brackets as an input method types them', () => {
    expect(read26('（01）09521234100010（21）SER1')).toEqual({ gtin: '09521234100010', serial: 'SER1' });
  });

  it.each([
    ['a lost separator', RAW.replace(GS, ''), undefined],
    ['a wrong check digit', RAW.replace('0010', '0011'), 'csum'],
    ['a symbology that is none of ours', RAW.replace(']d2', ']X9'), 'symbology'],
    ['nothing', '\r\n', 'empty'],
  ])('does not repair %s', (_, sent, rule) => {
    const found = read26(sent);
    if (rule) expect(found).toBe(rule);
    // the serial number has become part of the lot: nothing is invented
    else expect(found).toEqual({ gtin: '09521234100010', lot: 'LOT121SER1', expiry: '2028-12-31' });
  });

  it('leaves alone whatever was printed', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'0123456789ABCXYZabcxyz-._/:%&+=*,;!?"\'()') });
    fc.assert(
      fc.property(plain, (text) => {
        expect(scannerText(text)).toBe(text);
        expect(scannerText(scannerText(`${text}\r\n`))).toBe(text);
      }),
    );
  });
});
