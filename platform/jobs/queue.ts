/** Putting work in, moving it, taking it out again: always inside the caller's transaction. */
import { notify } from '@zhenmei/db';
import { type Kysely, sql } from 'kysely';
import { CHANNEL, type JobsSchema } from './schema.ts';

export interface NewJob {
  /** Chooses the handler. */
  readonly kind: string;
  /** The same key is the same work, for ever. */
  readonly key: string;
  /** JSON; no health or identity data in clear. */
  readonly payload: unknown;
  /** Milliseconds since the epoch, by the clock of the workers. */
  readonly dueAt: number;
}

/** A caller's transaction: whatever its own tables are. */
export type AnyTx = Kysely<never> | Kysely<unknown> | Kysely<JobsSchema>;

const tables = (tx: AnyTx): Kysely<JobsSchema> => tx as Kysely<JobsSchema>;

/**
 * Puts work in with the caller's change: both are there after the commit, or neither. This is also the outbox.
 * @returns false if work with this key was put in before (then nothing changes)
 */
export async function enqueue(tx: AnyTx, { kind, key, payload, dueAt }: NewJob): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('jobs.job')
    .values({
      kind,
      key,
      payload: sql`${JSON.stringify(payload ?? null)}::jsonb`,
      due_at: new Date(dueAt),
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return false;
  await notify(tables(tx), CHANNEL);
  return true;
}

/** Moves work that has not been done. @returns false if there is none with this key */
export async function reschedule(tx: AnyTx, key: string, dueAt: number): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('jobs.job')
    .set({ due_at: new Date(dueAt) })
    .where('key', '=', key)
    .where('done_at', 'is', null)
    .where('dead_at', 'is', null)
    .executeTakeFirst();
  await notify(tables(tx), CHANNEL);
  return numUpdatedRows === 1n;
}

/** Takes out work that has not been done; its key is free again. @returns false if there is none */
export async function cancel(tx: AnyTx, key: string): Promise<boolean> {
  const { numDeletedRows } = await tables(tx)
    .deleteFrom('jobs.job')
    .where('key', '=', key)
    .where('done_at', 'is', null)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export interface JobStats {
  readonly waiting: number;
  readonly due: number;
  readonly dead: number;
  /** Milliseconds that the oldest due job has been waiting. */
  readonly lag: number;
}

/** For readiness and the operator. @param now milliseconds since the epoch */
export async function jobStats(db: AnyTx, now: number): Promise<JobStats> {
  const at = new Date(now);
  const { rows } = await sql<{ waiting: number; due: number; dead: number; oldest: Date | null }>`
    select count(*) filter (where dead_at is null and due_at > ${at})::int as waiting,
           count(*) filter (where dead_at is null and due_at <= ${at})::int as due,
           count(*) filter (where dead_at is not null)::int as dead,
           min(due_at) filter (where dead_at is null and due_at <= ${at}) as oldest
      from jobs.job where done_at is null`.execute(tables(db));
  const { oldest, ...counts } = rows[0]!;
  return { ...counts, lag: oldest ? now - oldest.getTime() : 0 };
}

export interface DeadJob {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly attempts: number;
  readonly lastError: string | null;
}

export async function deadJobs(db: AnyTx): Promise<DeadJob[]> {
  return tables(db)
    .selectFrom('jobs.job')
    .select(['id', 'kind', 'key', 'attempts', 'last_error as lastError'])
    .where('dead_at', 'is not', null)
    .orderBy('dead_at')
    .limit(1_000)
    .execute();
}

/** Gives dead work another full round of tries. @returns false if there is none with this id */
export async function revive(tx: AnyTx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('jobs.job')
    .set({ dead_at: null, attempts: 0, locked_until: null })
    .where('id', '=', id)
    .where('dead_at', 'is not', null)
    .executeTakeFirst();
  await notify(tables(tx), CHANNEL);
  return numUpdatedRows === 1n;
}

/** Forgets work done before a time; its keys are free again. @returns how many */
export async function forgetDone(db: AnyTx, before: number): Promise<number> {
  const { numDeletedRows } = await tables(db)
    .deleteFrom('jobs.job')
    .where('done_at', '<', new Date(before))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
