/** Durable work: rows with a due time, and sagas that survive a crash. */
export {
  type AnyTx,
  cancel,
  type DeadJob,
  deadJobs,
  enqueue,
  forgetDone,
  type JobStats,
  jobStats,
  type NewJob,
  reschedule,
  revive,
} from './queue.ts';
export { type JobsSchema, jobsMigrations } from './schema.ts';
export {
  createWorker,
  type Job,
  type JobContext,
  type JobHandler,
  type Worker,
  type WorkerOptions,
} from './worker.ts';
export {
  createWorkflows,
  type WorkflowContext,
  type WorkflowOptions,
  type WorkflowState,
  type Workflows,
} from './workflows.ts';
