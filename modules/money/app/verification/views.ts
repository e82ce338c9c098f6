/** What is shown of a check, to anybody and to those who take part. */
import type { Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { CheckPhase } from '../../core/verification-moves.ts';
import { failedSources, SOURCES } from '../../core/verification-papers.ts';
import type { PublicCheck } from '../../verification-api.ts';
import type { MoneyContext } from '../context.ts';

export type TaskRow = Selectable<MoneyDatabase['money.check_task']>;
export type SeatRow = Selectable<MoneyDatabase['money.check_seat']>;
type Public = z.infer<typeof PublicCheck>;

export const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const taskRow = (task: TaskRow, seats: readonly SeatRow[]) => ({
  id: task.id,
  phase: task.phase,
  round: task.round,
  accepted: task.counted ? task.accepted : null,
  deadline: iso(task.deadline),
  askedAt: task.asked_at.toISOString(),
  answered: seats.filter(({ failed }) => failed !== null).length,
  seats: seats.length,
});

export const seatsOf = (ctx: MoneyContext, ids: readonly string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : ctx.db
        .selectFrom('money.check_seat')
        .selectAll()
        .where('task_id', 'in', [...ids])
        .orderBy('round')
        .orderBy('place')
        .execute();

/** A clinic's tasks, newest first. */
export const tasksOf = (ctx: MoneyContext, clinic: Hex) =>
  ctx.db
    .selectFrom('money.check_task')
    .selectAll()
    .where('clinic', '=', clinic)
    .orderBy('asked_at', 'desc')
    .limit(50)
    .execute();

const NOTHING: Public = {
  state: 'none',
  checkedOn: null,
  verifiers: 0,
  sources: [],
  failed: [],
  challengeUntil: null,
  challenged: false,
  until: null,
  accepted: null,
  taskId: null,
};
const RUNNING: readonly CheckPhase[] = [
  'asked',
  'opening',
  'drawing',
  'answering',
  'revealing',
  'challenged',
  'unsealing',
];

/**
 * What a clinic's newest check with a result says, or that one runs, or that there is none. Deny by default: a result
 * counts only while it stands, and a revoked one is told as long as its year would have lasted.
 */
export async function publicCheck(ctx: MoneyContext, clinic: Hex | null): Promise<Public> {
  if (!clinic) return NOTHING;
  const tasks = await tasksOf(ctx, clinic);
  const now = ctx.clock.now();
  const withResult = tasks.find(
    ({ phase, counted }) => counted && !['failed', 'exposed', 'challenged', 'unsealing'].includes(phase),
  );
  const running = tasks.find(({ phase }) => RUNNING.includes(phase));
  const task = withResult ?? running;
  if (!task) return NOTHING;
  const seats = await seatsOf(ctx, [task.id]);
  const answered = seats.filter(({ failed }) => failed !== null);
  const read = answered.map(({ checked_on }) => checked_on!.getTime());
  const base = {
    ...NOTHING,
    taskId: task.id,
    challenged: task.challenger !== null,
    checkedOn: read.length > 0 ? new Date(Math.max(...read)).toISOString() : null,
    verifiers: answered.length,
    sources: await comparedFor(ctx, task.subject),
  };
  if (task === running) return { ...NOTHING, taskId: task.id, state: 'running', challenged: base.challenged };
  const failed = [...new Set(answered.flatMap((seat) => failedSources(seat.failed!)))];
  const over = task.deadline === null || now > task.deadline.getTime();
  const result = { ...base, accepted: task.accepted, failed: task.accepted ? [] : failed };
  if (task.phase === 'challengeable' && !over)
    return { ...result, state: 'open', challengeUntil: iso(task.deadline) };
  if (task.phase === 'revoked' && !over) return { ...result, state: 'revoked', until: iso(task.deadline) };
  if (task.phase === 'standing' && !over) return { ...result, state: 'standing', until: iso(task.deadline) };
  if (task.phase === 'rejected' && !over) return { ...result, state: 'rejected', until: iso(task.deadline) };
  return { ...result, state: task.phase === 'challengeable' ? 'running' : 'over' };
}

/** Where a clinic said nothing there was nothing to compare. */
export async function comparedFor(ctx: MoneyContext, subject: Hex): Promise<Public['sources']> {
  const kept = await ctx.db
    .selectFrom('money.check_statement')
    .select('statement')
    .where('subject', '=', subject)
    .executeTakeFirst();
  return SOURCES.filter((source) => kept !== undefined && kept.statement[source].length > 0);
}

/** A revoked check stops new agreements and claims; no check at all stops nothing. */
export async function checkRevoked(ctx: MoneyContext, clinic: Hex): Promise<boolean> {
  const { state } = await publicCheck(ctx, clinic);
  return state === 'revoked';
}
