import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@zhenmei/db';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorker, createWorkflows, type JobsSchema } from './index.ts';

const log = { info: () => undefined, warn: () => undefined };
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

function run(mode: string): { child: ChildProcess; said: (text: string) => Promise<void> } {
  const script = fileURLToPath(new URL('./fixtures/saga.ts', import.meta.url));
  // a second query on a connection that is busy would end it
  const child = spawn(process.execPath, ['--throw-deprecation', script, database.url, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += String(chunk);
  });
  return { child, said: (text) => expect.poll(() => output).toContain(text) };
}

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('exit', resolve));

test('killed in the middle of the second step it goes on, and the first is not done again', async () => {
  await database.pool.query('create table effect (name text)');
  const first = run('hang');
  await first.said('in step two');
  first.child.kill('SIGKILL');
  await ended(first.child);
  const effects = async () =>
    (await database.pool.query('select name from effect order by name')).rows.map((r) => r.name);
  expect(await effects()).toEqual(['one']);

  const second = run('finish');
  await expect.poll(effects).toEqual(['one', 'two']);
  await second.said('launched');
  const status = async () =>
    (await database.pool.query("select status from workflows.workflow_status where workflow_uuid = 'saga-1'"))
      .rows[0].status;
  await expect.poll(status).toBe('SUCCESS');
  second.child.kill('SIGKILL');
  await ended(second.child);

  const workflows = createWorkflows({ url: database.url, log, executor: 'reader' });
  let tries = 0;
  workflows.define('flaky', async ({ step, sleep, id }) => {
    await sleep(1);
    return step(
      'try',
      async () => {
        tries++;
        if (tries < 2) throw new Error('not yet');
        return id;
      },
      3,
    );
  });
  workflows.define('broken', async ({ step }) => step('fail', async () => Promise.reject(new Error('no'))));
  workflows.define('silent', async ({ receive }) => receive('never', 10));
  await workflows.launch();
  await expect.poll(() => workflows.state('saga-1')).toEqual({ state: 'done', output: 'sum 3' });

  await workflows.start('flaky', 'f-1', null);
  await workflows.start('broken', 'b-1', null);
  await workflows.start('silent', 's-1', null);
  await expect.poll(() => workflows.state('b-1')).toEqual({ state: 'failed', reason: 'no' });
  await expect.poll(() => workflows.state('s-1')).toEqual({ state: 'done', output: null });
  await expect.poll(() => workflows.state('f-1')).toEqual({ state: 'done', output: 'f-1' });
  await workflows.start('flaky', 'f-1', null);
  expect(tries).toBe(2);
  expect(await workflows.state('nobody')).toBeNull();
  await expect(workflows.start('unheard', 'u-1', null)).rejects.toMatchObject({ code: 'WORKFLOW_UNKNOWN' });
  await workflows.close();
});

test('a launch that failed is tried again, and then goes on with what was under way', async () => {
  const left = createWorkflows({ url: database.url, log, executor: 'late' });
  left.define('greet', async ({ step }) => step('say', () => new Promise<string>(() => undefined)));
  await left.launch();
  await left.start('greet', 'g-1', null);
  await left.close(1);

  const { pathname } = new URL(database.url);
  const admin = await createDatabase(new URL('/postgres', database.url).href, { max: 1 });
  const rename = (from: string, to: string) =>
    database.pool.query(`alter table workflows.${from} rename to ${to}`);
  const workflows = createWorkflows({ url: database.url, log, executor: 'late' });
  workflows.define('greet', async ({ step }) => step('say', async () => 'here'));
  await admin.pool.query(`alter database ${pathname.slice(1)} allow_connections false`);
  await expect(workflows.launch()).rejects.toThrow(/not currently accepting connections/);
  await admin.pool.query(`alter database ${pathname.slice(1)} allow_connections true`);
  await rename('workflow_status', 'away');
  await expect(workflows.launch()).rejects.toThrow(/workflow_status/);
  await rename('away', 'workflow_status');
  await workflows.launch();
  await expect.poll(() => workflows.state('g-1')).toEqual({ state: 'done', output: 'here' });
  await workflows.close();
  await admin.close();
});

test('a worker that could not listen is started again', async () => {
  const worker = (url: string) =>
    createWorker({ db: database.as<JobsSchema>(), url, clock: { now: () => Date.now() }, log, handlers: {} });
  const lost = worker('postgres://u:p@127.0.0.1:1/x');
  await expect(lost.start()).rejects.toThrow();
  await expect(lost.start()).rejects.toThrow();
  await lost.close();
});
