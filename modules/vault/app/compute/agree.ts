/** From a program to a consent: the worker's offer, and what the patient agrees to. */
import { AppError, canonicalJson, MINUTE, newId, toIso } from '@zhenmei/kernel';
import type { WrappedFile } from '../../adapters/schema.ts';
import {
  assertBinds,
  assertComputeSigned,
  type ComputeGrant,
  readComputeGrant,
} from '../../core/compute/grant.ts';
import type { ComputeOffer } from '../../core/compute/offer.ts';
import type { VaultContext, VaultTx } from '../context.ts';

/** Offers of one patient that may wait at a time. */
const MOST_OPEN = 5;

/** Throws COMPUTE_PROGRAM_UNKNOWN, COMPUTE_BUSY. */
export async function offerRun(ctx: VaultContext, patientId: string, program: string): Promise<ComputeOffer> {
  const now = ctx.clock.now();
  const { n } = await ctx.db
    .selectFrom('vault.compute_job')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('patient_id', '=', patientId)
    .where('state', 'in', ['offered', 'agreed'])
    .where('ends_at', '>', new Date(now))
    .executeTakeFirstOrThrow();
  if (Number(n) >= MOST_OPEN) throw new AppError('COMPUTE_BUSY');
  const job = newId(now, ctx.random.bytes(10));
  const offer = await ctx.worker.offer(program, job);
  await ctx.db
    .insertInto('vault.compute_job')
    .values({
      id: job,
      patient_id: patientId,
      offer: JSON.stringify(offer),
      state: 'offered',
      offered_at: new Date(now),
      ends_at: new Date(offer.validUntil),
    })
    .execute();
  return offer;
}

/** The job, locked. Throws COMPUTE_JOB_UNKNOWN. */
export async function lockJob(tx: VaultTx, patientId: string, id: string) {
  const row = await tx
    .selectFrom('vault.compute_job')
    .selectAll()
    .where('id', '=', id)
    .where('patient_id', '=', patientId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('COMPUTE_JOB_UNKNOWN');
  return row;
}

export interface Consent {
  readonly grant: unknown;
  readonly signature: string;
  readonly share: Uint8Array;
  readonly sealed: string;
  readonly files: readonly WrappedFile[];
}

/**
 * The same consent again changes nothing; another one for the same job is refused.
 * Throws COMPUTE_GRANT_INVALID, COMPUTE_OTHER_PROGRAM, COMPUTE_EXPIRED, COMPUTE_USED_UP, COMPUTE_JOB_UNKNOWN.
 */
export async function agreeToRun(
  ctx: VaultContext,
  patientId: string,
  id: string,
  consent: Consent,
): Promise<void> {
  const grant = readComputeGrant(consent.grant);
  assertComputeSigned(grant, consent.signature);
  await ctx.db.transaction().execute(async (tx) => {
    const row = await lockJob(tx, patientId, id);
    if (row.consent && canonicalJson(row.consent) === canonicalJson(grant) && row.state === 'agreed') return;
    if (row.state !== 'offered') throw new AppError('COMPUTE_USED_UP');
    assertBinds(grant, row.offer, ctx.clock.now());
    await assertOwnFiles(tx, patientId, grant, consent.files);
    await tx
      .updateTable('vault.compute_job')
      .set({
        state: 'agreed',
        consent: JSON.stringify(grant),
        signature: consent.signature,
        share: consent.share,
        sealed: consent.sealed,
        files: JSON.stringify(consent.files),
      })
      .where('id', '=', id)
      .execute();
  });
}

async function assertOwnFiles(
  tx: VaultTx,
  patientId: string,
  { objects }: ComputeGrant,
  files: readonly WrappedFile[],
) {
  const rows = await tx
    .selectFrom('vault.object')
    .select(['name', 'revision'])
    .where('patient_id', '=', patientId)
    .where('restricted_at', 'is', null)
    .where(
      'name',
      'in',
      objects.map(({ object }) => object),
    )
    .execute();
  const fits = objects.every(
    ({ object, version }) =>
      rows.some((row) => row.name === object && row.revision === version) &&
      files.some((file) => file.object === object && file.version === version),
  );
  if (!fits || files.length !== objects.length)
    throw new AppError('COMPUTE_GRANT_INVALID', { field: 'objects' });
}

/** Before it has run: the halves are gone, and so is the job's key. */
export async function withdrawRun(ctx: VaultContext, patientId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await lockJob(tx, patientId, id);
    if (row.state !== 'offered' && row.state !== 'agreed') return;
    await tx
      .updateTable('vault.compute_job')
      .set({ state: 'withdrawn', share: null, sealed: null, files: null })
      .where('id', '=', id)
      .execute();
  });
  ctx.worker.forget(id);
}

/** A run that was interrupted for so long has failed. */
const LONGEST = 5 * MINUTE;

/** Newest first; results are ciphertext. */
export async function ownRuns({ db, clock }: VaultContext, patientId: string) {
  const rows = await db
    .selectFrom('vault.compute_job')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('state', '<>', 'offered')
    .orderBy('offered_at', 'desc')
    .limit(50)
    .execute();
  const now = clock.now();
  const runs = rows.map((row) => {
    const lost = row.state === 'begun' && (row.begun_at?.getTime() ?? 0) + LONGEST < now;
    const late = row.state === 'agreed' && row.ends_at.getTime() <= now;
    return {
      job: row.id,
      offer: row.offer,
      grant: row.consent,
      state: lost || late ? ('failed' as const) : (row.state as Exclude<typeof row.state, 'offered'>),
      failed: lost ? 'COMPUTE_KEY_GONE' : late ? 'COMPUTE_EXPIRED' : row.failed,
      sealed: row.result,
      output: row.output,
      at: toIso((row.begun_at ?? row.offered_at).getTime()),
    };
  });
  return { runs };
}
