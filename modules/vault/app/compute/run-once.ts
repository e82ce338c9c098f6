/**
 * Runs a program once under a consent. That it begins is committed, in the patient's log and in the job, before any part
 * of a key leaves; what it gave back is committed before the patient is answered. Nothing begins twice.
 */
import { AppError } from '@zhenmei/kernel';
import { assertBinds, type ComputeGrant } from '../../core/compute/grant.ts';
import type { JobResult, ReleasedFile } from '../../core/compute/run-job.ts';
import { record } from '../access-log.ts';
import type { VaultContext, VaultTx } from '../context.ts';
import { assertNotClosing } from '../erase.ts';
import { lockJob } from './agree.ts';

/** Throws COMPUTE_NOT_GRANTED, COMPUTE_USED_UP, COMPUTE_EXPIRED, COMPUTE_KEY_GONE, COMPUTE_OTHER_PROGRAM, COMPUTE_INPUT, COMPUTE_RESULT_OUTSIDE. */
export async function runOnce(ctx: VaultContext, patientId: string, id: string): Promise<JobResult> {
  const begun = await ctx.db.transaction().execute((tx) => begin(ctx, tx, patientId, id));
  try {
    const files = await Promise.all(begun.files.map((file) => release(ctx, begun.share, file)));
    const { grant, signature, sealed } = begun;
    const result = await ctx.worker.run(id, { grant, signature, sealed, files });
    await ctx.db.transaction().execute((tx) => finish(ctx, tx, patientId, grant, result));
    return result;
  } catch (error) {
    ctx.worker.forget(id);
    const failed = error instanceof AppError ? error.code : 'INTERNAL';
    await ctx.db
      .updateTable('vault.compute_job')
      .set({ state: 'failed', failed })
      .where('id', '=', id)
      .execute();
    throw error;
  }
}

async function begin(ctx: VaultContext, tx: VaultTx, patientId: string, id: string) {
  const row = await lockJob(tx, patientId, id);
  if (['begun', 'done', 'failed'].includes(row.state)) throw new AppError('COMPUTE_USED_UP');
  const { consent: grant, share, sealed, signature, files } = row;
  if (row.state !== 'agreed' || !grant || !share || !sealed || !signature || !files)
    throw new AppError('COMPUTE_NOT_GRANTED');
  // what was agreed to, against what was offered, and against what the worker would run now
  assertBinds(grant, row.offer, ctx.clock.now());
  const current = ctx.worker.current(id);
  if (!current) throw new AppError('COMPUTE_KEY_GONE');
  assertBinds(grant, current, ctx.clock.now());
  await assertNotClosing(tx, patientId);
  await record(ctx, tx, patientId, 'compute', {
    grant: grant.id,
    purpose: 'PATRQT',
    object: grant.objects.length === 1 ? grant.objects[0]!.object : null,
    digest: grant.input,
  });
  await tx
    .updateTable('vault.compute_job')
    .set({ state: 'begun', begun_at: new Date(ctx.clock.now()), share: null, sealed: null, files: null })
    .where('id', '=', id)
    .execute();
  const versions = await Promise.all(
    files.map(async (file) => {
      const object = await tx
        .selectFrom('vault.object')
        .select('blob_key')
        .where('patient_id', '=', patientId)
        .where('restricted_at', 'is', null)
        .where('name', '=', file.object)
        .where('revision', '=', file.version)
        .executeTakeFirst();
      // changed or restricted since: the consent was for what it was
      if (!object) throw new AppError('COMPUTE_GRANT_INVALID', { field: 'objects' });
      return { ...file, blobKey: object.blob_key };
    }),
  );
  return { grant, signature, sealed, share: new Uint8Array(share), files: versions };
}

async function release(
  ctx: VaultContext,
  share: Uint8Array,
  file: { object: string; version: number; wrapped: string; blobKey: string },
): Promise<ReleasedFile> {
  const { object, version, wrapped, blobKey } = file;
  const part = new Uint8Array(await ctx.gatekeeper.part(share, object, version));
  return { object, version, wrapped, part, container: new Uint8Array(await ctx.blobs.get(blobKey)) };
}

async function finish(
  ctx: VaultContext,
  tx: VaultTx,
  patientId: string,
  grant: ComputeGrant,
  result: JobResult,
) {
  await record(ctx, tx, patientId, 'computed', { grant: grant.id, purpose: 'PATRQT', digest: result.output });
  await tx
    .updateTable('vault.compute_job')
    .set({ state: 'done', result: result.sealed, output: result.output })
    .where('id', '=', grant.job)
    .execute();
}
