import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountDifference, differencesOf, nextNight } from './reconcile.ts';

const ledger = {
  agreements: 3,
  funded: 900n,
  paid: 300n,
  fee: 10n,
  refunded: 190n,
  held: 400n,
  credited: 500n,
  withdrawn: 300n,
};
const rail = {
  received: 50n,
  minted: 70n,
  inEscrow: 900n,
  matched: 1_020n,
  waiting: 30n,
  owed: 0n,
  asked: -5n,
  payouts: 300n,
  payoutsBooked: 250n,
  balance: 795n,
};
const chain = { supply: 670n, escrow: 600n };

describe('the reconciliation', () => {
  it('finds nothing where all fits', () => expect(differencesOf(ledger, rail, chain)).toEqual([]));

  it('notices one cent, wherever it is missing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          ...Object.keys(ledger)
            .filter((k) => k !== 'agreements')
            .map((k) => ['ledger', k] as const),
          ...Object.keys(rail)
            .filter((k) => k !== 'owed')
            .map((k) => ['rail', k] as const),
          ...Object.keys(chain).map((k) => ['chain', k] as const),
        ),
        fc.constantFrom(1n, -1n),
        ([where, key], cent) => {
          const change = (of: string, sums: object) =>
            (of === where
              ? { ...sums, [key]: (sums as Record<string, bigint>)[key]! + cent }
              : sums) as never;
          expect(
            differencesOf(change('ledger', ledger), change('rail', rail), change('chain', chain)).length,
          ).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('names the agreement that does not add up, or of which the chain holds something else', () => {
    const account = { funded: 10n, paid: 3n, fee: 1n, refunded: 2n, held: 4n };
    expect(accountDifference('0x1', account, 4n)).toBeNull();
    expect(accountDifference('0x1', account, null)).toBeNull();
    expect(accountDifference('0x1', account, 5n)).toMatchObject({ where: '0x1', expected: '4', found: '5' });
    expect(accountDifference('0x1', { ...account, paid: 4n }, 4n)).toMatchObject({
      expected: '10',
      found: '11',
    });
  });

  it('comes once a night', () => {
    const two = Date.parse('2026-11-26T18:00:00Z');
    expect(nextNight(two - 1)).toBe(two);
    expect(nextNight(two)).toBe(two + 86_400_000);
  });
});
