/** What goes on without being asked: log, indexer, senders, lapsing visits, due work, and forgetting. */
import { setTimeout as pause } from 'node:timers/promises';
import { expireVisits, warnVisits } from '@zhenmei/care';
import type { HttpServer } from '@zhenmei/http';
import { refreshLists } from '@zhenmei/identity';
import { createWorker, createWorkflows, forgetDone, type JobsSchema } from '@zhenmei/jobs';
import { DAY, type Hex, HOUR, MINUTE } from '@zhenmei/kernel';
import { acquirerDay, carryOutLoans, issueInvoices } from '@zhenmei/money';
import {
  BACKFILL,
  backfillGoods,
  deliverNext,
  EXCEPTION_DUE,
  exceptionDue,
  forgetScans,
  RECONCILE,
  reconcileGoods,
  scheduleBackfill,
  tidyStorage,
} from '@zhenmei/provenance';
import type { Log, Shutdown } from '@zhenmei/telemetry';
import { eraseDue } from '@zhenmei/vault';
import { dueReports } from './absences.ts';
import { demoAcquirerOf } from './card-rail.ts';
import { dueRefunds, followCoins } from './coin-work.ts';
import { PAY_CONTESTER, payContesterJob } from './contest-work.ts';
import type { ModuleDeps } from './deps.ts';
import { carryOut, type DueCall, type DueWork } from './due-work.ts';
import { CAPTURE_JOB, captureJob } from './epcis.ts';
import { dueDeadlines, PAY_HOME, payHomeJob, payHomeWhatWaits } from './escrow-work.ts';
import { defineFinishVisit, finishVisitJob } from './finish-visit.ts';
import { dueGuarantees } from './guarantee-work.ts';
import { loop, stirOf } from './loop.ts';
import { LICENCE_CHANGED, type Modules } from './modules.ts';
import {
  followRail,
  ISSUE_INVOICES,
  RECONCILE_MONEY,
  reconcileMoneyJob,
  scheduleReconciliation,
} from './money.ts';
import { advancePanels } from './panels.ts';
import { duePledgeBack, duePledgeCalls } from './pledge-work.ts';
import { studyRounds } from './pool-fund.ts';
import { advanceChecks } from './verification-work.ts';

/** Done work is kept for a month, so that a repeated cause finds it. */
const KEEP_DONE = 30 * DAY;
/** Milliseconds after which a job is free again whose server was killed. */
const LEASE = 10_000;
const START_AGAIN = 1_000;

const DELIVERY_LINES = 4;

async function deliverAll({ provenance }: Modules): Promise<void> {
  while (await deliverNext(provenance));
}

export function startBackground(
  deps: ModuleDeps,
  modules: Modules,
  work: DueWork,
  http: HttpServer,
  log: Log,
  shutdown: Shutdown,
): void {
  const { protocol, engines, clock } = deps;
  const jobs = engines.database.as<JobsSchema>();
  // what looks at the chain of coins or lasts for hours has no use for it
  const stir = stirOf(engines.database.as<unknown>(), clock);
  loop('log', 500, () => modules.log.tick(), log, shutdown, stir);
  loop('indexer', 500, () => modules.indexer.catchUp(), log, shutdown);
  loop(
    'senders',
    1_000,
    () =>
      Promise.all([
        protocol.custodian.flush(),
        protocol.relayer.flush(),
        protocol.logOperator.flush(),
        protocol.examiner.flush(),
      ]),
    log,
    shutdown,
    stir,
  );
  loop('loans', 1_000, () => carryOutLoans(modules.money), log, shutdown, stir);
  const dueKinds: Record<string, (skip: number) => Promise<(DueCall | null)[]>> = {
    deadlines: (skip) => dueDeadlines(deps, skip),
    guarantee: (skip) => dueGuarantees(deps, modules.money, skip),
    absences: (skip) => dueReports(deps, modules.money, skip),
    refunds: (skip) => dueRefunds(deps, skip),
    pledges: (skip) => duePledgeCalls(deps, modules.money, skip),
    pledgesBack: (skip) => duePledgeBack(deps, modules.money, skip),
  };
  for (const [name, due] of Object.entries(dueKinds)) {
    const act = (call: DueCall) => carryOut(protocol.relayer, modules.indexer, call);
    loop(name, 1_000, () => work.round({ name, due, act }), log, shutdown, stir);
  }
  loop('panels', 500, () => advancePanels(deps, modules), log, shutdown, stir);
  loop('checks', 500, () => advanceChecks(deps, modules), log, shutdown, stir);
  loop('status lists', 10 * MINUTE, () => refreshLists(modules.identity), log, shutdown);
  loop('lapsing', 5_000, () => expireVisits(modules.care), log, shutdown);
  loop('rail', 1_000, () => followRail(modules.money), log, shutdown, stir);
  loop('coins', 1_000, () => followCoins(modules.money, log), log, shutdown);
  if (deps.config.demo)
    loop('acquirer', 10 * MINUTE, () => acquirerDay(demoAcquirerOf(deps), 'CNY'), log, shutdown);
  loop('erasing', 2_000, () => eraseDue(modules.vault), log, shutdown, stir);
  loop('studies', 2_000, studyRounds(modules.vault), log, shutdown, stir);
  loop(
    'forgetting',
    HOUR,
    () =>
      Promise.all([http.sweep(), forgetDone(jobs, clock.now() - KEEP_DONE), forgetScans(modules.provenance)]),
    log,
    shutdown,
  );
  // several, so that a slow subscriber holds up none but those behind it in its line
  for (let line = 1; line <= DELIVERY_LINES; line++)
    loop(`subscriptions ${line}`, 500, () => deliverAll(modules), log, shutdown, stir);
  loop('storage', HOUR, () => tidyStorage(modules.provenance), log, shutdown);
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
    leaseMs: LEASE,
    handlers: {
      'finish-visit': finishVisitJob(workflows, closing.promise),
      [LICENCE_CHANGED]: licenceChangedJob(modules),
      [RECONCILE]: ({ payload }) => reconcileGoods(modules.supply, (payload as { digest: Hex }).digest),
      [BACKFILL]: () => backfillGoods(modules.supply),
      [EXCEPTION_DUE]: ({ payload }) => exceptionDue(modules.supply, (payload as { id: string }).id),
      [PAY_HOME]: payHomeJob(deps),
      [PAY_CONTESTER]: payContesterJob(deps),
      [ISSUE_INVOICES]: async () => void (await issueInvoices(modules.money)),
      [RECONCILE_MONEY]: reconcileMoneyJob(modules.money, log),
      [CAPTURE_JOB]: captureJob(modules.provenance),
    },
  });
  // pages are served meanwhile; a database that dies just now is waited for
  const start = async (): Promise<void> => {
    while (!shutdown.closing) {
      try {
        await workflows.launch();
        await scheduleBackfill(modules.supply);
        await scheduleReconciliation(modules.money);
        await issueInvoices(modules.money);
        await payHomeWhatWaits(deps);
        return await worker.start();
      } catch (error) {
        log.warn({ err: error }, 'the worker did not start and will be started again');
        await Promise.race([pause(START_AGAIN), closing.promise]).catch(() => undefined);
      }
    }
  };
  const started = start();
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
