import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PaidIn, shareBack, spendable } from './pot.ts';

const cents = fc.bigInt(0n, 10n ** 12n);
const entries = fc
  .array(fc.record({ amount: fc.bigInt(1n, 10n ** 9n), part: fc.nat(100) }), { maxLength: 6 })
  .map((all) =>
    all.map(
      ({ amount, part }, i): PaidIn => ({ entry: `E${i}`, amount, back: (amount * BigInt(part)) / 100n }),
    ),
  );

describe('what may be spent', () => {
  it('is what came less what went and what the bank took back, and never less than nothing', () => {
    expect(spendable({ came: 100n, rewards: 30n, returned: 20n, owed: 0n })).toBe(50n);
    expect(spendable({ came: 100n, rewards: 30n, returned: 20n, owed: 60n })).toBe(0n);
    fc.assert(
      fc.property(cents, cents, cents, cents, (came, rewards, returned, owed) => {
        const left = spendable({ came, rewards, returned, owed });
        expect(left === 0n || left + rewards + returned + owed === came).toBe(true);
        expect(left >= 0n).toBe(true);
      }),
    );
  });
});

describe('what goes back', () => {
  it('goes to the last that came first', () => {
    const two = [
      { entry: 'A', amount: 100n, back: 0n },
      { entry: 'B', amount: 50n, back: 20n },
    ];
    expect(shareBack(two, 40n)).toEqual([
      { entry: 'B', amount: 30n, back: 20n },
      { entry: 'A', amount: 10n, back: 0n },
    ]);
    expect(shareBack(two, 30n)).toEqual([{ entry: 'B', amount: 30n, back: 20n }]);
    expect(shareBack(two, 0n)).toEqual([]);
    expect(shareBack([], 5n)).toEqual([]);
  });

  it('is all of it or all that there is, to nobody more than was sent, to nobody twice', () => {
    fc.assert(
      fc.property(entries, cents, (all, amount) => {
        const shares = shareBack(all, amount);
        const most = all.reduce((sum, one) => sum + one.amount - one.back, 0n);
        expect(shares.reduce((sum, one) => sum + one.amount, 0n)).toBe(
          [amount, most].sort((a, b) => (a < b ? -1 : 1))[0],
        );
        for (const share of shares) {
          const sent = all.find(({ entry }) => entry === share.entry)!;
          expect(share.amount > 0n && share.amount + sent.back <= sent.amount).toBe(true);
        }
        expect(new Set(shares.map(({ entry }) => entry)).size).toBe(shares.length);
      }),
    );
  });
});
