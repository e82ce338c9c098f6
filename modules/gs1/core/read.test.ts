import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDigitalLink } from './digital-link.ts';
import { read } from './read.ts';
import { company, contentOf } from './samples.property.ts';
import { IDENTIFIERS } from './table.ts';

const YEAR = 2026;
const GS = '\u001d';
const elements = (text: string) => {
  const result = read(text, { year: YEAR });
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.fault)}`);
  return result.reading.elements.map(({ ai, value }) => [ai, value]);
};
type Pairs = (readonly [string, string])[];
const raw = (pairs: Pairs) =>
  pairs
    .map(([ai, value], i) => ai + value + (IDENTIFIERS.get(ai)!.fixed || i === pairs.length - 1 ? '' : GS))
    .join('');
const bracketed = (pairs: Pairs) =>
  pairs.map(([ai, value]) => `(${ai})${value.replaceAll('(', '\\(')}`).join('');

describe('every application identifier', () => {
  it('numbers 224 lines and the ranges they stand for', () => {
    expect(IDENTIFIERS.size).toBeGreaterThan(480);
  });

  it.each([...IDENTIFIERS.keys()])('(%s) is read back from every form', (ai) => {
    const set = company(ai);
    expect(set).not.toBeNull();
    const pairs = fc.tuple(
      ...set!.map((one) => contentOf(IDENTIFIERS.get(one)!).map((value) => [one, value] as const)),
    );
    const key = (found: Pairs) =>
      found.filter(
        ([one, value]) =>
          !(one === '253' && value.length === 13) &&
          !(one === '255' && value.length === 13) &&
          !(one === '8003' && value.length === 14),
      );
    fc.assert(
      fc.property(pairs, (found) => {
        if (set!.includes('8030') && key(found).length < found.length) return;
        const wanted = found.map((pair) => [...pair]);
        // a backslash can only be written as content when no bracket follows
        expect(elements(`]d2${raw(found)}`)).toEqual(wanted);
        expect(elements(`^${raw(found).replaceAll(GS, '^')}`)).toEqual(wanted);
        expect(elements(bracketed(found))).toEqual(wanted);
        const link = buildDigitalLink(
          found.map(([one, value]) => ({ ai: one, value })),
          'https://example.com/some/stem/',
        );
        if (link !== null) expect(Object.fromEntries(elements(link))).toEqual(Object.fromEntries(wanted));
      }),
      { numRuns: 12 },
    );
  });

  it.each([...IDENTIFIERS.values()].map((identifier) => [identifier.ai, identifier] as const))(
    '(%s) refuses what is longer than it may be',
    (ai, identifier) => {
      fc.assert(
        fc.property(contentOf(identifier), (value) => {
          const result = read(
            `(${ai})${value.replaceAll('(', '\\(')}${'0'.repeat(identifier.max - value.length + 1)}`,
            { year: YEAR },
          );
          expect(result.ok).toBe(false);
        }),
        { numRuns: 5 },
      );
    },
  );
});

describe('what kind of code it is', () => {
  const kind = (text: string, insist?: 'gtin' | 'drug-trace-code') => {
    const result = read(text, { year: YEAR, ...(insist ? { kind: insist } : {}) });
    return result.ok
      ? `${result.reading.kind}${result.reading.agency ? `:${result.reading.agency}` : ''}`
      : result.fault.rule;
  };
  it.each([
    ['96385074', 'gtin'],
    ['036000291452', 'gtin'],
    ['6901234567892', 'gtin'],
    [' 04006381333931\r\n', 'gtin'],
    [']E06901234567892', 'gtin'],
    [']E496385074', 'gtin'],
    [']I104006381333931', 'gtin'],
    [`]E06901234567892|]e010ABC${GS}21X`, 'element-string'],
    ['81234567890123456781', 'drug-trace-code'],
    ['00040123450000003338', 'element-string'],
    [']Q1https://id.gs1.org/01/04006381333931', 'digital-link'],
    ['HTTPS://EXAMPLE.COM/01/04006381333931', 'digital-link'],
    [']d181234567890123456781', 'drug-trace-code'],
    [']Q1any text at all', 'plain'],
    [']Q1', 'plain'],
    [']d1^010400638133393', 'plain'],
    [']Q1HtTps://example.com/01/04006381333931', 'plain'],
    [']J0Ward 3', 'plain'],
    [']Q1https://example.com/page', 'link-key'],
    [']Q16901234567893', 'csum'],
    [']d1+A123BJC5D6E71', 'other-agency:HIBCC'],
    ['6901234567892 ', 'gtin'],
    ['(01)04006381333931\r\n', 'element-string'],
    [']C10104006381333931', 'element-string'],
    [`]J1${GS}0104006381333931`, 'element-string'],
    [`${GS}0104006381333931`, 'element-string'],
    ['+A123BJC5D6E71', 'other-agency:HIBCC'],
    ['=/A9999XYZ100T0944', 'other-agency:ICCBBA'],
    ['9N111234567842', 'other-agency:IFA'],
    ['[)>\u001e06\u001d9N111234567842\u001d1TABC', 'other-agency:IFA'],
    ['MA.156.M0.100221.0001', 'other-agency:ZIIOT'],
  ])('reads %j as %s', (text, wanted) => {
    expect(kind(text)).toBe(wanted);
  });

  it('never takes a trace code for a number it does not have, nor the other way round', () => {
    expect(kind('81234567890123456781', 'gtin')).toBe('number-length');
    expect(kind('6901234567892', 'drug-trace-code')).toBe('trace-code');
    expect(kind('00040123450000003338', 'drug-trace-code')).toBe('drug-trace-code');
    expect(kind('6901234567892', 'gtin')).toBe('gtin');
  });

  it('pads product numbers to 14 digits', () => {
    expect(elements('96385074')).toEqual([['01', '00000096385074']]);
    expect(elements(']E06901234567892')).toEqual([['01', '06901234567892']]);
  });

  it('answers for any text, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'()^]d2Q30117102180/?=&%\\\u001d') })),
        (text) => {
          const result = read(text, { year: YEAR });
          if (!result.ok) expect(result.fault.position).toBeGreaterThan(0);
          if (!result.ok) expect(result.fault.position).toBeLessThanOrEqual(text.length + 1);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
