import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  impair,
  type Loan,
  openInstalments,
  paidOut,
  pay,
  payoff,
  settle,
  standing,
  writtenOff,
} from './instalment-loan.ts';
import { least } from './instalment-math.ts';
import { costOf, drawUp, type Plan, totalOf } from './instalment-plan.ts';

const DAY = 86_400n;
const START = 1_800_000_000n;
const plan = (principal: bigint, rate: bigint, months: number): Plan => ({
  agreement: `0x${'1'.repeat(64)}`,
  lender: `0x${'2'.repeat(40)}`,
  borrower: `0x${'3'.repeat(40)}`,
  payout: `0x${'4'.repeat(64)}`,
  principal,
  rate,
  cap: 240_000n,
  lateBps: 300n,
  coolingOff: DAY,
  start: START,
  instalments: drawUp(principal, rate, START, months),
  salt: `0x${'5'.repeat(64)}`,
});
const P = plan(398_000n, 120_000n, 6);
const at = (i: number) => P.instalments[i]!.dueBy;
const amount = (i: number) => P.instalments[i]!.amount;
const live = paidOut(P, 398_000n);

describe('a loan', () => {
  it('ends with its last instalment', () => {
    let loan: Loan = live;
    P.instalments.forEach((one) => {
      ({ loan } = pay(P, loan, one.amount, one.dueBy));
    });
    expect(loan).toMatchObject({ state: 'closed', received: totalOf(P), carrying: 0n });
    expect(payoff(P, loan, at(5))).toBe(0n);
  });

  it('asks for no interest of time that has not passed', () => {
    expect(payoff(P, live, START)).toBe(398_000n);
    expect(payoff(P, live, START - 5n)).toBe(398_000n);
    const { loan, taken } = pay(P, live, 999_999n, START + DAY);
    expect(loan.state).toBe('closed');
    expect(taken).toBe(398_000n + 131n);
  });

  it('charges one late fee an instalment, from the second after grace, and takes it last', () => {
    const grace = at(0) + 5n * DAY;
    expect(standing(P, live, grace)).toMatchObject({ fees: 0n, late: false });
    const fee = (amount(0) * 300n) / 10_000n;
    expect(standing(P, live, grace + 1n)).toMatchObject({ fees: fee, late: true });
    expect(standing(P, live, grace + 20n * DAY).fees).toBe(fee);
    const { loan } = pay(P, live, amount(0), grace + 1n);
    expect(loan).toMatchObject({ fees: fee, paid: amount(0), impaired: false });
    expect(standing(P, loan, at(1)).fees).toBe(fee);
  });

  it('is valued at nothing while it is late, and lost after 60 days', () => {
    const lateAt = at(0) + 5n * DAY + 1n;
    expect(impair(P, live, lateAt).impaired).toBe(true);
    expect(impair(P, live, lateAt - 1n).impaired).toBe(false);
    expect(standing(P, live, at(0) + 60n * DAY).lost).toBe(false);
    expect(standing(P, live, at(0) + 60n * DAY + 1n).lost).toBe(true);
    const { loan } = pay(P, writtenOff(live), 5n, at(0) + 61n * DAY);
    expect(loan).toMatchObject({ state: 'written-off', carrying: 0n, received: 5n });
  });

  it('costs nothing if nothing was done, even after it was paid off', () => {
    const two = pay(P, live, amount(0) + amount(1), START + DAY).loan;
    const back = settle(P, two, 398_000n, START + 2n * DAY);
    expect(back).toMatchObject({
      toLoan: 398_000n - amount(0) - amount(1),
      toPatient: amount(0) + amount(1),
    });
    expect(back.loan).toMatchObject({ state: 'closed', received: 398_000n, due: 0n });
    const off = pay(P, live, 999_999n, at(0));
    const late = settle(P, off.loan, 398_000n, at(1));
    expect(late.toPatient + late.loan.due).toBe(off.taken);
  });

  it('is paid first of a refund, and the rest is the patient’s', () => {
    const paid = pay(P, live, amount(0), at(0)).loan;
    const debt = payoff(P, paid, at(0));
    const back = settle(P, paid, debt + 1_000n, at(0));
    expect(back).toMatchObject({ toLoan: debt, toPatient: 1_000n });
    expect(back.loan.state).toBe('closed');
  });

  it('shrinks every later instalment alike after a smaller refund', () => {
    const back = settle(P, live, 199_000n, START);
    expect(back).toMatchObject({ toLoan: 199_000n, toPatient: 0n });
    openInstalments(P, back.loan).forEach(({ amount: now }, i) => {
      expect(now).toBe(amount(i) / 2n);
    });
    expect(payoff(P, back.loan, START)).toBe(199_000n);
    expect(settle(P, back.loan, 199_001n, START).toPatient).toBe(0n);
  });

  it('pays what is overdue before it shrinks anything', () => {
    const small = settle(P, live, 10n, at(1));
    expect(small.loan).toMatchObject({ paid: 10n, from: 0, share: live.share });
    const fees = settle(P, { ...live, paid: totalOf(P) - 1n }, 3n, at(5) + 6n * DAY);
    expect(fees.loan.from).toBe(6);
    expect(openInstalments(P, fees.loan)).toEqual([]);
  });
});

/** What a person pays without a plan: the price less what came back. */
interface World {
  loan: Loan;
  time: bigint;
  /** Of the agreement. */
  held: bigint;
  clinic: bigint;
  refunded: bigint;
  closed: boolean;
  taken: bigint;
  toPatient: bigint;
  toLoan: bigint;
}

const acts = fc.oneof(
  fc.record({ act: fc.constant('pass' as const), seconds: fc.bigInt({ min: 1n, max: 45n * DAY }) }),
  fc.record({ act: fc.constant('pay' as const), amount: fc.bigInt({ min: 1n, max: 200_000n }) }),
  fc.record({ act: fc.constant('unit' as const) }),
  fc.record({ act: fc.constant('early' as const) }),
  fc.record({ act: fc.constant('release' as const), amount: fc.bigInt({ min: 1n, max: 400_000n }) }),
  fc.record({ act: fc.constant('rule' as const), amount: fc.bigInt({ min: 1n, max: 400_000n }) }),
  fc.record({ act: fc.constant('cancel' as const) }),
  fc.record({ act: fc.constant('settle' as const) }),
  fc.record({ act: fc.constant('default' as const) }),
);
type Act = typeof acts extends fc.Arbitrary<infer T> ? T : never;

const open = ({ loan }: World) => loan.state === 'live' || loan.state === 'written-off';
function take(p: Plan, w: World, most: bigint): void {
  if (!open(w)) return;
  const before = payoff(p, w.loan, w.time);
  const { loan, taken } = pay(p, w.loan, most, w.time);
  expect(taken <= before).toBe(true);
  expect(payoff(p, loan, w.time)).toBe(before - taken);
  w.loan = loan;
  w.taken += taken;
}
function settleNow(p: Plan, w: World): void {
  if (w.refunded === w.loan.refunded) return;
  const before = payoff(p, w.loan, w.time);
  const { loan, toLoan, toPatient } = settle(p, w.loan, w.refunded, w.time);
  expect(toLoan + toPatient).toBe(w.refunded - w.loan.refunded);
  if (open(w) && w.refunded < w.loan.total) expect(toPatient === 0n || toLoan === before).toBe(true);
  expect(payoff(p, loan, w.time) <= before).toBe(true);
  Object.assign(w, { loan, toLoan: w.toLoan + toLoan, toPatient: w.toPatient + toPatient });
}

function play(p: Plan, w: World, act: Act): void {
  switch (act.act) {
    case 'pass':
      w.time += act.seconds;
      break;
    case 'pay':
      take(p, w, act.amount);
      break;
    case 'unit':
      take(p, w, 1n);
      break;
    case 'early':
      take(p, w, payoff(p, w.loan, w.time));
      break;
    case 'release': {
      const given = least(act.amount, w.held);
      Object.assign(w, { held: w.held - given, clinic: w.clinic + given });
      break;
    }
    case 'rule': {
      const given = least(act.amount, w.held);
      Object.assign(w, { held: w.held - given, refunded: w.refunded + given });
      break;
    }
    case 'cancel':
      Object.assign(w, { closed: true, refunded: w.refunded + w.held, held: 0n });
      break;
    case 'settle':
      settleNow(p, w);
      break;
    case 'default':
      if (w.loan.state === 'live' && standing(p, w.loan, w.time).lost) w.loan = writtenOff(w.loan);
      break;
  }
  // L1: what came in is what went out
  expect(w.loan.received + w.loan.due).toBe(w.taken + w.toLoan);
  expect(w.loan.refunded).toBe(w.toLoan + w.toPatient);
  expect(w.held + w.clinic + w.refunded).toBe(w.loan.total);
  // L2: never more than the schedule and one late fee an instalment
  const fees = p.instalments.reduce((sum, one) => sum + (one.amount * p.lateBps) / 10_000n, 0n);
  expect(w.loan.received <= totalOf(p) + fees).toBe(true);
  expect(w.loan.carrying >= 0n && w.loan.carrying <= p.principal).toBe(true);
}

describe('10,000 orders of payments, refunds, cancellations, early repayments and defaults', () => {
  it('leave no orphan debt and a constant sum', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 5_000n, max: 1_000_000n }),
        fc.bigInt({ min: 0n, max: 240_000n }),
        fc.constantFrom(1, 3, 6, 12),
        fc.bigInt({ min: 0n, max: 100_000n }),
        fc.array(acts, { maxLength: 24 }),
        (principal, rate, months, own, all) => {
          const p = plan(principal, rate, months);
          const total = principal + own;
          const w: World = {
            loan: paidOut(p, total),
            time: START,
            held: total,
            clinic: 0n,
            refunded: 0n,
            closed: false,
            taken: 0n,
            toPatient: 0n,
            toLoan: 0n,
          };
          for (const act of all) play(p, w, act);
          settleNow(p, w);
          const paid = own + w.taken - w.toPatient - w.loan.due;
          // L4: nothing was done, nothing is owed, nothing was paid
          if (w.refunded === total) {
            expect(w.loan.state).toBe('closed');
            expect(payoff(p, w.loan, w.time + 900n * DAY)).toBe(0n);
            expect(paid <= 0n && paid >= -BigInt(months)).toBe(true);
          }
          // L6: whatever happened, she can end it now
          const left = payoff(p, w.loan, w.time);
          take(p, w, left);
          if (left > 0n) expect(w.loan.state).toBe('closed');
        },
      ),
      { numRuns: 10_000, endOnFailure: true },
    );
  }, 120_000);

  it('give nothing for paying in single units', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 100n, max: 999n }), fc.integer({ min: 0, max: 90 }), (principal, day) => {
        const p = plan(principal, 240_000n, 3);
        const time = START + BigInt(day) * DAY;
        const whole = payoff(p, paidOut(p, principal), time);
        let loan = paidOut(p, principal);
        let sum = 0n;
        while (loan.state === 'live') {
          const step = pay(p, loan, 1n, time);
          ({ loan } = step);
          sum += step.taken;
        }
        expect(sum).toBe(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('keep the yearly cost within the cap, paid on time or early', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 50_000n, max: 1_000_000n }),
        fc.bigInt({ min: 0n, max: 230_000n }),
        fc.integer({ min: 1, max: 12 }),
        (principal, rate, months) => {
          expect(costOf(plan(principal, rate, months))! <= 240_000n).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
