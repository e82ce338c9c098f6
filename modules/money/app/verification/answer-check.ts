/** A verifier's side: its tasks, what a clinic said, and the signed answer that the house opens for it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { seatLock } from '../../core/verification-math.ts';
import { type AnswerBody, digestOf } from '../../core/verification-papers.ts';
import type { MoneyContext } from '../context.ts';
import { payNow } from './ask-for-check.ts';
import { groundsOf } from './contests.ts';
import './errors.ts';
import { type SeatRow, seatsOf, type TaskRow, taskRow } from './views.ts';

async function own(ctx: MoneyContext, verifier: Hex) {
  const mine = await ctx.db
    .selectFrom('money.check_seat')
    .select('task_id')
    .where('verifier', '=', verifier)
    .execute();
  const ids = mine.map(({ task_id }) => task_id);
  if (ids.length === 0) return { tasks: [], seats: [] };
  const tasks = await ctx.db
    .selectFrom('money.check_task')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('asked_at', 'desc')
    .execute();
  return { tasks, seats: await seatsOf(ctx, ids) };
}

function row(task: TaskRow, seats: readonly SeatRow[], verifier: Hex) {
  const all = seats.filter((seat) => seat.task_id === task.id);
  const mine = all.find((seat) => seat.verifier === verifier)!;
  return {
    ...taskRow(task, all),
    // a round that is over leaves nothing to do
    phase: mine.round < task.round && task.phase === 'answering' ? ('revealing' as const) : task.phase,
    subject: task.subject,
    round: mine.round,
    committed: mine.committed,
    mine: mine.failed === null ? null : mine.failed === 0,
    earned: mine.earned,
    slashed: mine.slashed,
  };
}

export async function verifierDesk(ctx: MoneyContext, verifier: Hex) {
  const [{ tasks, seats }, standing, bond, pay] = await Promise.all([
    own(ctx, verifier),
    ctx.db.selectFrom('money.check_verifier').selectAll().where('verifier', '=', verifier).executeTakeFirst(),
    ctx.checks.bond(verifier),
    payNow(ctx),
  ]);
  return {
    admitted: standing?.admitted ?? false,
    suspended: standing?.suspended ?? false,
    checks: standing?.checks ?? 0,
    misses: standing?.misses ?? 0,
    bond: bond.toString(),
    lock: seatLock(pay).toString(),
    pay: pay.toString(),
    tasks: tasks.map((task) => row(task, seats, verifier)),
  };
}

/** Only for who was drawn. Throws CHECK_NOT_DRAWN. */
export async function readTask(ctx: MoneyContext, verifier: Hex, id: string) {
  const { tasks, seats } = await own(ctx, verifier);
  const task = tasks.find((one) => one.id === id);
  if (!task) throw new AppError('CHECK_NOT_DRAWN');
  const kept = await ctx.db
    .selectFrom('money.check_statement')
    .select('statement')
    .where('subject', '=', task.subject)
    .executeTakeFirst();
  if (!kept) throw new AppError('CHECK_NOT_DRAWN');
  return {
    task: row(task, seats, verifier),
    clinic: await ctx.guarantee.nameOf(task.clinic),
    statement: { ...kept.statement },
    grounds: task.round === 2 ? await groundsOf(ctx, task) : null,
  };
}

export interface SignedAnswer {
  readonly answer: AnswerBody;
  readonly salt: Hex;
  readonly signature: Hex;
}

/**
 * Keeps a signed answer until all have committed; then the house opens it, as anybody who has it may.
 * Throws CHECK_NOT_DRAWN, CHECK_ANSWER_WRONG.
 * @returns the commitment that the verifier puts on the ledger
 */
export async function leaveAnswer(
  ctx: MoneyContext,
  verifier: Hex,
  id: string,
  { answer, salt, signature }: SignedAnswer,
): Promise<Hex> {
  const { tasks, seats } = await own(ctx, verifier);
  const task = tasks.find((one) => one.id === id);
  if (task?.phase !== 'answering') throw new AppError('CHECK_NOT_DRAWN');
  const seat = seats.find((one) => one.task_id === id && one.verifier === verifier)!;
  if (seat.round !== task.round || seat.committed) throw new AppError('CHECK_NOT_DRAWN');
  const message = {
    task: id,
    round: seat.round,
    verifier,
    subject: task.subject,
    failed: answer.failed,
    checkedOn: answer.checkedOn,
    evidence: digestOf(answer.pages, salt),
  };
  const commitment = await ctx.checks.signed(message, salt, signature);
  if (!commitment) throw new AppError('CHECK_ANSWER_WRONG');
  const kept = {
    answer: JSON.stringify(answer) as never,
    salt,
    signature,
    at: new Date(ctx.clock.now()),
  };
  await ctx.db
    .insertInto('money.check_answer')
    .values({ task_id: id, round: seat.round, verifier, ...kept })
    .onConflict((c) => c.columns(['task_id', 'round', 'verifier']).doUpdateSet(kept))
    .execute();
  return commitment;
}
