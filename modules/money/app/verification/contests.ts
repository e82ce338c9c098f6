/** Objections to a check's result: what anybody may read of them, and a person's own under a key used for nothing else. */
import { AppError, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { contestDue, contestStage, contestWords } from '../../core/contest.ts';
import { challengeDeposit, payOf, prize } from '../../core/verification-math.ts';
import { digestOf } from '../../core/verification-papers.ts';
import { newestOrder, orderWithin } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import './errors.ts';
import { iso, type SeatRow, seatsOf, type TaskRow, tasksOf } from './views.ts';

/** Results of a clinic that are looked back at. */
const LOOK_BACK = 6;
const JURY = 3;

function view(task: TaskRow, all: readonly SeatRow[], now: number) {
  const seats = all.filter(({ task_id }) => task_id === task.id);
  const jury = seats.filter(({ round, failed }) => round === 2 && failed !== null);
  const stage = contestStage({
    phase: task.phase,
    contested: task.challenger !== null,
    late: task.deadline === null || now > task.deadline.getTime(),
    jury: jury.map(({ failed }) => failed === 0),
    overruled: seats.some(({ round, slashed }) => round < 2 && BigInt(slashed) > 0n),
  });
  const pay = payOf(BigInt(task.fee));
  return {
    id: task.id,
    stage,
    deposit: challengeDeposit(pay).toString(),
    /** On top of the deposit, if all three answer. */
    reward: prize(pay, JURY).toString(),
    until: stage === 'open' ? iso(task.deadline) : null,
    deadline: stage === 'drawing' || stage === 'comparing' ? iso(task.deadline) : null,
    by: task.challenger,
    due: contestDue(stage, pay, jury.length).toString(),
  };
}

/** A clinic's newest results, each with its objection if there is one. */
export async function readContests(ctx: MoneyContext, clinic: Hex) {
  const tasks = (await tasksOf(ctx, clinic)).filter(({ counted }) => counted).slice(0, LOOK_BACK);
  const seats = await seatsOf(
    ctx,
    tasks.map(({ id }) => id),
  );
  return tasks.map((task) => view(task, seats, ctx.clock.now()));
}

/** A check that may be contested now. Throws CHECK_UNKNOWN, CHECK_CONTEST_CLOSED. */
export async function openTask(ctx: MoneyContext, id: string): Promise<TaskRow> {
  const task = await ctx.db
    .selectFrom('money.check_task')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!task) throw new AppError('CHECK_UNKNOWN');
  if (view(task, [], ctx.clock.now()).stage !== 'open') throw new AppError('CHECK_CONTEST_CLOSED');
  return task;
}

/**
 * Why a result is contested, in words; its digest goes to the ledger. Throws CHECK_UNKNOWN, CHECK_CONTEST_CLOSED.
 */
export async function leaveGrounds(ctx: MoneyContext, id: string, text: string) {
  const task = await openTask(ctx, id);
  const digest = await keepGrounds(ctx, ctx.db, text);
  return { task, digest, deposit: challengeDeposit(payOf(BigInt(task.fee))).toString() };
}

async function keepGrounds(ctx: MoneyContext, db: Kysely<MoneyDatabase>, text: string): Promise<Hex> {
  const salt = toHex0x(ctx.random.bytes(32));
  const digest = digestOf(text, salt);
  await db
    .insertInto('money.check_grounds')
    .values({ digest, text, salt, at: new Date(ctx.clock.now()) })
    .execute();
  return digest;
}

const hashOf = (token: string): Hex => toHex0x(sha256(utf8(token)));

export interface Contest {
  readonly address: Hex;
  readonly text: string;
  /** Over `contestWords`, as a personal message. */
  readonly signature: Hex;
}

/**
 * A person's objection and the order for its deposit. The order takes money no longer than objections are taken: what
 * comes later goes home. Throws CHECK_UNKNOWN, CHECK_CONTEST_CLOSED, CHECK_CONTEST_WRONG.
 * @param token reads it again; the server keeps its hash alone
 */
export async function leaveContest(
  ctx: MoneyContext,
  id: string,
  token: string | null,
  { address, text, signature }: Contest,
) {
  const open = await openTask(ctx, id);
  if (!token || !(await ctx.checks.signedBy(contestWords(id, text), address, signature)))
    throw new AppError('CHECK_CONTEST_WRONG');
  const before = await ownRow(ctx, id, address);
  if (before && before.read_token_hash !== hashOf(token)) throw new AppError('CHECK_CONTEST_WRONG');
  // the ledger is asked first: an objection without the order for its deposit could go no further
  const missing = challengeDeposit(payOf(BigInt(open.fee))) - (await ctx.checks.units(address));
  const order = await newestOrder(ctx, 'panel', { account: address });
  await ctx.db.transaction().execute(async (tx) => {
    // asked again with the same words it is the same
    if (before?.text !== text) {
      const digest = await keepGrounds(ctx, tx, text);
      await tx
        .insertInto('money.check_contest')
        .values({
          task_id: id,
          address,
          digest,
          read_token_hash: hashOf(token),
          at: new Date(ctx.clock.now()),
        })
        .onConflict((c) => c.columns(['task_id', 'address']).doUpdateSet({ digest }))
        .execute();
    }
    if (missing > 0n && order?.state !== 'received' && order?.state !== 'minted')
      await orderWithin(ctx, tx, {
        purpose: 'panel',
        account: address,
        agreement: null,
        amount: missing,
        currency: 'CNY',
        payBy: open.deadline!.getTime(),
      });
  });
  return (await readOwnContest(ctx, id, token))!;
}

const ownRow = (ctx: MoneyContext, id: string, address: Hex) =>
  ctx.db
    .selectFrom('money.check_contest as c')
    .innerJoin('money.check_grounds as g', 'g.digest', 'c.digest')
    .select(['c.address', 'c.digest', 'c.read_token_hash', 'g.text'])
    .where('c.task_id', '=', id)
    .where('c.address', '=', address)
    .executeTakeFirst();

/** What only the holder of the token reads: its words, its order, and money that can go back. Null if there is none. */
export async function readOwnContest(ctx: MoneyContext, id: string, token: string | null) {
  if (!token) return null;
  const row = await ctx.db
    .selectFrom('money.check_contest as c')
    .innerJoin('money.check_grounds as g', 'g.digest', 'c.digest')
    .select(['c.address', 'c.digest', 'g.text'])
    .where('c.task_id', '=', id)
    .where('c.read_token_hash', '=', hashOf(token))
    .executeTakeFirst();
  if (!row) return null;
  const { address, digest, text } = row;
  const [units, credit, order, paid] = await Promise.all([
    ctx.checks.units(address),
    ctx.checks.credit(address),
    newestOrder(ctx, 'panel', { account: address }),
    ctx.db
      .selectFrom('money.payment_order')
      .select(['reference', 'amount'])
      .where('payer_address', '=', address)
      .where('state', 'in', ['minted', 'held'])
      .orderBy('created_at')
      .execute(),
  ]);
  return {
    address,
    digest,
    text,
    units: units.toString(),
    credit: credit.toString(),
    order,
    payments: paid.map(({ reference, amount }) => ({ amount, payment: ctx.checks.paymentRef(reference) })),
  };
}

/** Whether an objection was left here under this key. */
export async function isContester({ db }: Pick<MoneyContext, 'db'>, address: Hex): Promise<boolean> {
  const row = await db
    .selectFrom('money.check_contest')
    .select('address')
    .where('address', '=', address)
    .executeTakeFirst();
  return row !== undefined;
}

/** Only such a key has its objection sent, or what it paid given back. Throws RELAY_REFUSED. */
export async function assertContester(ctx: MoneyContext, address: Hex): Promise<void> {
  if (!(await isContester(ctx, address))) throw new AppError('RELAY_REFUSED');
}

/** Why a result was contested, for the jury. */
export async function groundsOf(ctx: MoneyContext, task: TaskRow): Promise<string | null> {
  if (!task.grounds) return null;
  const row = await ctx.db
    .selectFrom('money.check_grounds')
    .select('text')
    .where('digest', '=', task.grounds)
    .executeTakeFirst();
  return row?.text ?? null;
}
