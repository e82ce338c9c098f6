/** Studies as rows, and the name of a person in one. */
import { AppError } from '@zhenmei/kernel';
import { hasChanged } from '../../core/consent/notices.ts';
import type { VaultContext, VaultTx } from '../context.ts';

/** Deny by default. Throws POOL_STUDY_UNKNOWN. */
export async function studyOf(tx: Pick<VaultTx, 'selectFrom'>, id: string) {
  const row = await tx.selectFrom('vault.pool_study').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('POOL_STUDY_UNKNOWN');
  return row;
}

export const handleOf = ({ pool }: Pick<VaultContext, 'pool'>, patientId: string, study: string): string =>
  pool.handle(`${study}/${patientId}`);

/** Whether somebody who takes part agreed to what the notice says no more. Unknown is asked. */
export const mustAgreeAgain = ({ notice }: { readonly notice: string | null }, now: number): boolean =>
  notice === null || hasChanged({ id: 'research-pool', version: notice }, now);
