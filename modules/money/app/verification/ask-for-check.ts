/** A clinic's side: what is to be checked, what it costs, and where its check stands. */
import { AppError, type Hex, toHex0x } from '@zhenmei/kernel';
import { challengeDeposit, checkFee } from '../../core/verification-math.ts';
import { digestOf, type Statement } from '../../core/verification-papers.ts';
import { orderOnto, pendingOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { openTask } from './contests.ts';
import './errors.ts';
import { publicCheck, seatsOf, taskRow, tasksOf } from './views.ts';

/** What a verifier gets now; the contract's first value until it is changed. */
export async function payNow(ctx: MoneyContext): Promise<bigint> {
  const row = await ctx.db.selectFrom('money.check_pay').select('pay').executeTakeFirst();
  return BigInt(row?.pay ?? 3_000);
}

export async function clinicCheck(ctx: MoneyContext, clinic: Hex) {
  const [pay, [task], statement, order, credit] = await Promise.all([
    payNow(ctx),
    tasksOf(ctx, clinic),
    ctx.db
      .selectFrom('money.check_statement')
      .selectAll()
      .where('clinic', '=', clinic)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst(),
    pendingOrder(ctx, 'panel', clinic),
    ctx.checks.credit(clinic),
  ]);
  const units = await ctx.checks.units(clinic);
  const tagged = await ctx.db
    .selectFrom('money.check_tagged')
    .select('clinic')
    .where('clinic', '=', clinic)
    .executeTakeFirst();
  return {
    pay: pay.toString(),
    fee: checkFee(pay).toString(),
    deposit: challengeDeposit(pay).toString(),
    units: units.toString(),
    credit: credit.toString(),
    tagged: tagged !== undefined,
    order,
    statement: statement ? { ...statement.statement } : null,
    subject: statement?.subject ?? null,
    task: task ? taskRow(task, await seatsOf(ctx, [task.id])) : null,
    check: await publicCheck(ctx, clinic),
  };
}

/** Keeps what a clinic says about itself. Words that no check was asked with yet are the same statement. */
export async function leaveStatement(ctx: MoneyContext, clinic: Hex, statement: Statement): Promise<Hex> {
  const known = await ctx.db
    .selectFrom('money.check_statement')
    .selectAll()
    .where('clinic', '=', clinic)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (known && digestOf(statement, known.salt) === known.subject) {
    const used = await ctx.db
      .selectFrom('money.check_task')
      .select('id')
      .where('subject', '=', known.subject)
      .executeTakeFirst();
    if (!used) return known.subject;
  }
  const salt = toHex0x(ctx.random.bytes(32));
  const subject = digestOf(statement, salt);
  await ctx.db
    .insertInto('money.check_statement')
    .values({
      subject,
      clinic,
      statement: JSON.stringify(statement) as never,
      salt,
      at: new Date(ctx.clock.now()),
    })
    .execute();
  return subject;
}

/** The clinic's number for the draw, once the house is bound to its own. Throws CHECK_UNKNOWN, CHAIN_REVERTED. */
export async function openCheckSecret(
  ctx: MoneyContext,
  clinic: Hex,
  id: string,
  secret: Hex,
): Promise<void> {
  const [task] = await tasksOf(ctx, clinic);
  if (task?.id !== id) throw new AppError('CHECK_UNKNOWN');
  if (task.phase !== 'opening') return;
  await ctx.checks.openSecret(id, secret);
}

/**
 * @param contested the check whose result it is to contest: then money is taken no longer than objections are
 * Throws CHECK_UNKNOWN, CHECK_CONTEST_CLOSED.
 */
export async function orderCheckMoney(
  ctx: MoneyContext,
  account: Hex,
  amount: bigint,
  contested?: string,
): Promise<Awaited<ReturnType<typeof orderOnto>>> {
  const until = contested === undefined ? null : (await openTask(ctx, contested)).deadline;
  return orderOnto(ctx, {
    purpose: 'panel',
    account,
    agreement: null,
    amount,
    currency: 'CNY',
    ...(until ? { payBy: until.getTime() } : {}),
  });
}
