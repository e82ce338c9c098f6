/** How capture jobs stand. */
import { AppError, isId } from '@zhenmei/kernel';
import type { CaptureError } from '../adapters/schema.ts';
import '../core/errors.ts';
import type { ProvenanceContext } from './context.ts';
import type { ErrorBehaviour } from './open-capture-job.ts';

export interface CaptureJobView {
  readonly captureID: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
  readonly running: boolean;
  readonly success: boolean;
  readonly captureErrorBehaviour: ErrorBehaviour;
  readonly errors: readonly CaptureError[];
}

/** Throws CAPTURE_JOB_UNKNOWN, also for those of others. */
export async function readCaptureJob(
  ctx: ProvenanceContext,
  organisationId: string,
  id: string,
): Promise<CaptureJobView> {
  const [found] = isId(id) ? await captureJobs(ctx, organisationId, { only: id, limit: 1 }) : [];
  if (!found) throw new AppError('CAPTURE_JOB_UNKNOWN');
  return found;
}

/** The newest first. @param page `before`: only those older than this one */
export async function captureJobs(
  ctx: ProvenanceContext,
  organisationId: string,
  page: { readonly only?: string; readonly before?: string; readonly limit: number },
): Promise<CaptureJobView[]> {
  let select = ctx.db
    .selectFrom('provenance.capture_job')
    .select(['id', 'created_at', 'finished_at', 'success', 'behaviour', 'errors'])
    .where('organisation_id', '=', organisationId);
  if (page.only !== undefined) select = select.where('id', '=', page.only);
  if (page.before !== undefined) select = select.where('id', '<', page.before);
  const rows = await select.orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map((row) => ({
    captureID: row.id,
    createdAt: row.created_at.toISOString(),
    ...(row.finished_at ? { finishedAt: row.finished_at.toISOString() } : {}),
    running: row.finished_at === null,
    success: row.success,
    captureErrorBehaviour: row.behaviour,
    errors: row.errors,
  }));
}
