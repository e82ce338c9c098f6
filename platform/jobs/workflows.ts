/**
 * Sagas of several steps that survive a crash between any two of them. Waiting for days is not for here: that is a
 * row with a due time. A workflow is a short function with stable step names.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Log } from '@zhenmei/db';
import { AppError, defineErrors } from '@zhenmei/kernel';

defineErrors({
  WORKFLOW_UNKNOWN: {
    status: 500,
    retryable: false,
    zh: '没有名为 {name} 的流程。',
    en: 'There is no workflow called {name}.',
  },
});

export interface WorkflowContext {
  /** The id it was started with. */
  readonly id: string;
  /**
   * Does `work` once and remembers what it returned (JSON); after a crash the remembered value is used. A crash inside
   * `work` repeats it, so it must be idempotent. Its name must not change while workflows are under way.
   * @param attempts tries, with growing pauses; 1 by default
   */
  step<T>(name: string, work: () => Promise<T>, attempts?: number): Promise<T>;
  /** Milliseconds; also survives a crash. */
  sleep(ms: number): Promise<void>;
  /** The next message sent to this workflow on a topic, or null after `timeoutMs`. */
  receive<T>(topic: string, timeoutMs: number): Promise<T | null>;
}

export type WorkflowState =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly output: unknown }
  | { readonly state: 'failed'; readonly reason: string };

export interface Workflows {
  /** Before `launch`. */
  define<Input>(name: string, run: (context: WorkflowContext, input: Input) => Promise<unknown>): void;
  /** Goes on with what a crash interrupted. May be called again if it failed. */
  launch(): Promise<void>;
  /** Starts a workflow; a second start with the same id changes nothing. Throws WORKFLOW_UNKNOWN. */
  start(name: string, id: string, input: unknown): Promise<void>;
  /** @param once with the same text the message arrives once, however often it is sent */
  send(id: string, topic: string, message: unknown, once: string): Promise<void>;
  /** Waits for the end. Throws what the workflow failed with. */
  result(id: string): Promise<unknown>;
  /** Null if nobody started it. */
  state(id: string): Promise<WorkflowState | null>;
  /** Lets running steps end (up to `ms`, 5 000 by default); what is left goes on at the next launch. */
  close(ms?: number): Promise<void>;
}

export interface WorkflowOptions {
  readonly url: string;
  readonly log: Log;
  /** Fixed for each server process: after a crash it goes on with its own workflows. */
  readonly executor?: string;
}

/**
 * Set by hand: workflows under way are only taken up by the version that started them. Raise it only together with a
 * plan for those under way.
 */
const VERSION = '1';

/** The library keeps one engine in a process, so call this once. */
export function createWorkflows({ url, log, executor = 'main' }: WorkflowOptions): Workflows {
  const known = new Map<string, (input: unknown) => Promise<unknown>>();
  const find = (name: string): ((input: unknown) => Promise<unknown>) => {
    const run = known.get(name);
    if (!run) throw new AppError('WORKFLOW_UNKNOWN', { name });
    return run;
  };
  return {
    define(name, run) {
      const body = (input: unknown): Promise<unknown> => run(context(), input as never);
      known.set(name, DBOS.registerWorkflow(body, { name }));
    },
    async launch() {
      DBOS.setConfig({
        name: 'zhenmei',
        systemDatabaseUrl: withIdleTimeout(url),
        // in the address instead: the library would set it while the borrower's first query is already queued
        systemDatabaseIdleTransactionTimeoutMs: 0,
        systemDatabaseSchemaName: 'workflows',
        systemDatabasePoolSize: 6,
        applicationVersion: VERSION,
        executorID: executor,
        tracingEnabled: false,
        logger: quiet(log),
      });
      try {
        await DBOS.launch();
      } catch (e) {
        // half launched it would not launch again
        await DBOS.shutdown().catch(() => undefined);
        throw e;
      }
    },
    async start(name, id, input) {
      await DBOS.startWorkflow(find(name), { workflowID: id })(input);
    },
    async send(id, topic, message, once) {
      await DBOS.send(id, message, topic, once);
    },
    result: (id) => DBOS.retrieveWorkflow(id).getResult(),
    async state(id) {
      const found = await DBOS.getWorkflowStatus(id);
      if (!found) return null;
      if (found.status === 'SUCCESS') return { state: 'done', output: found.output };
      if (['PENDING', 'ENQUEUED', 'DELAYED'].includes(found.status)) return { state: 'running' };
      return { state: 'failed', reason: found.error instanceof Error ? found.error.message : found.status };
    },
    close: (ms = 5_000) => DBOS.shutdown({ deregister: true, workflowCompletionTimeoutMS: ms }),
  };
}

/** Milliseconds that a transaction may stand still. */
const IDLE_MS = '60000';

function withIdleTimeout(url: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('idle_in_transaction_session_timeout', IDLE_MS);
  return parsed.href;
}

function context(): WorkflowContext {
  return {
    id: DBOS.workflowID!,
    step: (name, work, attempts = 1) =>
      DBOS.runStep(work, {
        name,
        retriesAllowed: attempts > 1,
        maxAttempts: attempts,
        intervalSeconds: 1,
        backoffRate: 2,
      }),
    sleep: (ms) => DBOS.sleep(ms),
    receive: async <T>(topic: string, timeoutMs: number) =>
      (await DBOS.recv<T>(topic, timeoutMs / 1_000)) ?? null,
  };
}

/** The library's own messages, without inputs or outputs. */
function quiet(log: Log): {
  info(): void;
  debug(): void;
  warn(entry: unknown): void;
  error(entry: unknown): void;
} {
  const pass = (entry: unknown): void =>
    log.warn({ workflows: entry instanceof Error ? entry.message : String(entry) }, 'workflows');
  return { info: () => undefined, debug: () => undefined, warn: pass, error: pass };
}
