import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coinAmount, coinText, inPrice } from './coin-amounts.ts';
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
