/** The arithmetic of what a study may promise: never more than was paid in. */
import { type AppError, DAY, toIso } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertRoom,
  freeOf,
  hasRoom,
  isFunded,
  leastAnswers,
  mostAnswers,
  neededFor,
  orderAmount,
  pays,
} from './pay.ts';

const NOW = Date.UTC(2026, 10, 26);
const plan = (change: object = {}) => ({
  k: 20,
  releases: [10, 20, 30].map((days) => toIso(NOW + days * DAY)),
  payment: { minor: '550', currency: 'CNY' as const },
  epsilon: 1_000,
  epsilonTotal: 3_000,
  ...change,
});
const FREE = plan({ payment: { minor: '0', currency: 'CNY' } });
const fund = (came: bigint, paidOut = 0n, returned = 0n) => ({ came, paidOut, returned });
const promised = (earned = 0, pending = 0, toCome = 0) => ({ earned, pending, toCome });
const codeOf = (act: () => unknown) => {
  try {
    act();
    return 'none';
  } catch (error) {
    return (error as AppError).code;
  }
};

describe('what has to be paid in', () => {
  it('is k people in every release, and nothing where nothing is paid', () => {
    expect(neededFor(plan())).toBe(20n * 3n * 550n);
    expect([pays(plan()), pays(FREE)]).toEqual([true, false]);
    expect([neededFor(FREE), isFunded(FREE, fund(0n))]).toEqual([0n, true]);
    expect([32_999n, 33_000n, 33_001n].map((came) => isFunded(plan(), { came }))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('is asked for by the number of answers, at least so many that the study may begin', () => {
    expect(leastAnswers(plan(), fund(0n))).toBe(60);
    expect(leastAnswers(plan(), fund(32_999n))).toBe(1);
    expect(leastAnswers(plan(), fund(32_450n))).toBe(1);
    expect(leastAnswers(plan(), fund(32_449n))).toBe(2);
    expect(leastAnswers(plan(), fund(99_999n))).toBe(1);
    expect(orderAmount(plan(), fund(0n), 60)).toBe(33_000n);
    expect(orderAmount(plan(), fund(33_000n), 1)).toBe(550n);
    expect(codeOf(() => orderAmount(plan(), fund(0n), 59))).toBe('POOL_FUND_SMALL');
    expect(codeOf(() => orderAmount(FREE, fund(0n), 60))).toBe('POOL_UNPAID');
    fc.assert(
      fc.property(fc.bigInt(0n, 60_000n), (came) => {
        const least = leastAnswers(plan(), { came });
        expect(isFunded(plan(), { came: came + BigInt(least) * 550n })).toBe(true);
        expect(least === 1 || !isFunded(plan(), { came: came + BigInt(least - 1) * 550n })).toBe(true);
      }),
    );
  });
});

describe('the answers that somebody may still give', () => {
  const most = (spent: number, answered: boolean, days: number, change = {}) =>
    mostAnswers(plan(change), { spent, answered }, NOW + days * DAY);
  it('are bound by the dates, by the budget of the study, and by what was answered', () => {
    expect(most(0, false, 0)).toBe(3);
    expect(most(1_000, true, 0)).toBe(2);
    expect(most(1_000, false, 15)).toBe(2);
    expect(most(0, false, 25)).toBe(1);
    expect(most(0, false, 0, { epsilonTotal: 2_500 })).toBe(2);
  });
  it('are none when it is over, when all is spent, or when the last was answered', () => {
    expect(most(0, false, 30)).toBe(0);
    expect(most(0, true, 40)).toBe(0);
    expect(most(3_000, false, 0)).toBe(0);
    expect(most(1_000, true, 25)).toBe(0);
  });
});

describe('what may be promised', () => {
  it('is what came, less what went, less what is promised', () => {
    expect(freeOf(plan(), fund(33_000n, 1_100n, 100n), promised(1, 2, 3))).toBe(33_000n - 1_200n - 3_300n);
    expect(codeOf(() => assertRoom(plan(), fund(33_000n), promised(0, 0, 57), 3))).toBe('none');
    expect(codeOf(() => assertRoom(plan(), fund(33_000n), promised(0, 0, 58), 3))).toBe('POOL_FUND_USED');
    expect(codeOf(() => assertRoom(plan(), fund(33_000n), promised(58, 0, 0), 3))).toBe('POOL_FUND_USED');
    expect(codeOf(() => assertRoom(plan(), fund(33_000n, 31_900n), promised(), 3))).toBe('POOL_FUND_USED');
    expect(codeOf(() => assertRoom(plan(), fund(32_999n), promised(), 1))).toBe('POOL_NOT_FUNDED');
    expect(codeOf(() => assertRoom(FREE, fund(0n), promised(9, 9, 9), 3))).toBe('none');
    // who can give none any more is promised none
    expect(hasRoom(plan(), fund(0n), promised(9), 0)).toBe(true);
  });

  it('never exceeds what was paid in, whoever joins, answers, leaves and is paid', () => {
    const acts = fc.array(
      fc.tuple(fc.constantFrom('join', 'answer', 'publish', 'pay', 'leave', 'fund'), fc.nat(9)),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(acts, fc.bigInt(33_000n, 40_000n), (played, paidIn) => {
        const s = { came: paidIn, paidOut: 0n, earned: 0, pending: 0, people: [] as { left: number }[] };
        const toCome = () => s.people.reduce((sum, one) => sum + one.left, 0);
        for (const [act, n] of played) {
          const who = s.people[n % Math.max(1, s.people.length)];
          if (act === 'fund') s.came += BigInt(n) * 550n;
          if (
            act === 'join' &&
            hasRoom(plan(), fund(s.came, s.paidOut), promised(s.earned, s.pending, toCome()), 3)
          )
            s.people.push({ left: 3 });
          if (act === 'answer' && who && who.left > 0) {
            who.left--;
            s.pending++;
          }
          if (act === 'publish') [s.earned, s.pending] = [s.earned + s.pending, 0];
          if (act === 'pay' && s.earned > 0) [s.earned, s.paidOut] = [s.earned - 1, s.paidOut + 550n];
          if (act === 'leave' && who) who.left = 0;
          expect(s.paidOut + BigInt(s.earned + s.pending + toCome()) * 550n <= s.came).toBe(true);
        }
      }),
    );
  });
});
