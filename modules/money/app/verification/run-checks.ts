/** The operator's side: what verifiers get, which clinics are made up, and how often each verifier fell for one. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { checkFee, MAX_PAY, MIN_PAY, overhead } from '../../core/verification-math.ts';
import type { MoneyContext } from '../context.ts';
import { listAdmissions } from './admissions.ts';
import { payNow } from './ask-for-check.ts';
import './errors.ts';
import { comparedFor, iso, seatsOf, taskRow } from './views.ts';

export async function operatorChecks(ctx: MoneyContext) {
  const [pay, tasks, verifiers, fakes, candidates, lost, admissions] = await Promise.all([
    payNow(ctx),
    ctx.db.selectFrom('money.check_task').selectAll().orderBy('asked_at', 'desc').limit(200).execute(),
    ctx.db.selectFrom('money.check_verifier').selectAll().where('admitted', '=', true).execute(),
    ctx.db.selectFrom('money.check_fake').select('clinic').execute(),
    ctx.disputes.candidates(),
    ctx.checks.lost(),
    listAdmissions(ctx),
  ]);
  const made = new Set(fakes.map(({ clinic }) => clinic));
  const seats = await seatsOf(
    ctx,
    tasks.map(({ id }) => id),
  );
  const name = (account: Hex) => ctx.guarantee.nameOf(account);
  return {
    pay: pay.toString(),
    fee: checkFee(pay).toString(),
    overhead: overhead(pay).toString(),
    lost: lost.toString(),
    tasks: await Promise.all(
      tasks.map(async (task) => ({
        ...taskRow(
          task,
          seats.filter(({ task_id }) => task_id === task.id),
        ),
        clinic: await name(task.clinic),
        fake: task.fake ?? made.has(task.clinic),
      })),
    ),
    verifiers: await Promise.all(
      verifiers.map(async ({ verifier, checks, misses, suspended }) => ({
        name: await name(verifier),
        account: verifier,
        checks,
        misses,
        suspended,
      })),
    ),
    admissions: admissions.map(({ account, name, state, about, reason, at, until }) => ({
      account,
      name,
      state,
      about,
      reason,
      at,
      until,
    })),
    clinics: await Promise.all(
      candidates
        .filter(({ kind }) => kind === 'clinic')
        .map(async ({ id, account }) => ({ id, name: await name(account), fake: made.has(account) })),
    ),
  };
}

/** For tasks that are asked for from now on. Throws CHECK_PAY_BOUNDS. */
export async function setCheckPay(ctx: MoneyContext, pay: bigint): Promise<void> {
  if (pay < MIN_PAY || pay > MAX_PAY) throw new AppError('CHECK_PAY_BOUNDS');
  await ctx.checks.setPay(pay);
}

/** Whether a clinic is made up; counts for tasks that are not prepared yet. Throws CHECK_UNKNOWN. */
export async function setFake(ctx: MoneyContext, organisationId: string, fake: boolean): Promise<void> {
  const found = await ctx.disputes.organisation(organisationId);
  if (found?.kind !== 'clinic') throw new AppError('CHECK_UNKNOWN');
  const clinic = found.account;
  if (!fake) {
    await ctx.db.deleteFrom('money.check_fake').where('clinic', '=', clinic).execute();
    return;
  }
  await ctx.db
    .insertInto('money.check_fake')
    .values({ clinic, since: new Date(ctx.clock.now()) })
    .onConflict((c) => c.column('clinic').doNothing())
    .execute();
}

/** Results that stand, for the authority that withdraws one when a register changes. */
export async function standingChecks(ctx: MoneyContext) {
  const rows = await ctx.db
    .selectFrom('money.check_task')
    .selectAll()
    .where('phase', '=', 'standing')
    .where('deadline', '>=', new Date(ctx.clock.now()))
    .orderBy('decided_at', 'desc')
    .limit(200)
    .execute();
  const [seats, candidates] = await Promise.all([
    seatsOf(
      ctx,
      rows.map(({ id }) => id),
    ),
    ctx.disputes.candidates(),
  ]);
  return Promise.all(
    rows.map(async ({ id, clinic, subject, deadline }) => {
      const read = seats
        .filter(({ task_id, checked_on }) => task_id === id && checked_on !== null)
        .map(({ checked_on }) => checked_on!.getTime());
      return {
        id,
        organisationId: candidates.find(({ account }) => account === clinic)?.id ?? null,
        clinic: await ctx.guarantee.nameOf(clinic),
        checkedOn: read.length > 0 ? new Date(Math.max(...read)).toISOString() : null,
        sources: await comparedFor(ctx, subject),
        until: iso(deadline),
      };
    }),
  );
}
