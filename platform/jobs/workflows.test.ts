import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkflows } from './index.ts';

const log = { info: () => undefined, warn: () => undefined };
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

function run(mode: string): { child: ChildProcess; said: (text: string) => Promise<void> } {
  const script = fileURLToPath(new URL('./fixtures/saga.ts', import.meta.url));
  const child = spawn(process.execPath, [script, database.url, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += String(chunk);
  });
  return { child, said: (text) => expect.poll(() => output, { timeout: 25_000 }).toContain(text) };
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
  await expect.poll(effects, { timeout: 25_000 }).toEqual(['one', 'two']);
  await second.said('launched');
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
  await expect
    .poll(() => workflows.state('b-1'), { timeout: 10_000 })
    .toEqual({ state: 'failed', reason: 'no' });
  await expect
    .poll(() => workflows.state('s-1'), { timeout: 10_000 })
    .toEqual({ state: 'done', output: null });
  await expect
    .poll(() => workflows.state('f-1'), { timeout: 10_000 })
    .toEqual({ state: 'done', output: 'f-1' });
  await workflows.start('flaky', 'f-1', null);
  expect(tries).toBe(2);
  expect(await workflows.state('nobody')).toBeNull();
  await expect(workflows.start('unheard', 'u-1', null)).rejects.toMatchObject({ code: 'WORKFLOW_UNKNOWN' });
  await workflows.close();
}, 90_000);
