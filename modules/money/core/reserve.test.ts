import { describe, expect, it } from 'vitest';
import { type Cover, decideReserve, matchReserve, readReserveReference, takeOut } from './reserve.ts';

const line = (entry: string, left: bigint) => ({ entry, left });
const owed = (debit: string, amount: bigint) => ({ debit, amount });
const sum = (all: readonly { amount: bigint }[]) => all.reduce((total, { amount }) => total + amount, 0n);

/** A small generator of its own, so that a failure comes again. */
function numbers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

describe('what stands behind what', () => {
  it('covers the oldest first, to the cent, over several lines', () => {
    const found = matchReserve([line('a', 70n), line('b', 50n)], [owed('x', 100n), owed('y', 30n)], []);
    expect(found.covers).toEqual([
      { debit: 'x', line: 'a', amount: 70n },
      { debit: 'x', line: 'b', amount: 30n },
      { debit: 'y', line: 'b', amount: 20n },
    ]);
    expect(found).toMatchObject({ balance: 120n, used: 120n, free: 0n, missing: 10n });
  });

  it('covers nothing with nothing, and has free what nothing needs', () => {
    expect(matchReserve([], [owed('x', 1n)], [])).toMatchObject({ used: 0n, free: 0n, missing: 1n });
    expect(matchReserve([line('a', 9n)], [], [])).toMatchObject({ used: 0n, free: 9n, missing: 0n });
  });

  it('takes nothing from a debt that it stands behind for an older one that is known later', () => {
    const before: Cover[] = [{ debit: 'y', line: 'a', amount: 10n }];
    const { covers, missing } = matchReserve([line('a', 10n)], [owed('x', 10n), owed('y', 10n)], before);
    expect(covers).toEqual(before);
    expect(missing).toBe(10n);
  });

  it('is filled again by what is settled, and gives it to the next', () => {
    const before: Cover[] = [{ debit: 'x', line: 'a', amount: 10n }];
    expect(matchReserve([line('a', 10n)], [owed('y', 4n)], before)).toMatchObject({
      covers: [{ debit: 'y', line: 'a', amount: 4n }],
      free: 6n,
    });
  });

  it('counts what was taken out of a line that the bank took back against the others', () => {
    const lines = [line('a', 10n), line('b', 10n), line('gone', -15n)];
    const found = matchReserve(lines, [owed('x', 10n)], []);
    expect(found).toMatchObject({ balance: 5n, used: 5n, free: 0n, missing: 5n });
    expect(found.covers).toEqual([{ debit: 'x', line: 'a', amount: 5n }]);
    expect(matchReserve([line('gone', -5n)], [], [])).toMatchObject({ balance: -5n, used: 0n, free: 0n });
  });

  it('never covers more than is there or owed, as much as can be, and the same again', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const next = numbers(seed);
      const lines = Array.from({ length: next(5) }, (_, i) => line(`l${i}`, BigInt(next(40) - 5)));
      const debts = Array.from({ length: next(5) }, (_, i) => owed(`d${i}`, BigInt(1 + next(30))));
      const before = Array.from({ length: next(4) }, () => ({
        debit: `d${next(5)}`,
        line: `l${next(5)}`,
        amount: BigInt(next(20)),
      }));
      const found = matchReserve(lines, debts, before);
      const balance = lines.reduce((all, { left }) => all + left, 0n);
      const [there, all] = [balance > 0n ? balance : 0n, sum(debts)];
      expect(found.used).toBe(there < all ? there : all);
      expect(found.used + found.missing).toBe(all);
      expect(found.used + found.free).toBe(there);
      for (const { entry, left } of lines)
        expect(sum(found.covers.filter((c) => c.line === entry)) <= (left > 0n ? left : 0n)).toBe(true);
      for (const { debit, amount } of debts)
        expect(sum(found.covers.filter((c) => c.debit === debit)) <= amount).toBe(true);
      expect(matchReserve(lines, debts, found.covers)).toEqual(found);
      const parts = takeOut(lines, found.covers, found.free);
      expect(sum(parts)).toBe(found.free);
      // what is free leaves, and all that was covered is covered still
      const after = lines.map(({ entry, left }) =>
        line(entry, left - sum(parts.filter((p) => p.entry === entry))),
      );
      expect(matchReserve(after, debts, found.covers)).toMatchObject({ used: found.used, free: 0n });
    }
  });
});

describe('what is paid into the reserve', () => {
  const own = { reference: 'RSV-0123456789AB', currency: 'CNY' };
  const entry = {
    entry: 'E1',
    direction: 'credit',
    reverses: null,
    reference: 'from us / rsv-0123456789ab',
    amount: 5n,
    currency: 'CNY',
    bookedAt: 1,
  } as const;

  it('is known by its reference', () => {
    expect(decideReserve('custodian', entry, own)).toMatchObject({
      state: 'reserve',
      amount: 5n,
      order: null,
    });
  });

  it.each([
    ['the acquirer', 'card', entry, own],
    ['a debit', 'custodian', { ...entry, direction: 'debit' }, own],
    ['what gives back a debit', 'custodian', { ...entry, reverses: 'E0' }, own],
    ['another currency', 'custodian', { ...entry, currency: 'EUR' }, own],
    ['another reference', 'custodian', { ...entry, reference: 'RSV-0123456789AC' }, own],
    ['a house without one', 'custodian', entry, null],
  ] as const)('is nothing that comes by %s', (_, rail, of, reserve) => {
    expect(decideReserve(rail, of, reserve)).toBeNull();
  });

  it.each(['', 'RSV-0123456789A', 'XRSV-0123456789AB', 'RSV-0123456789AB RSV-0123456789AC'])(
    'is not guessed at: %s',
    (text) => expect(readReserveReference(text)).toBeNull(),
  );
});
