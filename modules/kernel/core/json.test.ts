import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isCanonical, strictJson } from './json.ts';

const refused = (code: string) => expect.objectContaining({ code });

describe('canonicalJson (RFC 8785)', () => {
  it('sorts members by UTF-16 code units, as in section 3.2.3', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const object = Object.fromEntries(names.map((name, i) => [name, i]));
    expect([...canonicalJson(object).matchAll(/:(\d)/g)].map((m) => Number(m[1]))).toEqual([
      1, 3, 5, 6, 0, 4, 2,
    ]);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [-5e-324, '-5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [1e23, '1e+23'],
    [1e21, '1e+21'],
    [999999999999999900000, '999999999999999900000'],
    [333333333.33333325, '333333333.33333325'],
    [0.000001, '0.000001'],
    [0.0000001, '1e-7'],
    [-0.0000033333333333333333, '-0.0000033333333333333333'],
    [Number('1424953923781206.2'), '1424953923781206.2'],
  ])('writes %d as appendix B does', (number, text) => {
    expect(canonicalJson(number)).toBe(text);
  });

  it('escapes what must be escaped and nothing else', () => {
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
  });

  it('says the same of what is written in another order, and leaves out what is undefined', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: undefined })).toBe('{"b":[1,{"c":2,"d":1}]}');
  });

  it.each([
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['undefined in a list', [undefined]],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(refused('JSON_NOT_CANONICAL'));
  });

  it('is read back as the same value, and written again as the same text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        let text: string;
        try {
          text = canonicalJson(value);
        } catch (error) {
          expect(error).toEqual(refused('JSON_NOT_CANONICAL'));
          return;
        }
        // the strict reader refuses what could be misread
        if (text.includes('"__proto__"')) return;
        const read = strictJson(text);
        expect(canonicalJson(read)).toBe(text);
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('strictJson', () => {
  it.each([
    ['nothing', ''],
    ['a member twice', '{"a":1,"a":2}'],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a comma too many', '[1,]'],
    ['a comma too few', '[1 2]'],
    ['a number with a leading zero', '01'],
    ['a number with a plus', '+1'],
    ['a bare word', 'yes'],
    ['NaN', 'NaN'],
    ['single quotes', "'a'"],
    ['an open string', '"a'],
    ['an open object', '{"a":1'],
    ['a name that is none', '{1:2}'],
    ['a missing colon', '{"a" 1}'],
    ['a control character', '"\u0001"'],
    ['a bad escape', '"\\x"'],
    ['text after the value', '1 2'],
    ['a byte order mark', '\ufeff1'],
    ['a comment', '1 // one'],
  ])('refuses %s', (_, text) => {
    expect(() => strictJson(text)).toThrow(refused('JSON_INVALID'));
  });

  it('refuses what lies too deep', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(() => strictJson(deep(200))).toThrow(refused('JSON_INVALID'));
    expect(strictJson(deep(32))).toBeTruthy();
    expect(() => strictJson(deep(4), 2)).toThrow(refused('JSON_INVALID'));
  });

  it('gives objects that inherit nothing', () => {
    const read = strictJson('{"__proto__":{"admin":true},"constructor":1}') as Record<string, unknown>;
    expect((read as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
  });

  it('never reads what JSON.parse would not', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:01.eE+-tfn \\a') }), (text) => {
        let value: unknown;
        try {
          value = strictJson(text);
        } catch (error) {
          expect(error).toEqual(refused('JSON_INVALID'));
          return;
        }
        expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

describe('isCanonical', () => {
  /** As defined: read strictly and written again, it is the same. */
  const slowly = (text: string): boolean => {
    try {
      return canonicalJson(strictJson(text)) === text;
    } catch {
      return false;
    }
  };

  it('says yes to what was written canonically', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 12 }), (value) => isCanonical(canonicalJson(value))));
  });

  it('agrees with the strict reader on any text', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '"__proto__"',
      '1',
      '01',
      '1.0',
      ' ',
      'null',
      '"\\u0061"',
      '"\ud800"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        expect(isCanonical(parts.join(''))).toBe(slowly(parts.join('')));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['a name twice', '{"a":1,"a":1}'],
    ['another order', '{"b":1,"a":1}'],
    ['a space', '{"a": 1}'],
    ['another number', '1.0'],
    ['an escape too many', '"\\u0061"'],
    ['34 levels', '['.repeat(34) + ']'.repeat(34)],
    ['half a text', '{"a":'],
    ['half a character', '"\\ud800"'],
    ['nothing', ''],
  ])('says no to %s', (_what, text) => {
    expect(isCanonical(text)).toBe(false);
    expect(slowly(text)).toBe(false);
  });

  it('goes as deep as the strict reader', () => {
    for (const depth of [32, 33, 34]) {
      const text = '['.repeat(depth) + ']'.repeat(depth);
      expect(isCanonical(text)).toBe(slowly(text));
    }
  });
});
