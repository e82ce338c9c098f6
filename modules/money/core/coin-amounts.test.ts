import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coinAmount, coinText, inPrice, scaleOfOffer } from './coin-amounts.ts';
import { inToken } from './token-deposit.ts';

const terms = (amounts: readonly string[]) => ({
  milestones: amounts.map((amount) => ({ amount, dueBy: 1, window: 1, performed: true })),
});

describe('a coin’s amounts', () => {
  it('are written exactly and read again, whatever the coin’s digits', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 27n), fc.integer({ min: 2, max: 18 }), (amount, digits) => {
        expect(coinAmount(coinText(amount, digits), digits)).toBe(amount);
      }),
    );
    expect(coinText(3_980_000_000n, 6)).toBe('3,980.00');
    expect(coinText(1n, 6)).toBe('0.000001');
    expect(coinText(1_234_567_890_500n, 6)).toBe('1,234,567.8905');
  });

  it('are not guessed from what is none', () => {
    for (const text of ['', '.', '1.', '-1', '1e3', '0x10', '1.2345678', '1 000', '１'])
      expect(coinAmount(text, 6), text).toBeNull();
  });
});

describe('terms in a coin', () => {
  it('say the price again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 16 }),
        fc.integer({ min: 2, max: 18 }),
        (minor, digits) => {
          const scale = 10n ** BigInt(digits - 2);
          const priced = inPrice(terms(minor.map((one) => inToken(one, 2, digits).toString())), scale);
          expect(priced).toEqual(terms(minor.map(String)));
        },
      ),
    );
  });

  it('that are of no price are none', () => {
    expect(inPrice(terms(['10000', '10001']), 10_000n)).toBeNull();
    expect(inPrice(terms(['10001']), 1n)).toEqual(terms(['10001']));
  });
});

describe('the scale that an offer says itself', () => {
  const total = fc.bigInt(1n, 10n ** 15n);
  const digits = fc.integer({ min: 2, max: 18 });
  it('is the coin’s, however the price was cut into parts', () => {
    fc.assert(
      fc.property(total, digits, fc.bigInt(0n, 10n ** 15n), (price, of, cut) => {
        const scale = 10n ** BigInt(of - 2);
        const first = (cut % (price + 1n)) * scale;
        expect(scaleOfOffer(terms([`${first}`, `${price * scale - first}`]), price)).toBe(scale);
      }),
    );
  });

  it('is none where the parts are not the price in a coin’s smallest units', () => {
    fc.assert(
      fc.property(total, digits, fc.bigInt(1n, 10n ** 6n), (price, of, off) => {
        const sum = price * 10n ** BigInt(of - 2) + off;
        const found = scaleOfOffer(terms([`${sum}`]), price);
        if (found !== null) expect(found * price).toBe(sum);
      }),
    );
    for (const [amount, price] of [
      ['0', 5n],
      ['0', 0n],
      ['5', 0n],
      ['10', 5n],
      ['5', 50n],
    ] as const)
      expect(scaleOfOffer(terms([amount]), price)).toBe(null);
    expect(scaleOfOffer(terms([`${10n ** 17n}`]), 1n)).toBe(null);
  });
});
