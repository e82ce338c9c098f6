/** Does due work. Several workers in several processes share one table; each job is held by one of them at a time. */
import { createListener, type Listener, type Log } from '@zhenmei/db';
import { AppError, type Clock } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { AnyTx } from './queue.ts';
import { CHANNEL, type JobsSchema } from './schema.ts';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly payload: unknown;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  /** 1 on the first try. */
  readonly attempt: number;
}

export interface JobContext {
  /** Marks the job done inside the handler's own transaction: then its effect and the mark are one. */
  readonly finish: (tx: AnyTx) => Promise<void>;
}

/** May run more than once for one job (a crash after the effect): make it idempotent, or use `finish`. */
export type JobHandler = (job: Job, context: JobContext) => Promise<void>;

export interface WorkerOptions {
  readonly db: Kysely<JobsSchema>;
  /** For LISTEN; without it the worker only polls. */
  readonly url?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Jobs at once; 4 by default. */
  readonly concurrency?: number;
  /** Milliseconds between looks at the table when nobody calls; 1 000 by default. */
  readonly pollMs?: number;
  /** Milliseconds that a silent worker keeps its claim; 60 000 by default. */
  readonly leaseMs?: number;
  /** Tries before a job is dead; 12 by default (about five hours). */
  readonly maxAttempts?: number;
}

export interface Worker {
  start(): Promise<void>;
  /** Looks at the table now. */
  wake(): void;
  /** Takes no more work and waits for what is running. Can be started again. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

/** Seconds before try `attempt + 1`: 2, 4, 8 … up to an hour. */
export function backoffMs(attempt: number): number {
  return Math.min(2 ** attempt, 3_600) * 1_000;
}

export function createWorker(options: WorkerOptions): Worker {
  const { db, clock, log, handlers } = options;
  const { concurrency = 4, pollMs = 1_000, leaseMs = 60_000, maxAttempts = 12 } = options;
  const running = new Set<Promise<void>>();
  let listener: Listener | null = null;
  let loop: Promise<void> | null = null;
  let active = false;
  let woken = false;
  let rouse: () => void = () => undefined;

  const wake = (): void => {
    woken = true;
    rouse();
  };

  const claim = async (limit: number): Promise<Job[]> => {
    const { rows } = await sql<{
      id: string;
      kind: string;
      key: string;
      payload: unknown;
      due_at: Date;
      attempts: number;
    }>`
      update jobs.job set attempts = attempts + 1, locked_until = now() + ${leaseMs} * interval '1 millisecond'
       where id in (
         select id from jobs.job
          where done_at is null and dead_at is null and due_at <= ${new Date(clock.now())}
            and (locked_until is null or locked_until < now()) and kind = any(${Object.keys(handlers)})
          order by due_at limit ${limit} for update skip locked)
      returning id, kind, key, payload, due_at, attempts`.execute(db);
    return rows.map(({ due_at, attempts, ...row }) => ({
      ...row,
      dueAt: due_at.getTime(),
      attempt: attempts,
    }));
  };

  const finish = async (job: Job, tx: AnyTx): Promise<void> => {
    await (tx as Kysely<JobsSchema>)
      .updateTable('jobs.job')
      .set({ done_at: new Date(clock.now()), locked_until: null, last_error: null })
      .where('id', '=', job.id)
      .execute();
  };

  const fail = async (job: Job, error: unknown): Promise<void> => {
    const final = (error instanceof AppError && !error.retryable) || job.attempt >= maxAttempts;
    const reason = error instanceof Error ? error.message : String(error);
    const now = clock.now();
    // what breaks off because the worker is being closed is no fault
    const say = active ? log.warn : log.info;
    say({ kind: job.kind, key: job.key, attempt: job.attempt, dead: final, reason }, 'a job failed');
    await db
      .updateTable('jobs.job')
      .set({
        locked_until: null,
        last_error: reason.slice(0, 500),
        ...(final ? { dead_at: new Date(now) } : { due_at: new Date(now + backoffMs(job.attempt)) }),
      })
      .where('id', '=', job.id)
      .where('done_at', 'is', null)
      .execute();
  };

  const run = async (job: Job): Promise<void> => {
    // Claims count as tries, so a job that takes its worker down with it comes to an end too.
    if (job.attempt > maxAttempts) return fail(job, new Error('lost with its worker too often'));
    const renew = async (): Promise<void> => {
      await sql`update jobs.job set locked_until = now() + ${leaseMs} * interval '1 millisecond'
        where id = ${job.id} and done_at is null`.execute(db);
    };
    const lease = setInterval(
      () => void renew().catch((e: Error) => log.warn({ reason: e.message }, 'a claim was not renewed')),
      leaseMs / 3,
    );
    let finished = false;
    try {
      await handlers[job.kind]!(job, {
        finish: async (tx) => {
          finished = true;
          await finish(job, tx);
        },
      });
      if (!finished) await finish(job, db);
    } catch (e) {
      await fail(job, e);
    } finally {
      clearInterval(lease);
    }
  };

  const start = (job: Job): void => {
    const work: Promise<void> = run(job)
      .catch((e: Error) =>
        log.warn({ kind: job.kind, reason: e.message }, 'the outcome of a job could not be written'),
      )
      .finally(() => {
        running.delete(work);
        wake();
      });
    running.add(work);
  };

  const cycle = async (): Promise<void> => {
    while (active) {
      woken = false;
      const free = concurrency - running.size;
      let found = 0;
      if (free > 0) {
        try {
          const jobs = await claim(free);
          found = jobs.length;
          for (const job of jobs) start(job);
        } catch (e) {
          log.warn({ reason: (e as Error).message }, 'looking for work failed');
        }
      }
      if ((found === free && free > 0) || woken || !active) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  const pause = async (): Promise<void> => {
    active = false;
    rouse();
    await loop;
    loop = null;
    await Promise.all(running);
  };

  return {
    async start() {
      if (active) return;
      if (options.url && !listener) {
        const fresh = createListener(options.url, log);
        try {
          await fresh.listen(CHANNEL, wake);
        } catch (e) {
          await fresh.close();
          throw e;
        }
        listener = fresh;
      }
      active = true;
      loop = cycle();
    },
    wake,
    pause,
    async close() {
      await pause();
      await listener?.close();
      listener = null;
    },
  };
}
