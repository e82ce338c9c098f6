/**
 * A loan over its life, as `InstalmentBook` keeps it: what is owed when, and what payments, refunds and time do.
 * The server's projection replays the chain's events through these functions; tests hold both to the bytecode.
 */
import { DEFAULT, GRACE, interest, lateFee, least, ONE, over, part, shareAfter } from './instalment-math.ts';
import type { Plan } from './instalment-plan.ts';

export type LoanState = 'none' | 'accepted' | 'live' | 'closed' | 'written-off';

export interface Loan {
  readonly state: LoanState;
  readonly impaired: boolean;
  /** Instalments before this one are settled. */
  readonly from: number;
  readonly judged: number;
  /** Of the schedule from `from` on, in 10^-18. */
  readonly share: bigint;
  readonly paid: bigint;
  readonly fees: bigint;
  /** What the pool had of it, less what it gave back. */
  readonly received: bigint;
  readonly refunded: bigint;
  /** What the agreement held. */
  readonly total: bigint;
  readonly carrying: bigint;
  /** What the pool owes the patient of interest without cause. */
  readonly due: bigint;
}

export const ACCEPTED: Loan = {
  state: 'accepted',
  impaired: false,
  from: 0,
  judged: 0,
  share: 0n,
  paid: 0n,
  fees: 0n,
  received: 0n,
  refunded: 0n,
  total: 0n,
  carrying: 0n,
  due: 0n,
};

/** Paid out into an agreement that holds `total`. */
export const paidOut = (plan: Plan, total: bigint): Loan => ({
  ...ACCEPTED,
  state: 'live',
  share: ONE,
  total,
  carrying: plan.principal,
});

export interface Standing {
  readonly dueSum: bigint;
  readonly sum: bigint;
  /** Present value of what is not due yet. */
  readonly value: bigint;
  readonly next: number;
  readonly fees: bigint;
  readonly judged: number;
  readonly late: boolean;
  readonly lost: boolean;
}

/** @param time seconds since the epoch */
export function standing(plan: Plan, loan: Loan, time: bigint): Standing {
  let { fees, judged } = loan;
  let next = loan.from;
  let [dueSum, sum, value] = [0n, 0n, 0n];
  let [late, lost, found] = [false, false, false];
  let balance = plan.principal;
  let since = plan.start;
  plan.instalments.forEach((one, i) => {
    if (i >= loan.from) {
      const amount = part(one.amount, loan.share);
      sum += amount;
      const open = sum > loan.paid;
      if (time >= one.dueBy) {
        dueSum += amount;
        next = i + 1;
        if (time > one.dueBy + GRACE) {
          if (open) late = true;
          if (i >= judged) {
            judged = i + 1;
            if (open) fees += lateFee(amount, plan.lateBps);
          }
        }
        if (time > one.dueBy + DEFAULT && open) lost = true;
      } else if (!found) {
        found = true;
        value = part(balance + interest(balance, plan.rate, least(over(time, since), one.term)), loan.share);
      }
    }
    balance += interest(balance, plan.rate, one.term) - one.amount;
    since = one.dueBy;
  });
  return { dueSum, sum, value, next, fees, judged, late, lost };
}

/** Of the instalments: what is due, and the present value of what is not, less what was paid. */
const owed = (loan: Loan, s: Standing): bigint => over(least(s.dueSum + s.value, s.sum), loan.paid);
const payoffAt = (loan: Loan, s: Standing): bigint => owed(loan, s) + s.fees;

/** What closes the loan at `time`, late fees included; interest that is not earned yet is not in it. */
export const payoff = (plan: Plan, loan: Loan, time: bigint): bigint =>
  loan.state === 'live' || loan.state === 'written-off' ? payoffAt(loan, standing(plan, loan, time)) : 0n;

/** What the pool may count on: the principal that the payments so far leave open. */
export function carrying(plan: Plan, loan: Loan): bigint {
  let balance = plan.principal;
  let left = loan.paid;
  for (const [i, one] of plan.instalments.entries()) {
    const after = balance + interest(balance, plan.rate, one.term) - one.amount;
    if (i >= loan.from) {
      const amount = part(one.amount, loan.share);
      if (left < amount) {
        const before = part(balance, loan.share);
        const floor = part(after, loan.share);
        return before > floor + left ? before - left : floor;
      }
      left -= amount;
    }
    balance = after;
  }
  return 0n;
}

const closed = (loan: Loan, received: bigint): Loan => ({
  ...loan,
  state: 'closed',
  received: loan.received + received,
  fees: 0n,
  impaired: false,
});

/** After any act: what the pool's books say. */
function booked(plan: Plan, before: Loan, loan: Loan, time: bigint): Loan {
  if (loan.state !== 'live') return { ...loan, carrying: 0n, impaired: false };
  return {
    ...loan,
    carrying: least(carrying(plan, loan), before.carrying),
    impaired: standing(plan, loan, time).late,
  };
}

/** A payment of at most what closes the loan. */
export function pay(plan: Plan, loan: Loan, amount: bigint, time: bigint): { loan: Loan; taken: bigint } {
  const s = standing(plan, loan, time);
  const all = payoffAt(loan, s);
  const taken = least(amount, all);
  if (taken === all) return { loan: booked(plan, loan, closed(loan, taken), time), taken };
  const toSchedule = least(taken, owed(loan, s));
  const toFees = least(taken - toSchedule, s.fees);
  const after: Loan = {
    ...loan,
    paid: loan.paid + toSchedule,
    fees: s.fees - toFees,
    judged: s.judged,
    received: loan.received + toSchedule + toFees,
  };
  return { loan: booked(plan, loan, after, time), taken };
}

/**
 * Deals with what came back of the agreement: the loan first, the patient then; nothing done costs nothing.
 * @param refunded what the escrow gave back of the agreement so far
 */
export function settle(
  plan: Plan,
  loan: Loan,
  refunded: bigint,
  time: bigint,
): { loan: Loan; toLoan: bigint; toPatient: bigint } {
  const refund = refunded - loan.refunded;
  const known = { ...loan, refunded };
  if (refunded === loan.total) {
    const toLoan = least(refund, over(plan.principal, loan.received));
    const back = over(loan.received, plan.principal);
    const open = loan.state === 'live' || loan.state === 'written-off';
    const after = open ? closed(known, 0n) : known;
    const settled = { ...after, received: after.received + toLoan - back, due: after.due + back };
    return { loan: booked(plan, loan, settled, time), toLoan, toPatient: refund - toLoan };
  }
  if (loan.state === 'closed') return { loan: known, toLoan: 0n, toPatient: refund };
  const s = standing(plan, known, time);
  const debt = payoffAt(known, s);
  const toLoan = least(refund, debt);
  const after = toLoan === debt ? closed(known, toLoan) : partly(known, s, toLoan);
  return { loan: booked(plan, loan, after, time), toLoan, toPatient: refund - toLoan };
}

/** Smaller than the debt: what is due is paid, and every later instalment shrinks alike. */
function partly(loan: Loan, s: Standing, refund: bigint): Loan {
  const base = { ...loan, received: loan.received + refund, judged: s.judged, fees: s.fees };
  const overdue = over(s.dueSum, loan.paid);
  if (refund < overdue) return { ...base, paid: loan.paid + refund };
  const ahead = over(loan.paid, s.dueSum);
  const rest = refund - overdue;
  const toSchedule = least(rest, over(s.value, ahead));
  return {
    ...base,
    fees: s.fees - (rest - toSchedule),
    share: toSchedule > 0n ? shareAfter(loan.share, s.value, toSchedule) : loan.share,
    from: s.next,
    paid: ahead,
  };
}

/** An instalment is past grace: the pool values the loan at nothing until it is made good. */
export const impair = (plan: Plan, loan: Loan, time: bigint): Loan => booked(plan, loan, loan, time);

export const writtenOff = (loan: Loan): Loan => ({
  ...loan,
  state: 'written-off',
  carrying: 0n,
  impaired: false,
});

export interface OpenInstalment {
  readonly index: number;
  readonly amount: bigint;
  /** What is still to be paid of it. */
  readonly open: bigint;
  readonly dueBy: bigint;
}

/** The instalments that count still, with what is open of each. */
export function openInstalments(plan: Plan, loan: Loan): OpenInstalment[] {
  let left = loan.paid;
  return plan.instalments.flatMap(({ amount: full, dueBy }, index) => {
    if (index < loan.from) return [];
    const amount = part(full, loan.share);
    const covered = least(left, amount);
    left -= covered;
    return [{ index, amount, open: amount - covered, dueBy }];
  });
}
