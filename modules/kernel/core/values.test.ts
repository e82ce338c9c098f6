/** Money, time, identifiers, hashes and errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { AppError, defineErrors, errorCatalogue, noneFor } from './errors.ts';
import { commit, derive, keccak256, sha256, textHash } from './hash.ts';
import { asId, isId, newId } from './ids.ts';
import { addMoney, formatMoney, money, parseMoney, splitMoney, sumMoney } from './money.ts';
import { DAY, fromIso, toIso, toSeconds } from './time.ts';

const refused = (code: string) => expect.objectContaining({ code });

describe('money', () => {
  it('adds up exactly and keeps the currency', () => {
    expect(sumMoney([money(10n, 'CNY'), money(5n, 'CNY')], 'CNY')).toEqual(money(15n, 'CNY'));
    expect(() => addMoney(money(1n, 'CNY'), money(1n, 'HKD'))).toThrow(refused('MONEY_MISMATCH'));
  });
  it('loses nothing in shares, whatever the shares are', () => {
    const shares = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 }).map((parts) => {
      const total = parts.reduce((a, b) => a + b, 0) || 1;
      const bps = parts.map((part) => Math.floor((part * 10_000) / total));
      bps[0]! += 10_000 - bps.reduce((a, b) => a + b, 0);
      return bps;
    });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), shares, (minor, bps) => {
        const parts = splitMoney(money(minor, 'CNY'), bps);
        expect(sumMoney(parts, 'CNY').minor).toBe(minor);
        expect(parts.every((part) => part.minor >= 0n)).toBe(true);
      }),
    );
  });
  it.each([[[5_000]], [[5_000, 5_001]], [[]]])('refuses shares %j that are not the whole', (bps) => {
    expect(() => splitMoney(money(1n, 'CNY'), bps)).toThrow(refused('MONEY_INVALID'));
  });
  it('is shown exactly, also where a float would not be', () => {
    expect(formatMoney(money(398_000n, 'CNY'), 'zh-CN')).toBe('¥3,980.00');
    expect(formatMoney(money(9_007_199_254_740_993_01n, 'CNY'), 'en')).toBe('¥9,007,199,254,740,993.01');
    expect(formatMoney(money(-5n, 'CNY'), 'en')).toBe('-¥0.05');
  });
  it('is read as people write it', () => {
    expect(parseMoney(' 3980.5 ', 'CNY')).toEqual(money(398_050n, 'CNY'));
    for (const text of ['', '-1', '1.234', '1,000', '1e3', '٣', '1.', '.5', '99999999999999'])
      expect(() => parseMoney(text, 'CNY')).toThrow(refused('MONEY_INVALID'));
  });
});

describe('a thing that may not be there', () => {
  it('is null for the codes that say so', async () => {
    const unknown = Promise.reject(new AppError('ID_INVALID', { value: '' }));
    expect(await unknown.catch(noneFor('MONEY_INVALID', 'ID_INVALID'))).toBeNull();
  });
  it.each([new AppError('MONEY_INVALID'), new TypeError('broken'), 'text', null])(
    'is not taken for missing when %s was thrown',
    async (thrown) => {
      await expect(Promise.reject(thrown).catch(noneFor('ID_INVALID'))).rejects.toBe(thrown);
    },
  );
});

describe('time', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(fromIso(toIso(ms))).toBe(ms);
        expect(toSeconds(ms)).toBe(Math.floor(ms / 1000));
      }),
    );
    expect(fromIso('2026-12-03T08:00:00+08:00')).toBe(fromIso('2026-12-03T00:00:00Z'));
    expect(fromIso('2028-02-29T00:00:00Z') + DAY).toBe(fromIso('2028-03-01T00:00:00Z'));
  });
  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-1-1T00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    'tomorrow',
  ])('refuses %s', (text) => {
    expect(() => fromIso(text)).toThrow(refused('TIME_INVALID'));
  });
});

describe('identifiers', () => {
  it('are those of RFC 9562, appendix A.6', () => {
    const random = fromHex('0cc318c4dc0c0c07398f');
    expect(newId(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });
  it('sort by time', () => {
    const random = new Uint8Array(10).fill(255);
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(1_000_000), (at, later) => {
        const [a, b] = [newId(at, random), newId(at + later + 1, new Uint8Array(10))];
        expect(a < b && isId(a) && asId(b) === b).toBe(true);
      }),
    );
  });
  it.each(['', '017f22e2-79b0-4cc3-98c4-dc0c0c07398f', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F', 'x'])(
    'refuse %j',
    (text) => {
      expect(isId(text)).toBe(false);
      expect(() => asId(text)).toThrow(refused('ID_INVALID'));
    },
  );
});

describe('hashes', () => {
  it('are those of the standards', () => {
    expect(toHex(sha256(utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(toHex(keccak256(new Uint8Array()))).toBe(
      'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    );
    expect(toHex(textHash('abc'))).toBe(toHex(sha256(utf8('abc'))));
  });
  it('derive as RFC 5869, test case 3', () => {
    expect(toHex(derive(new Uint8Array(22).fill(0x0b), '', 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });
  it('derive another value for another purpose', () => {
    const secret = new Uint8Array(32).fill(7);
    expect(toHex(derive(secret, 'a'))).not.toBe(toHex(derive(secret, 'b')));
  });
  it('commit to a record whatever its order, and to nothing else', () => {
    const salt = new Uint8Array(16).fill(1);
    expect(commit(salt, { a: 1, b: 2 })).toEqual(commit(salt, { b: 2, a: 1 }));
    expect(commit(salt, { a: 1 })).not.toEqual(commit(salt, { a: 2 }));
    expect(commit(new Uint8Array(16).fill(2), { a: 1 })).not.toEqual(commit(salt, { a: 1 }));
    expect(() => commit(new Uint8Array(15), {})).toThrow(refused('COMMITMENT_SALT_SHORT'));
  });
});

describe('errors', () => {
  it('speak both languages with their values, and keep what they do not know', () => {
    defineErrors({
      TEST_VALUES: { status: 409, retryable: true, zh: '第 {n} 个：{gone}', en: 'number {n}: {gone}' },
    });
    const error = new AppError('TEST_VALUES', { n: 3 });
    expect(error.text('zh-CN')).toBe('第 3 个：{gone}');
    expect(error.text('en')).toBe('number 3: {gone}');
    expect(error).toMatchObject({ status: 409, retryable: true, code: 'TEST_VALUES' });
  });
  it('belong to one place', () => {
    const kind = { status: 400, retryable: false, zh: '一', en: 'one' };
    defineErrors({ TEST_ONCE: kind });
    expect(() => defineErrors({ TEST_ONCE: kind })).not.toThrow();
    expect(() => defineErrors({ TEST_ONCE: { ...kind, en: 'two' } })).toThrow('defined twice');
    expect(errorCatalogue().get('TEST_ONCE')).toEqual(kind);
  });
  it('have an answer even where the code was never declared', () => {
    expect(new AppError('TEST_UNHEARD')).toMatchObject({ status: 500, retryable: true });
  });
});
