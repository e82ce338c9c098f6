/** A verifier's money: free, locked, to be taken out now, and what comes later with its date. */
import type { Hex } from '@zhenmei/kernel';
import { payOf, seatLock } from '../../core/verification-math.ts';
import { lockedIn, waitingIn } from '../../core/verifier-purse.ts';
import { newestOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { readAdmission } from './admissions.ts';
import { payNow } from './ask-for-check.ts';
import { iso } from './views.ts';

export async function readPurse(ctx: MoneyContext, verifier: Hex) {
  const [rows, pay, free, units, credit, order, admission, candidates] = await Promise.all([
    ctx.db
      .selectFrom('money.check_seat as s')
      .innerJoin('money.check_task as t', 't.id', 's.task_id')
      .select(['t.id', 't.phase', 't.fee', 't.deadline', 's.round', 's.slashed', 's.earned'])
      .where('s.verifier', '=', verifier)
      .orderBy('t.asked_at')
      .execute(),
    payNow(ctx),
    ctx.checks.bond(verifier),
    ctx.checks.units(verifier),
    ctx.checks.credit(verifier),
    newestOrder(ctx, 'panel', { account: verifier }),
    readAdmission(ctx, verifier),
    ctx.disputes.candidates(),
  ]);
  const seats = rows.map(({ id, phase, round, fee, slashed, deadline }) => {
    const facts = { phase, round, pay: payOf(BigInt(fee)), slashed: BigInt(slashed) };
    return { id, at: iso(deadline), locked: lockedIn(facts), waiting: waitingIn(facts) };
  });
  const sum = (field: 'earned' | 'slashed') =>
    rows.reduce((all, row) => all + BigInt(row[field]), 0n).toString();
  return {
    admission,
    appointed: candidates.find(({ account }) => account === verifier)?.appointed ?? false,
    lock: seatLock(pay).toString(),
    free: free.toString(),
    units: units.toString(),
    credit: credit.toString(),
    locked: seats.flatMap(({ id, locked }) => (locked > 0n ? [{ id, amount: locked.toString() }] : [])),
    waiting: seats.flatMap(({ id, at, waiting }) =>
      waiting > 0n ? [{ id, at, amount: waiting.toString() }] : [],
    ),
    earned: sum('earned'),
    slashed: sum('slashed'),
    order,
  };
}
