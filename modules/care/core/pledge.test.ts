import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PledgeBps, pledgeOf } from './pledge.ts';
import { PricedService } from './price-list.ts';
import { Quote } from './quote.ts';

const total = fc.bigInt({ min: 1n, max: 10n ** 20n });
const bps = fc.integer({ min: 100, max: 10_000 });

describe('what a clinic pays on top if it does not come', () => {
  it.each([
    [398_000n, 2_550, 101_490n],
    [398_000n, 10_000, 398_000n],
    [100n, 100, 1n],
    [1n, 100, 1n],
    [3n, 3_333, 1n],
  ])('of %s at %s is %s', (price, share, sum) => {
    expect(pledgeOf(price, share)).toBe(sum);
  });

  it('is never less than the share, never a cent more than it takes, and never more than the price', () => {
    fc.assert(
      fc.property(total, bps, (price, share) => {
        const sum = pledgeOf(price, share);
        expect(sum * 10_000n >= price * BigInt(share)).toBe(true);
        expect((sum - 1n) * 10_000n < price * BigInt(share)).toBe(true);
        expect(sum > 0n && sum <= price).toBe(true);
      }),
    );
  });

  it('grows with the share and with the price', () => {
    fc.assert(
      fc.property(total, total, bps, bps, (a, b, x, y) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(pledgeOf(less, Math.min(x, y)) <= pledgeOf(more, Math.max(x, y))).toBe(true);
      }),
    );
  });

  it.each([0, 99, 10_001, -100, 150.5, Number.NaN, '2550', null])('is no share: %s', (share) => {
    expect(PledgeBps.safeParse(share).success).toBe(false);
  });

  it('is refused in a price list and in a quote where it is no share', () => {
    const items = [{ name: { zh: '玻尿酸', en: 'Filler' }, quantity: 1, unitPrice: '398000' }];
    const listed = { code: 'x', items, included: [], excluded: [] };
    const quoted = { currency: 'CNY', items, excluded: [], validUntil: '2026-01-01T00:00:00Z' };
    for (const [shape, value] of [
      [PricedService, listed],
      [Quote, quoted],
    ] as const) {
      const refused = (change: object) =>
        shape.safeParse({ ...value, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];
      expect(refused({ pledgeBps: 2_550 })).not.toContain('pledgeBps');
      for (const wrong of [0, 99, 10_001]) expect(refused({ pledgeBps: wrong })).toContain('pledgeBps');
    }
  });
});
