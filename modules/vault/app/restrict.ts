/** Restriction (a right beside erasure): the file stays, and nobody opens it until the person lifts that. */
import { AppError } from '@zhenmei/kernel';
import '../core/erasure/errors.ts';
import { record } from './access-log.ts';
import type { VaultContext, VaultTx } from './context.ts';

/** Doing it twice changes nothing. Throws OBJECT_UNKNOWN, ACCESS_LOG_CLOSED. */
export async function restrictObject(
  ctx: VaultContext,
  patientId: string,
  name: string,
  restricted: boolean,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const held = await tx
      .selectFrom('vault.object')
      .select('restricted_at')
      .where('patient_id', '=', patientId)
      .where('name', '=', name)
      .forUpdate()
      .executeTakeFirst();
    if (!held) throw new AppError('OBJECT_UNKNOWN');
    if ((held.restricted_at !== null) === restricted) return;
    await tx
      .updateTable('vault.object')
      .set({ restricted_at: restricted ? new Date(ctx.clock.now()) : null })
      .where('patient_id', '=', patientId)
      .where('name', '=', name)
      .execute();
    await record(ctx, tx, patientId, restricted ? 'restricted' : 'lifted', { object: name });
    if (restricted) await endReadingsOf(ctx, tx, patientId, name);
  });
}

async function endReadingsOf(ctx: VaultContext, tx: VaultTx, patientId: string, object: string) {
  const mine = tx.selectFrom('vault.permission').select('id').where('patient_id', '=', patientId);
  const ended = await tx
    .deleteFrom('vault.reading')
    .where('permission_id', 'in', mine)
    .where('object', '=', object)
    .returning('permission_id')
    .execute();
  for (const { permission_id } of ended) await ctx.signals.send(tx, `grant/${permission_id}`);
}

export async function listRestricted({ db }: VaultContext, patientId: string) {
  const rows = await db
    .selectFrom('vault.object')
    .select('name')
    .where('patient_id', '=', patientId)
    .where('restricted_at', 'is not', null)
    .execute();
  return { objects: rows.map(({ name }) => name) };
}
