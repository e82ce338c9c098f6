import { errorCatalogue } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { codeOf, faultError, RULES, type Rule } from './faults.ts';
import { LINTERS } from './linters.ts';
import { read } from './read.ts';
import { readCode } from './read-code.ts';

const G = '04006381333931';
const S = '040123450000003338';
const fault = (text: string, kind?: 'gtin' | 'drug-trace-code') => {
  const result = read(text, { year: 2026, ...(kind ? { kind } : {}) });
  return result.ok ? 'none' : `${result.fault.rule}@${result.fault.position}`;
};

/** Each rule with a text that breaks it and where. */
const BROKEN: readonly (readonly [Rule, number, string, ('gtin' | 'drug-trace-code')?])[] = [
  ['empty', 1, ''],
  ['empty', 1, '  \r\n'],
  ['empty', 4, ']d2'],
  ['not-a-code', 1, 'hello'],
  ['symbology', 1, ']X0123'],
  ['ai-unknown', 17, `01${G}04A`],
  ['ai-unknown', 2, '(9999)1'],
  ['bracket', 1, '(01'],
  ['bracket', 1, '('],
  ['too-short', 21, `01${G}1721`],
  ['too-short', 19, `01${G}10`],
  ['too-long', 42, `]C101${G}10${'A'.repeat(21)}`],
  ['too-long', 30, `(01)${G}(242)1234567`],
  ['charset-n', 5, '0104A06381333931'],
  ['charset-x', 20, `01${G}21A^B`],
  ['charset-y', 12, '(8010)01234a'],
  ['charset-z', 31, `(01)${G}(21)1(8030)A+`],
  ['charset-z', 33, `(01)${G}(21)1(8030)AAA=`],
  ['ai-excludes', 2, `(01)${G}(255)4012345000009`],
  ['ai-requires', 2, '(10)L24'],
  ['ai-repeated', 25, `(01)${G}(10)A(10)B`],
  ['digsig-serial', 2, '(253)4012345000009(8030)AAA'],
  ['number-length', 1, '123456789', 'gtin'],
  ['number-length', 17, ']E06901234567892X'],
  ['trace-code', 18, '81234567890123456', 'drug-trace-code'],
  ['trace-code', 3, '81x34567890123456781', 'drug-trace-code'],
  ['trace-code', 21, '812345678901234567811', 'drug-trace-code'],
  ['link-character', 28, `https://a/01/${G}<`],
  ['link-host', 9, `https:///01/${G}`],
  ['link-host', 1, `HtTps://a/01/${G}`],
  ['link-host', 10, `https://a_b/01/${G}`],
  ['link-key', 10, `https://a/gtin/${G}`],
  ['link-key', 10, 'https://a/'],
  ['link-key', 10, 'https://a/a-page-of-somebody'],
  ['link-compressed', 11, 'https://a/AQnYUc1gmiERGhr9'],
  ['link-compressed', 29, `https://a/01/${G}/ihQlhK2ZbQ0x`],
  ['charset-x', 26, '(01)04006381333931(10)ABC '],
  ['charset-x', 25, ']d2010400638133393110ABC '],
  ['too-short', 27, 'https://a/01/4006381333931'],
  ['link-empty', 32, `https://a/01/${G}/10/`],
  ['link-null', 33, `https://a/01/${G}/10/A%00`],
  ['link-order', 29, `https://a/01/${G}/21/1/10/A`],
  ['link-attribute', 29, `https://a/01/${G}?254=A`],
  ['link-in-path', 29, `https://a/01/${G}?10=A`],
  ['link-duplicate', 39, `https://a/01/${G}?17=271231&17=271231`],
  ['link-number-as-key', 29, `https://a/01/${G}?04=1`],
  ['csum', 16, '0104006381333932'],
  ['csum', 27, 'https://a/01/04006381333932'],
  ['csumalpha', 30, '(8013)1987654Ad4X4bL5ttr2310c2L'],
  ['gcppos1', 9, '(8004)12A45'],
  ['gcppos1', 7, '(8004)123'],
];

const AT: Partial<Record<Rule, readonly (readonly [string, number])[]>> = {
  couponcode: [
    ['(8110)712345', 7],
    ['(8110)0123456123456', 19],
    ['(8110)0123456123456111101230', 28],
    ['(8110)01A', 9],
  ],
  couponposoffer: [
    ['(8112)2012345', 7],
    ['(8112)00123456123456', 20],
  ],
  hasnondigit: [[`(01)${G}(8014)109999822`, 25]],
  hh: [[`(01)${G}(8008)27123124`, 31]],
  hhmi: [
    [`(01)${G}(7003)2712312400`, 31],
    [`(01)${G}(7003)2712312360`, 33],
  ],
  mi: [[`(01)${G}(8008)2712312360`, 33]],
  ss: [[`(01)${G}(8008)271231235960`, 35]],
  hyphen: [[`(00)${S}(4330)000100+`, 35]],
  iban: [
    ['(415)4012345000009(8020)A(8007)GB83WEST12345698765432', 34],
    ['(8007)XX82WEST12345698765432', 7],
    ['(8007)GB82west', 11],
  ],
  importeridx: [['(7040)1AB.', 10]],
  iso3166: [['(422)000', 6]],
  iso3166999: [['(7030)998A', 7]],
  iso3166alpha2: [['(4307)XX', 7]],
  iso4217: [['(3910)0001', 7]],
  iso5218: [['(7252)3', 7]],
  latitude: [['(4309)18000000010000000000', 7]],
  longitude: [['(4309)18000000003600000001', 17]],
  mediatype: [
    ['(7241)11', 7],
    ['(7241)00', 7],
  ],
  nonzero: [['(8001)00000000000000', 7]],
  nozeroprefix: [['(8011)01', 7]],
  packagetype: [['(7041)QQQ', 7]],
  pcenc: [['(4300)A%2', 8]],
  pieceoftotal: [
    [`(8006)${G}0201`, 23],
    [`(8006)${G}0001`, 21],
  ],
  posinseqslash: [['(7258)3/2', 7]],
  winding: [['(8001)12341234512320', 19]],
  yesno: [['(4321)2', 7]],
  yymmd0: [
    [`01${G}17271301`, 21],
    [`01${G}17270230`, 23],
    [`01${G}17230229`, 23],
  ],
  yymmdd: [['(4326)271200', 11]],
  yyyymmdd: [['(7250)20230229', 13]],
  zero: [['(8003)10401234500000', 7]],
  gcppos2: [],
  yyyymmd0: [],
};

describe('every rule', () => {
  const cases = BROKEN.map(([rule, position, text, kind]) => ({ rule, position, text, kind }));
  it.each(cases)('$rule is found at $position in $text', ({ rule, position, text, kind }) => {
    expect(fault(text, kind)).toBe(`${rule}@${position}`);
  });

  it.each(
    Object.entries(AT).flatMap(([rule, texts]) =>
      texts.map(([text, position]) => ({ rule, position, text })),
    ),
  )('$rule is found at $position in $text', ({ rule, position, text }) => {
    expect(fault(text)).toBe(`${rule}@${position}`);
  });

  it('has linters that no identifier of today breaks alone', () => {
    expect(LINTERS.gcppos2('1234', 0, 4, 2026)).toBe(0);
    expect(LINTERS.gcppos2('012A45', 0, 6, 2026)).toBe(3);
    expect(LINTERS.yyyymmd0('20271301', 0, 8, 2026)).toBe(4);
    expect(LINTERS.yyyymmd0('20270200', 0, 8, 2026)).toBe(-1);
  });

  it('is triggered by a text above', () => {
    const tested = new Set<string>([...BROKEN.map(([rule]) => rule), ...Object.keys(AT)]);
    expect(RULES.filter((rule) => !tested.has(rule))).toEqual([]);
  });

  it('speaks both languages and names position and identifier', () => {
    for (const rule of RULES) {
      const kind = errorCatalogue().get(codeOf(rule))!;
      expect(kind.zh).toMatch(/[。]$/);
      expect(kind.en).toMatch(/\.$/);
    }
    const error = faultError({ rule: 'yymmd0', position: 21, ai: '17' });
    expect(error.text('zh-CN')).toBe('第 21 位（应用标识符 17）：这个日期不存在。');
    expect(error.text('en')).toBe('Position 21 (application identifier 17): there is no such date.');
  });
});

describe('readCode', () => {
  it('throws the rule as a code', () => {
    expect(() => readCode(`01${G}17271301`, 2026)).toThrowError(
      expect.objectContaining({ code: 'GS1_YYMMD0', params: expect.objectContaining({ position: 21 }) }),
    );
    expect(() => readCode('00040123450000003338', 2026)).toThrowError(
      expect.objectContaining({ code: 'GS1_NOT_A_CODE' }),
    );
  });
});
