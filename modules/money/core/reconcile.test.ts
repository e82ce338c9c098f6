import { describe, expect, it } from 'vitest';
import { accountDifference, differencesOf, nextNight, type UnitTotals } from './reconcile.ts';
import { HOLDERS } from './unit-flows.ts';

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
const units: UnitTotals = {
  issued: { came: 970n, went: 250n },
  accounts: { came: 1_000n, went: 980n },
  InstalmentPool: { came: 40n, went: 10n },
  InstalmentBook: { came: 51n, went: 50n },
  ClinicBond: { came: 60n, went: 20n },
  GuaranteePool: { came: 12n, went: 0n },
  AssessorPool: { came: 17n, went: 0n },
  ProviderVerification: { came: 0n, went: 0n },
};
const rail = {
  received: 50n,
  minted: 970n,
  matched: 1_092n,
  waiting: 30n,
  owed: 0n,
  asked: -5n,
  payouts: 250n,
  payoutsBooked: 230n,
  potsPaidIn: 80n,
  potsPaidOut: 30n,
  potsBooked: 25n,
  reserve: 30n,
  reserveOut: 10n,
  reserveBooked: 5n,
  reserveLeft: 20n,
  covered: 8n,
  potsCame: 80n,
  potsWent: 30n,
  moved: 0n,
  overdue: 0n,
  balance: 887n,
};
const chain = {
  supply: 720n,
  escrow: 600n,
  holders: {
    InstalmentPool: 30n,
    InstalmentBook: 1n,
    ClinicBond: 40n,
    GuaranteePool: 12n,
    AssessorPool: 17n,
    ProviderVerification: 0n,
  },
};

/** A number somewhere in these objects, changed. */
const changed = <T>(of: T, path: readonly string[], by: bigint): T =>
  path.length === 0
    ? (((of as bigint) + by) as T)
    : { ...of, [path[0]!]: changed((of as Record<string, unknown>)[path[0]!], path.slice(1), by) };
const numbersIn = (of: object, path: string[] = []): string[][] =>
  Object.entries(of).flatMap(([key, value]) =>
    typeof value === 'bigint'
      ? [[...path, key]]
      : typeof value === 'object'
        ? numbersIn(value, [...path, key])
        : [],
  );

describe('the reconciliation', () => {
  it('finds nothing where all fits', () => expect(differencesOf(ledger, units, rail, chain)).toEqual([]));

  it('notices one cent, wherever it is missing', () => {
    const all = { ledger, units, rail, chain };
    const places = numbersIn(all).filter((path) => path.join() !== 'rail,owed');
    for (const path of places)
      for (const cent of [1n, -1n]) {
        const other = changed(all, path, cent);
        expect(
          differencesOf(other.ledger, other.units, other.rail, other.chain).length,
          path.join('.'),
        ).toBeGreaterThan(0);
      }
  });

  it('names the contract that holds another amount than its events say', () => {
    for (const holder of HOLDERS) {
      const other = changed(chain, ['holders', holder], 1n);
      expect(differencesOf(ledger, units, rail, other)).toContainEqual(
        expect.objectContaining({ kind: 'holder', where: holder }),
      );
    }
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
