/**
 * Leaving a study: what is not published is deleted and earns nothing, the pass ends, and what was spent is remembered.
 * What was earned before stays payable.
 */
import type { VaultContext, VaultTx } from '../context.ts';
import { payBeforeForgetting } from './pay-earned.ts';
import { handleOf } from './studies.ts';

/** Every study that rests on this consent. */
export async function leaveStudies(
  ctx: VaultContext,
  tx: VaultTx,
  patientId: string,
  receipt: string,
): Promise<void> {
  const joined = await tx
    .deleteFrom('vault.pool_joined')
    .where('patient_id', '=', patientId)
    .where('receipt', '=', receipt)
    .returning('study')
    .execute();
  for (const { study } of joined) {
    const handle = handleOf(ctx, patientId, study);
    await tx
      .updateTable('vault.pool_member')
      .set({ token_hash: null, pseudonym: null })
      .where('study', '=', study)
      .where('handle', '=', handle)
      .execute();
    await tx
      .deleteFrom('vault.pool_answer')
      .where('study', '=', study)
      .where('handle', '=', handle)
      .execute();
  }
}

/**
 * Every trace of a person in every study, also in those she left; numbers that are published stay as they are. What she
 * earned and said where to is asked for first.
 */
export async function forgetInPool(ctx: VaultContext, tx: VaultTx, patientId: string): Promise<void> {
  const studies = await tx.selectFrom('vault.pool_study').select('id').execute();
  const handles = studies.map(({ id }) => handleOf(ctx, patientId, id));
  if (handles.length === 0) return;
  await payBeforeForgetting(ctx, tx, handles);
  await tx.deleteFrom('vault.pool_member').where('handle', 'in', handles).execute();
}
