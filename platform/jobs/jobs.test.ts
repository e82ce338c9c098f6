import { transaction } from '@zhenmei/db';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { AppError, DAY, defineErrors, HOUR, SECOND } from '@zhenmei/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  cancel,
  createWorker,
  deadJobs,
  enqueue,
  forgetDone,
  type Job,
  type JobHandler,
  type JobsSchema,
  jobStats,
  jobsMigrations,
  reschedule,
  revive,
  type Worker,
} from './index.ts';
import { backoffMs } from './worker.ts';

defineErrors({ NO_SENSE: { status: 400, retryable: false, zh: '没有意义。', en: 'This makes no sense.' } });

const START = 1_800_000_000_000;
const log = { info: () => undefined, warn: () => undefined };
let database: TestDatabase;
let now = START;
const workers: Worker[] = [];

beforeAll(async () => {
  database = await testDatabase([jobsMigrations]);
  await database.pool.query('create table effect (key text)');
});
afterAll(() => database.close());
beforeEach(async () => {
  now = START;
  await database.pool.query('truncate jobs.job, effect');
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
});

const work = async (handlers: Record<string, JobHandler>, more: object = {}): Promise<Worker> => {
  const db = database.as<JobsSchema>();
  const worker = createWorker({
    db,
    url: database.url,
    clock: { now: () => now },
    log,
    handlers,
    pollMs: 60_000,
    ...more,
  });
  workers.push(worker);
  await worker.start();
  return worker;
};
const put = (key: string, dueAt = now, kind = 'note', payload: unknown = { key }): Promise<boolean> =>
  enqueue(database.db, { kind, key, payload, dueAt });
const stats = () => jobStats(database.db, now);

describe('putting work in', () => {
  test('happens with the change or not at all', async () => {
    await expect(
      transaction(database.db, async (tx) => {
        await enqueue(tx, { kind: 'note', key: 'a', payload: null, dueAt: now });
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    expect(await stats()).toMatchObject({ due: 0 });
    await transaction(database.db, (tx) =>
      enqueue(tx, { kind: 'note', key: 'a', payload: null, dueAt: now }),
    );
    expect(await stats()).toMatchObject({ due: 1 });
  });

  test('the same key is put in once, also when many try at once', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => put('same')));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test('waiting work can be moved and taken out; work that is not there cannot', async () => {
    await put('later', now + DAY);
    expect(await stats()).toEqual({ waiting: 1, due: 0, dead: 0, lag: 0 });
    expect(await reschedule(database.db, 'later', now - 5 * SECOND)).toBe(true);
    expect(await stats()).toEqual({ waiting: 0, due: 1, dead: 0, lag: 5 * SECOND });
    expect(await cancel(database.db, 'later')).toBe(true);
    expect(await cancel(database.db, 'later')).toBe(false);
    expect(await reschedule(database.db, 'later', now)).toBe(false);
  });
});

describe('doing it', () => {
  test('a worker that sleeps is woken by the commit', async () => {
    const seen: Job[] = [];
    await work({ note: async (job) => void seen.push(job) });
    await put('now');
    await expect
      .poll(() => seen)
      .toMatchObject([{ key: 'now', payload: { key: 'now' }, attempt: 1, dueAt: START }]);
    await expect.poll(stats).toMatchObject({ due: 0 });
  });

  test('work waits for the clock that was passed in, not for real time', async () => {
    const seen: string[] = [];
    const worker = await work({ note: async ({ key }) => void seen.push(key) });
    await put('in a month', now + 30 * DAY);
    now += 30 * DAY - 1;
    worker.wake();
    await put('mark');
    await expect.poll(() => seen).toEqual(['mark']);
    now += 1;
    worker.wake();
    await expect.poll(() => seen).toEqual(['mark', 'in a month']);
  });

  test('many workers share the work and do each piece once', async () => {
    const seen: string[] = [];
    const handler = { note: async ({ key }: Job) => void seen.push(key) };
    for (let i = 0; i < 60; i++) await put(`k${i}`);
    await Promise.all([work(handler), work(handler), work(handler)]);
    await expect.poll(stats).toMatchObject({ due: 0 });
    expect(seen.length).toBe(60);
    expect(new Set(seen).size).toBe(60);
  });

  test('kinds nobody handles stay for somebody who does', async () => {
    await put('foreign', now, 'other');
    const seen: string[] = [];
    await work({ note: async ({ key }) => void seen.push(key) });
    await put('own');
    await expect.poll(() => seen).toEqual(['own']);
    expect(await stats()).toMatchObject({ due: 1 });
  });

  test('the effect and the mark can be one transaction', async () => {
    let tries = 0;
    const worker = await work({
      note: async ({ key }, { finish }) => {
        tries++;
        await database.db.transaction().execute(async (tx) => {
          await database.pool.query('select 1');
          const { sql } = await import('kysely');
          await sql`insert into effect values (${key})`.execute(tx);
          await finish(tx);
          if (tries === 1) throw new Error('before the commit');
        });
      },
    });
    await put('both');
    await expect.poll(() => tries).toBe(1);
    await expect
      .poll(async () => (await database.pool.query('select last_error from jobs.job')).rows[0]?.last_error)
      .toBe('before the commit');
    expect((await database.pool.query('select * from effect')).rows).toEqual([]);
    now += backoffMs(1);
    worker.wake();
    await expect
      .poll(async () => (await database.pool.query('select * from effect')).rows)
      .toEqual([{ key: 'both' }]);
    await expect.poll(stats).toMatchObject({ due: 0, dead: 0 });
  });
});

describe('when it fails', () => {
  test('it is tried again later and later, then it is dead, and can be revived', async () => {
    let tries = 0;
    const worker = await work(
      {
        note: async () => {
          tries++;
          throw new Error('down');
        },
      },
      { maxAttempts: 3 },
    );
    await put('bad');
    for (let n = 1; n <= 3; n++) {
      await expect.poll(() => tries).toBe(n);
      await expect.poll(async () => (await stats()).due).toBe(0);
      now += backoffMs(n);
      worker.wake();
    }
    await expect.poll(stats).toMatchObject({ dead: 1, waiting: 0, due: 0 });
    const [dead] = await deadJobs(database.db);
    expect(dead).toMatchObject({ key: 'bad', attempts: 3, lastError: 'down' });
    expect(await revive(database.db, dead!.id)).toBe(true);
    await expect.poll(() => tries).toBe(4);
    expect(await revive(database.db, crypto.randomUUID())).toBe(false);
  });

  test('an error that says trying again is no use is dead at once', async () => {
    await work({
      note: async () => {
        throw new AppError('NO_SENSE');
      },
    });
    await put('senseless');
    await expect.poll(stats).toMatchObject({ dead: 1 });
  });

  test('the claim of a worker that died runs out; a live one keeps its claim', async () => {
    await put('orphan');
    await database.pool.query(
      "update jobs.job set attempts = 1, locked_until = now() + interval '300 milliseconds'",
    );
    const seen: Job[] = [];
    await work({ note: async (job) => void seen.push(job) }, { pollMs: 50 });
    await expect.poll(() => seen).toMatchObject([{ key: 'orphan', attempt: 2 }]);

    let open: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    let runs = 0;
    const slow = {
      slow: async () => {
        runs++;
        await held;
      },
    };
    await work(slow, { pollMs: 20, leaseMs: 150 });
    await work(slow, { pollMs: 20, leaseMs: 150 });
    await put('long', now, 'slow');
    await expect.poll(() => runs).toBe(1);
    const renewed = async () =>
      (
        await database.pool.query(
          "select extract(epoch from locked_until)::float8 as t from jobs.job where kind = 'slow'",
        )
      ).rows[0].t as number;
    const first = await renewed();
    await expect.poll(renewed).toBeGreaterThan(first + 0.3);
    expect(runs).toBe(1);
    open();
    await expect.poll(stats).toMatchObject({ due: 0 });
  });

  test('a job that takes its workers down with it comes to an end', async () => {
    await put('killer');
    await database.pool.query('update jobs.job set attempts = 12');
    let runs = 0;
    await work({ note: async () => void runs++ });
    await expect.poll(stats).toMatchObject({ dead: 1 });
    expect(runs).toBe(0);
  });

  test('pausing waits for what runs and takes nothing new', async () => {
    let open: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    const seen: string[] = [];
    const worker = await work(
      {
        note: async ({ key }) => {
          seen.push(key);
          await held;
        },
      },
      { concurrency: 1 },
    );
    await put('first');
    await expect.poll(() => seen).toEqual(['first']);
    const paused = worker.pause();
    await put('second');
    open();
    await paused;
    expect(seen).toEqual(['first']);
    expect(await stats()).toMatchObject({ due: 1 });
    await worker.start();
    await expect.poll(() => seen).toEqual(['first', 'second']);
  });

  test('done work is forgotten after its time, and only then', async () => {
    await work({ note: async () => undefined });
    await put('done');
    await put('waiting', now + DAY);
    await expect
      .poll(
        async () =>
          (await database.pool.query('select 1 from jobs.job where done_at is not null')).rows.length,
      )
      .toBe(1);
    expect(await forgetDone(database.db, now - HOUR)).toBe(0);
    expect(await forgetDone(database.db, now + HOUR)).toBe(1);
    expect(await stats()).toMatchObject({ waiting: 1 });
  });
});
