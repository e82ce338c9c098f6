/** The guarantee's arithmetic against an oracle of exact fractions, its prices, and the draft of a cover. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf, conditionsHash, conditionsKnown, draftCover } from './guarantee-cover.ts';
import { cellsOf, epochOf, recomputed, tableOf } from './guarantee-experience.ts';
import {
  carries,
  due,
  dueInSilence,
  free,
  GUARANTEE,
  layers,
  minimumCapital,
  mostCovered,
  premium,
  rateAllowed,
  toAssets,
  toShares,
  waterfall,
} from './guarantee-math.ts';
import { credibility, type Experience, priceTable, tableHash } from './guarantee-price.ts';
import { seeded, simulate } from './guarantee-simulation.ts';

const amount = fc.bigInt({ min: 0n, max: 2n ** 88n });
const some = fc.bigInt({ min: 1n, max: 2n ** 80n });
const bps = fc.bigInt({ min: 0n, max: 10_000n });
const cell = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const;

/** floor and ceil of a/b by repeated subtraction's definition: q·b ≤ a < (q+1)·b. */
const isFloor = (q: bigint, a: bigint, b: bigint) => q * b <= a && a < (q + 1n) * b;
const isCeil = (q: bigint, a: bigint, b: bigint) => q * b >= a && a > (q - 1n) * b;

describe('what a cover pays', () => {
  it('covers four fifths at most, rounded down', () => {
    fc.assert(fc.property(amount, (price) => isFloor(mostCovered(price), price * 8n, 10n)));
  });

  it('splits every price into two layers, of which the clinic has a fifth of the sum at least', () => {
    fc.assert(
      fc.property(amount, bps, fc.boolean(), (price, part, alone) => {
        const sum = (mostCovered(price) * part) / 10_000n;
        const { firstLoss, backed } = layers(alone, price, sum);
        expect(firstLoss + backed).toBe(price);
        expect(backed * 5n <= sum * 4n && backed >= 0n).toBe(true);
        if (alone) expect(backed).toBe(0n);
      }),
    );
  });

  it('never pays more than was kept, whatever is found, and silence no more than a verdict', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        bps,
        bps,
        fc.integer({ min: 0, max: 9 }),
        (paid, sum, good, silent, found) => {
          expect(due(found, paid, sum, good) <= paid).toBe(true);
          expect(dueInSilence(found, paid, sum, good, silent) <= paid).toBe(true);
          if (found === 0 || found > 3) expect(due(found, paid, sum, good)).toBe(0n);
        },
      ),
    );
  });

  it('takes the bond first, and exactly what is due', () => {
    fc.assert(
      fc.property(amount, amount, (owed, first) => {
        const { fromBond, fromBacker } = waterfall(owed, first);
        expect(fromBond + fromBacker).toBe(owed);
        expect(fromBacker === 0n || fromBond === first).toBe(true);
      }),
    );
  });

  it('shows what each case pays', () => {
    expect(casesOf({ sum: '520000', goodwillBps: 1_000, silentBps: 5_000 }, 650_001n)).toEqual({
      objective: '650001',
      noImprovement: '520000',
      goodwill: '65000',
      silent: '260000',
    });
    expect(casesOf({ sum: '520000', goodwillBps: 1_000, silentBps: 5_000 }, 100n).noImprovement).toBe('80');
  });
});

describe('a pool', () => {
  it('keeps 15 % of everything or half of the three largest, rounded up', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 12 }), (all) => {
        const sum = all.reduce((a, b) => a + b, 0n);
        const three = all.toSorted((a, b) => Number(b > a) - Number(b < a)).slice(0, 3);
        const half = three.reduce((a, b) => a + b, 0n);
        const minimum = minimumCapital(all);
        expect(minimum * 100n >= sum * 15n && minimum * 2n >= half).toBe(true);
        expect(isCeil(minimum, sum * 15n, 100n) || isCeil(minimum, half, 2n) || minimum === 0n).toBe(true);
      }),
    );
  });

  it('lets nothing leave that is frozen or needed', () => {
    fc.assert(
      fc.property(amount, amount, amount, (capital, frozen, minimum) => {
        const left = capital - free(capital, frozen, minimum);
        expect(left === capital || left >= frozen).toBe(true);
        expect(left === capital || left >= minimum).toBe(true);
      }),
    );
  });

  it('carries a tenth for one clinic and not a unit more', () => {
    expect(carries(1_000n, 0n, 150n, 100n)).toBe(true);
    expect(carries(1_000n, 0n, 150n, 101n)).toBe(false);
    expect(carries(1_000n, 851n, 150n, 1n)).toBe(false);
  });

  it('never pays for coming and going', () => {
    fc.assert(
      fc.property(some, amount, amount, (assets, supply, capital) => {
        const shares = toShares(assets, supply, capital, false);
        expect(toAssets(shares, supply + shares, capital + assets, false) <= assets).toBe(true);
        expect(toShares(assets, supply, capital, true) - shares <= 1n).toBe(true);
      }),
    );
  });
});

describe('a price', () => {
  it('is rounded up, once', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 0n, max: 500_000n }), amount, (sum, ppm, expense) =>
        sum * ppm === 0n
          ? premium(sum, ppm, expense) === expense
          : isCeil(premium(sum, ppm, expense) - expense, sum * ppm, 1_000_000n),
      ),
    );
  });

  it('moves by a quarter at most and stays within its bounds', () => {
    expect(rateAllowed(0n, 5_000n)).toBe(true);
    expect(rateAllowed(0n, 4_999n)).toBe(false);
    expect(rateAllowed(0n, 500_001n)).toBe(false);
    expect(rateAllowed(40_000n, 50_000n)).toBe(true);
    expect(rateAllowed(40_000n, 50_001n)).toBe(false);
    expect(rateAllowed(40_000n, 29_999n)).toBe(false);
  });

  const line = (c: number, epoch: number, covered: bigint, paid: bigint): Experience => ({
    cell: cell(c),
    epoch,
    covered,
    paid,
  });
  const at = { epoch: 9, asOf: 100, before: new Map() };

  it('is the prior with the loading where nothing is known', () => {
    expect(priceTable([], at)).toMatchObject({ collectivePpm: 52_000, lines: [] });
    expect(priceTable([line(1, 1, 0n, 0n)], at).lines).toEqual([{ cell: cell(1), ppm: 52_000 }]);
  });

  it('gives no credibility to differences that chance explains', () => {
    const noise = [line(1, 1, 100n, 0n), line(1, 2, 100n, 8n), line(2, 1, 100n, 8n), line(2, 2, 100n, 0n)];
    expect(credibility(noise).k).toBeNull();
    const [a, b] = priceTable(noise, at).lines;
    expect(a!.ppm).toBe(b!.ppm);
  });

  it('has K of a worked example: s² = 2, a = 47/2 for equal weights of 1', () => {
    // cells with 0, 2 and 7, 9: means 1 and 8, within (1+1+1+1)/2 = 2; between ((3.5²·2)·2 − 2)/(4 − 8/4) = 47/2
    const list = [line(1, 1, 1n, 0n), line(1, 2, 1n, 2n), line(2, 1, 1n, 7n), line(2, 2, 1n, 9n)];
    expect(credibility(list).k).toEqual({ n: 4n, d: 47n });
  });

  it('asks more of a cell that loses more, and the same of anybody who computes it in another order', () => {
    const list = [
      line(1, 1, 10_000_000n, 200_000n),
      line(1, 2, 10_000_000n, 210_000n),
      line(2, 1, 10_000_000n, 1_900_000n),
      line(2, 2, 10_000_000n, 2_000_000n),
    ];
    const table = priceTable(list, at);
    expect(table.lines[0]!.ppm).toBeLessThan(table.lines[1]!.ppm);
    expect(tableHash(priceTable(list.toReversed(), at))).toBe(tableHash(table));
    expect(tableHash(priceTable([...list, line(3, 1, 1n, 0n)], at))).not.toBe(tableHash(table));
  });

  it('follows the rate before by a quarter at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5_000, max: 500_000 }), some, some, (before, covered, paid) => {
        const table = priceTable([line(1, 1, covered, paid)], {
          ...at,
          before: new Map([[cell(1), before]]),
        });
        expect(rateAllowed(BigInt(before), BigInt(table.lines[0]!.ppm))).toBe(true);
      }),
    );
  });

  it('counts a cover in the epoch of its opening, and only when it is over', () => {
    const day = 86_400_000;
    const cover = { cell: cell(1), openedAt: day, sum: 10n, paid: 3n, over: true };
    expect(cellsOf([cover, { ...cover, openedAt: 89 * day, paid: 0n }, { ...cover, over: false }])).toEqual([
      { cell: cell(1), epoch: 0, covered: 20n, paid: 3n },
    ]);
    expect(epochOf(90 * day)).toBe(1);
    expect(GUARANTEE.epoch).toBe(90 * 86_400);
  });
});

describe('a drafted cover', () => {
  const input = {
    agreement: cell(1),
    price: 650_001n,
    arbiter: `0x${'1'.repeat(40)}`,
    person: cell(2),
    salt: cell(3),
    now: 1_800_000_000,
    startsAt: 1_800_000_000 + 14 * 86_400,
  } as const;

  it('is the same for clinic and server, waits, and ends', () => {
    const cover = draftCover(input);
    expect(draftCover({ ...input })).toEqual(cover);
    expect(cover).toMatchObject({ sum: '520000', profile: 0, conditions: conditionsHash() });
    expect(cover.from - input.startsAt).toBe(30 * 86_400);
    expect(cover.until - cover.from).toBeLessThanOrEqual(GUARANTEE.maxWindow);
  });

  it('may still be claimed under earlier conditions, and under no others', () => {
    expect(conditionsKnown(conditionsHash())).toBe(true);
    // version 1.0, as promises pinned it
    expect(conditionsKnown('0xe043dd1cc0bca66df0f5e71b329eb0a84d3de2c0e811c12e70e0474e1e8d66f0')).toBe(true);
    expect(conditionsKnown(`0x${'0'.repeat(64)}`)).toBe(false);
  });

  it('never begins sooner than the contract allows', () => {
    const cover = draftCover({ ...input, startsAt: 0 });
    expect(cover.from - input.now).toBeGreaterThan(GUARANTEE.minWaiting);
  });
});

describe('posted tables', () => {
  const cover = (endedAt: number | null, paid = 0n) => ({
    cell: cell(1),
    openedAt: 0,
    sum: 1_000_000n,
    paid,
    endedAt,
  });

  it('are reproduced in their order, and one that differs is told', () => {
    const covers = [cover(5), cover(8, 800_000n), cover(null)];
    const first = tableOf(covers, { epoch: 1, asOf: 6 }, null);
    const second = tableOf(covers, { epoch: 2, asOf: 9 }, first);
    const posted = [
      { epoch: 2, asOf: 9, hash: tableHash(second) },
      { epoch: 1, asOf: 6, hash: tableHash(first) },
    ];
    expect(recomputed(covers, posted).map(({ same }) => same)).toEqual([true, true]);
    expect(recomputed([cover(5, 900_000n), ...covers.slice(1)], posted).map(({ same }) => same)).toEqual([
      false,
      false,
    ]);
  });

  it('count nothing that ended later than they say', () => {
    const at = { epoch: 1, asOf: 6 };
    expect(tableOf([cover(7, 9n)], at, null)).toEqual(tableOf([], at, null));
  });
});

describe('the simulation', () => {
  const year = { covers: 200, clinics: 5, sum: 1, claimRate: 0.04, badYear: 0.05, badFactor: 3, years: 300 };

  it('is the same for a seed, and another for another', () => {
    expect(simulate(year, seeded(7))).toEqual(simulate(year, seeded(7)));
    expect(simulate(year, seeded(8)).losses).not.toEqual(simulate(year, seeded(7)).losses);
  });

  it('has a mean, a rare year above it, and no loss without claims', () => {
    const { mean, var995, ruin } = simulate(year, seeded(1));
    expect(mean).toBeGreaterThan(0.03);
    expect(mean).toBeLessThan(0.045);
    expect(var995).toBeGreaterThan(mean);
    expect(ruin).toBeLessThan(0.01);
    expect(simulate({ ...year, claimRate: 0 }, seeded(1)).mean).toBe(0);
  });
});
