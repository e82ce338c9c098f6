import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread, usedIn } from './zone-amounts.ts';

const zones = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 30 });

describe('amounts by place', () => {
  it('are proposed evenly, and lose nothing', () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 1, max: 1_000_000 }), (places, amount) => {
        const proposed = spread(places, amount);
        expect(proposed.map(({ zone }) => zone)).toEqual(places);
        expect(usedIn(proposed, amount)).toBe(amount);
        const each = proposed.map((one) => one.amount);
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('may be less than was opened, never more', () => {
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.nat({ max: 1_000_000 }),
        (places, amount, opened) => {
          expect(usedIn(spread(places, amount), opened)).toBe(amount <= opened ? amount : null);
        },
      ),
    );
  });

  it.each([
    ['nothing anywhere', [{ zone: 'chin', amount: 0 }]],
    ['no place', []],
    [
      'a negative one',
      [
        { zone: 'chin', amount: -1 },
        { zone: 'nose', amount: 5 },
      ],
    ],
    ['a part of the smallest amount', [{ zone: 'chin', amount: 0.5 }]],
    ['no number', [{ zone: 'chin', amount: Number.NaN }]],
    ['a number too large to count', [{ zone: 'chin', amount: 2 ** 53 }]],
  ])('are refused with %s', (_, amounts) => {
    expect(usedIn(amounts, 1_000)).toBeNull();
  });
});
