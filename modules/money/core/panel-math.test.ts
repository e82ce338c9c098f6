import { concat, fromHex, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  counts,
  disputeFee,
  drawSeed,
  FINDINGS,
  gais,
  layoutOf,
  packScores,
  placeOf,
  refundOf,
  ruling,
  seat,
} from './panel-math.ts';

const hex32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => toHex0x(b));
const A: Hex = `0x${'0'.repeat(38)}a1`;

/** Scores of somebody who sees the real pair as `d` and the known ones as they are. */
const seen = (layout: number, d: number, better = 5, same = 3): number =>
  packScores(
    [0, 1, 2, 3].reduce<number[]>((all, kind) => {
      const { place, swapped } = placeOf(layout, kind);
      const truth = [d, d, better, same][kind]!;
      all[place] = swapped ? 6 - truth : truth;
      return all;
    }, []),
  );

describe('the fee', () => {
  it('is five of a hundred, capped, rounded down: against exact rationals', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 88n - 1n }), (amount) => {
        const fee = disputeFee(amount);
        expect(fee <= 200_000n && fee * 20n <= amount).toBe(true);
        if (fee < 200_000n) expect((fee + 1n) * 20n > amount).toBe(true);
      }),
    );
  });
});

describe('the draw', () => {
  const pool = Array.from({ length: 20 }, (_, i) => `0x${(i + 1).toString(16).padStart(40, '0')}`);

  it('seats as many as asked, nobody twice, nobody who may not', () => {
    fc.assert(
      fc.property(
        hex32,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 19 }),
        (seed, size, out) => {
          const members = seat(seed, pool, (one) => one !== pool[out], size);
          if (size === 20) {
            expect(members).toEqual([]);
            return;
          }
          expect(new Set(members).size).toBe(size);
          expect(members).not.toContain(pool[out]);
        },
      ),
    );
  });

  it('seats nobody where there are too few', () => {
    expect(seat(`0x${'11'.repeat(32)}`, pool.slice(0, 4), () => true, 5)).toEqual([]);
  });

  it('depends on every secret and on the block', () => {
    const z: Hex = `0x${'00'.repeat(32)}`;
    const one: Hex = `0x${'00'.repeat(31)}01`;
    const seeds = [
      drawSeed(z, [z, z, z]),
      drawSeed(one, [z, z, z]),
      drawSeed(z, [one, z, z]),
      drawSeed(z, [z, one, z]),
      drawSeed(z, [z, z, one]),
    ];
    expect(new Set(seeds).size).toBe(5);
    expect(seeds[0]).toBe(toHex0x(keccak256(concat(fromHex(z), fromHex(z), fromHex(z), fromHex(z)))));
  });

  it('is fair: everybody sits about as often', () => {
    const times = new Map<string, number>();
    for (let i = 0; i < 2_000; i++)
      for (const one of seat(
        toHex0x(keccak256(fromHex(`0x${i.toString(16).padStart(8, '0')}`))),
        pool,
        () => true,
        5,
      ))
        times.set(one, (times.get(one) ?? 0) + 1);
    for (const one of pool) expect(Math.abs(times.get(one)! - 500)).toBeLessThan(110);
  });
});

describe('a vote on pictures', () => {
  it('counts if the known pairs are seen as they are, whatever the order', () => {
    fc.assert(
      fc.property(hex32, fc.integer({ min: 0, max: 6 }), (secret, d) => {
        const layout = layoutOf(secret, A);
        expect(counts(seen(layout, d), layout)).toBe(true);
        expect(gais(seen(layout, d), layout)).toBe([5, 5, 5, 4, 3, 2, 1][d]);
        expect(counts(seen(layout, d, 3), layout)).toBe(false);
        expect(counts(seen(layout, d, 5, 5), layout)).toBe(false);
        expect(counts(seen(layout, d, 5, 1), layout)).toBe(false);
      }),
    );
  });

  it('does not count where the same pair is found better both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 127 }), (layout) => {
        const right = seen(layout, 6);
        const { place } = placeOf(layout, 1);
        const noise =
          (right & ~(7 << (place * 3))) | (((right >> (placeOf(layout, 0).place * 3)) & 7) << (place * 3));
        expect(counts(noise, layout)).toBe(false);
      }),
    );
  });

  it('gives everything back where no improvement is seen, and follows the papers otherwise', () => {
    for (const layout of [0, 5, 64, 127]) {
      expect(FINDINGS.map((f) => refundOf(f, { scores: seen(layout, 3), layout }))).toEqual([
        10_000, 10_000, 10_000,
      ]);
      expect(FINDINGS.map((f) => refundOf(f, { scores: seen(layout, 4), layout }))).toEqual([
        0, 5_000, 10_000,
      ]);
    }
    expect(FINDINGS.map((f) => refundOf(f, null))).toEqual([0, 5_000, 10_000]);
  });
});

describe('the ruling', () => {
  const votes = fc.array(fc.constantFrom(0, 5_000, 10_000), { maxLength: 11 });

  it('needs more than half of the panel', () => {
    fc.assert(
      fc.property(votes, (given) => {
        expect(ruling(given, 11) === null).toBe(given.length <= 5);
      }),
    );
  });

  it('is what a majority says, and one more vote for the patient never hurts it', () => {
    fc.assert(
      fc.property(
        votes.filter((v) => v.length > 5),
        (given) => {
          const said = ruling(given, 11)!;
          for (const one of [0, 5_000, 10_000])
            if (given.filter((v) => v === one).length * 2 > given.length) expect(said).toBe(one);
          const at = given.indexOf(0);
          if (at >= 0) expect(ruling(given.with(at, 10_000), 11)).toBeGreaterThanOrEqual(said);
        },
      ),
    );
  });
});
