/** What goes on without being asked: log, indexer, senders, lapsing visits, due work, and forgetting. */
import { expireVisits, warnVisits } from '@zhenmei/care';
import type { HttpServer } from '@zhenmei/http';
import { refreshLists } from '@zhenmei/identity';
import { createWorker, createWorkflows, forgetDone, type JobsSchema } from '@zhenmei/jobs';
import { DAY, HOUR, MINUTE } from '@zhenmei/kernel';
import type { Log, Shutdown } from '@zhenmei/telemetry';
import type { ModuleDeps } from './deps.ts';
import { defineFinishVisit, finishVisitJob } from './finish-visit.ts';
import { loop } from './loop.ts';
import { LICENCE_CHANGED, type Modules } from './modules.ts';

/** Done work is kept for a month, so that a repeated cause finds it. */
const KEEP_DONE = 30 * DAY;

export function startBackground(
  deps: ModuleDeps,
  modules: Modules,
  http: HttpServer,
  log: Log,
  shutdown: Shutdown,
): void {
  const { protocol, engines, clock } = deps;
  const jobs = engines.database.as<JobsSchema>();
  loop('log', 500, () => modules.log.tick(), log, shutdown);
  loop('indexer', 400, () => modules.indexer.catchUp(), log, shutdown);
  loop(
    'senders',
    1_000,
    () => Promise.all([protocol.custodian.flush(), protocol.relayer.flush(), protocol.logOperator.flush()]),
    log,
    shutdown,
  );
  loop('status lists', 10 * MINUTE, () => refreshLists(modules.identity), log, shutdown);
  loop('lapsing', 5_000, () => expireVisits(modules.care), log, shutdown);
  loop(
    'forgetting',
    HOUR,
    () => Promise.all([http.sweep(), forgetDone(jobs, clock.now() - KEEP_DONE)]),
    log,
    shutdown,
  );
  const workflows = createWorkflows({
    url: engines.database.url,
    log: log.child({ part: 'workflows' }),
    executor: new URL(deps.config.publicUrl).host,
  });
  defineFinishVisit(workflows, deps, modules);
  const closing = Promise.withResolvers<never>();
  closing.promise.catch(() => undefined);
  const worker = createWorker({
    db: jobs,
    url: engines.database.url,
    clock,
    log: log.child({ part: 'jobs' }),
    pollMs: 500,
    handlers: {
      'finish-visit': finishVisitJob(workflows, closing.promise),
      [LICENCE_CHANGED]: licenceChangedJob(modules),
    },
  });
  // pages are served meanwhile
  const started = workflows
    .launch()
    .then(() => worker.start())
    .catch((error: unknown) => log.error({ err: error }, 'the worker did not start'));
  shutdown.add('worker', async () => {
    closing.reject(new Error('the house closes'));
    await started;
    await worker.close();
    await workflows.close();
  });
}

/** Visits that count on somebody's certificates are looked at again when those change. */
export const licenceChangedJob =
  (modules: Modules) =>
  async ({ payload }: { readonly payload: unknown }): Promise<void> => {
    await warnVisits(modules.care, (payload as { subject: string }).subject);
  };
