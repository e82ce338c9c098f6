import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterSilence,
  challengeDeposit,
  checkFee,
  division,
  drawVerifiers,
  firstHalf,
  overhead,
  payOf,
  prize,
  seatLock,
  suspended,
} from './verification-math.ts';
import { asked, move, roll, TIMES } from './verification-moves.ts';
import { digestOf, failedBits, failedSources, SOURCES } from './verification-papers.ts';

const pay = fc.bigInt({ min: 1_000n, max: 20_000n });
const SALT = `0x${'5a'.repeat(32)}` as const;

describe('what a check costs', () => {
  it('is three answers and a nineteenth of a fake, rounded up', () => {
    fc.assert(
      fc.property(pay, (p) => {
        // exact rationals: 3p + 3p/19, up
        const exact = { over: 57n * p + 3n * p, under: 19n };
        const fee = checkFee(p);
        expect(fee * exact.under >= exact.over && (fee - 1n) * exact.under < exact.over).toBe(true);
        expect(payOf(fee)).toBe(p);
      }),
    );
  });

  it('is divided to the last unit, whoever was wrong and whether the house did its part', () => {
    fc.assert(
      fc.property(
        pay,
        fc.constantFrom(2, 3),
        fc.constantFrom(0, 2),
        fc.boolean(),
        (p, answered, wrong, opened) => {
          const { toVerifiers, toFund, toHouse, toClinic } = division(p, answered, wrong, opened);
          expect(toVerifiers + toFund + toHouse + toClinic).toBe(checkFee(p));
          expect(toHouse).toBe(opened ? overhead(p) : 0n);
        },
      ),
    );
  });

  it('lets the silent pay those who answered, and a loser the jury', () => {
    fc.assert(
      fc.property(pay, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), (p, silent, spoke) => {
        expect(afterSilence(p, silent, spoke)).toBeGreaterThanOrEqual(0n);
        expect(prize(p, 3)).toBe(p);
        expect(2n * seatLock(p)).toBe(challengeDeposit(p));
        expect(firstHalf(p) * 2n <= p).toBe(true);
      }),
    );
  });

  it('suspends above one fake in ten, counted from ten', () => {
    expect([suspended(1, 1), suspended(10, 1), suspended(20, 2)]).toEqual([false, false, false]);
    expect([suspended(2, 2), suspended(19, 2), suspended(30, 4)]).toEqual([true, true, true]);
  });

  it('draws nobody twice, nobody who may not, and nobody at all if there are too few', () => {
    const roster = ['a', 'b', 'c', 'd', 'e'];
    const drawn = drawVerifiers(SALT, roster, (v) => v !== 'c', 4);
    expect([...drawn].sort()).toEqual(['a', 'b', 'd', 'e']);
    expect(drawVerifiers(SALT, roster, (v) => v !== 'c', 5)).toEqual([]);
  });
});

describe('a check', () => {
  it('gives way to time, and never the other way round', () => {
    const c = { ...asked(0), phase: 'answering' as const, size: 2, deadline: 100 };
    expect(roll(c, 100)).toBe(c);
    expect(roll(c, 101)).toMatchObject({ phase: 'revealing', deadline: 100 + TIMES.reveal });
    const found = { ...c, phase: 'challengeable' as const };
    expect(roll(found, 101)).toMatchObject({ phase: 'unsealing', deadline: 100 + TIMES.unseal });
  });

  it('refuses with CHECK_MOVE what is not its turn, or too late, or too early', () => {
    const c = asked(0);
    expect(() => move(c, { act: 'openSecret' }, 1)).toThrow('CHECK_MOVE');
    expect(() => move(c, { act: 'prepare' }, TIMES.house + 1)).toThrow('CHECK_MOVE');
    expect(() => move(c, { act: 'lapse' }, TIMES.house)).toThrow('CHECK_MOVE');
    expect(() => move(c, { act: 'expire' }, 10 ** 9)).toThrow('CHECK_MOVE');
    expect(move(c, { act: 'lapse' }, TIMES.house + 1).phase).toBe('failed');
  });

  it('lets nothing stand that a jury did not decide', () => {
    const c = {
      ...asked(0),
      phase: 'revealing' as const,
      round: 2,
      size: 3,
      revealed: 2,
      accepts: 1,
      accepted: true,
      deadline: 10,
    };
    expect(move(c, { act: 'tally', seats: 0 }, 11).phase).toBe('failed');
    const judged = move({ ...c, revealed: 3 }, { act: 'tally', seats: 0 }, 5);
    expect(judged).toMatchObject({ phase: 'unsealing', accepted: false, overruled: true });
    expect(move(judged, { act: 'unseal', fake: false }, 6).phase).toBe('rejected');
  });
});

describe('papers', () => {
  it('name the sources that did not fit, as bits and back', () => {
    fc.assert(
      fc.property(fc.subarray([...SOURCES]), (sources) => {
        expect(failedSources(failedBits(sources))).toEqual(sources);
      }),
    );
  });

  it('say nothing without the salt', () => {
    const other = `0x${'5b'.repeat(32)}` as const;
    expect(digestOf('梅园', SALT)).not.toBe(digestOf('梅园', other));
    expect(digestOf('梅园', SALT)).not.toBe(digestOf('松溪', SALT));
  });
});
