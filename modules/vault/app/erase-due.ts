/**
 * Carries out erasures whose waiting period is over. What begins is finished: first nobody can undo it any more and
 * nobody signs in, then every row goes in one transaction, then the ciphertext. Killed anywhere, it goes on from there.
 */
import type { ReferenceExpression } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import { FINDINGS } from '../core/emergency/review.ts';
import { certify, type ErasedKind } from '../core/erasure/certificate.ts';
import type { VaultContext, VaultTx } from './context.ts';
import { endReadings, keptIn, letGo, signed, sweepBlobs } from './erase.ts';
import { tell } from './notices.ts';
import { forgetInPool } from './pool/leave.ts';

/** @returns how many were carried out */
export async function eraseDue(ctx: VaultContext): Promise<number> {
  const now = new Date(ctx.clock.now());
  const due = await ctx.db
    .updateTable('vault.erasure')
    .set((eb) => ({ started_at: eb.fn.coalesce('started_at', eb.val(now)) }))
    .where('scope', '=', 'everything')
    .where('due_at', '<=', now)
    .where('undone_at', 'is', null)
    .where('done_at', 'is', null)
    .returning(['id', 'patient_id'])
    .execute();
  for (const { id, patient_id } of due) if (patient_id) await carryOut(ctx, id, patient_id);
  const going = await ctx.db.selectFrom('vault.going_blob').select('blob_key').limit(500).execute();
  await sweepBlobs(
    ctx,
    going.map(({ blob_key }) => blob_key),
  );
  return due.length;
}

async function carryOut(ctx: VaultContext, id: string, patientId: string): Promise<void> {
  const passkeys = (await ctx.passkeys.list(patientId)).length;
  await ctx.passkeys.close(patientId);
  await ctx.db.transaction().execute(async (tx) => {
    const asked = await tx
      .selectFrom('vault.erasure')
      .selectAll()
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!asked) return;
    const counts = await removeAll(ctx, tx, patientId);
    const now = ctx.clock.now();
    const { scope, cause, region } = asked;
    const kept = keptIn(ctx, region, 'everything');
    const times = [asked.asked_at.getTime(), now] as const;
    const certificate = certify({ id, scope, cause, region }, times, { ...counts, passkeys }, kept);
    // earlier certificates of files would still tie the account to what it did
    await tx.deleteFrom('vault.erasure').where('patient_id', '=', patientId).where('id', '<>', id).execute();
    await tx
      .updateTable('vault.erasure')
      .set({ patient_id: null, done_at: new Date(now), certificate: await signed(ctx, certificate) })
      .where('id', '=', id)
      .execute();
  });
}

/** Tables whose rows are a person's alone. What hangs on them goes by its foreign key. */
export const OWN = [
  'keyset',
  'owner',
  'locator',
  'notice',
  'recovery',
  'guardianship',
  'pairing',
  'access',
  'access_log',
  'consent',
  'wish',
  'closing',
  'upload',
  'object',
  'permission',
  'compute_job',
  'emergency_case',
  'emergency_card',
  'pool_joined',
] as const;

async function removeAll(
  ctx: VaultContext,
  tx: VaultTx,
  patientId: string,
): Promise<Partial<Record<ErasedKind, number>>> {
  await endReadings(ctx, tx, patientId);
  await letGo(tx, await blobsOf(tx, patientId));
  await leaveWards(ctx, tx, patientId);
  await keepMisuse(tx, patientId);
  await forgetInPool(ctx, tx, patientId);
  const gone: Record<string, number> = {};
  for (const name of OWN) {
    const column = 'patient_id' as ReferenceExpression<VaultDatabase, 'vault.keyset'>;
    const { numDeletedRows } = await tx
      .deleteFrom(`vault.${name}` as 'vault.keyset')
      .where(column, '=', patientId)
      .executeTakeFirst();
    gone[name] = Number(numDeletedRows);
  }
  return {
    files: gone.object!,
    keys: gone.object!,
    permissions: gone.permission!,
    keyset: gone.keyset!,
    'access-log': gone.access!,
    consents: gone.consent!,
    guardians: gone.guardianship!,
    notices: gone.notice!,
  };
}

/** What was called misuse of a card is about the doctor: it stays with the regulator, without the person and the card. */
async function keepMisuse(tx: VaultTx, patientId: string): Promise<void> {
  await tx
    .updateTable('vault.emergency_case')
    .set({ patient_id: null, card: null })
    .where('patient_id', '=', patientId)
    .where('said_at', 'is not', null)
    .where('state', 'in', ['misuse', ...FINDINGS])
    .execute();
}

async function blobsOf(tx: VaultTx, patientId: string): Promise<string[]> {
  const objects = await tx
    .selectFrom('vault.object')
    .select('blob_key')
    .where('patient_id', '=', patientId)
    .execute();
  const pieces = await tx
    .selectFrom('vault.upload_piece as p')
    .innerJoin('vault.upload as u', 'u.id', 'p.id')
    .select('p.blob_key')
    .where('u.patient_id', '=', patientId)
    .execute();
  const left = await tx
    .selectFrom('vault.permission_inbox as i')
    .innerJoin('vault.permission as p', 'p.id', 'i.permission_id')
    .select('i.blob_key')
    .where('p.patient_id', '=', patientId)
    .execute();
  return [...objects, ...pieces, ...left].map(({ blob_key }) => blob_key);
}

/** People whose guardian this person was are told, so that they choose another. */
async function leaveWards(ctx: VaultContext, tx: VaultTx, patientId: string): Promise<void> {
  const wards = await tx
    .selectFrom('vault.guardian as g')
    .innerJoin('vault.guardian_share as s', 's.code', 'g.code')
    .innerJoin('vault.guardianship as a', 'a.recovery', 's.recovery')
    .select('a.patient_id')
    .distinct()
    .where('g.patient_id', '=', patientId)
    .where('a.patient_id', '<>', patientId)
    .execute();
  for (const ward of wards) await tell(ctx, tx, ward.patient_id, 'guardian-gone', {});
  await tx.deleteFrom('vault.guardian').where('patient_id', '=', patientId).execute();
}
