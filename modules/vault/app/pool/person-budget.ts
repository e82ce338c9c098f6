/** What the studies of one person have cost her and may still cost; found by her handles, never by a name of her own. */
import { sql } from 'kysely';
import type { PartTaken } from '../../core/pool/person-budget.ts';
import type { VaultContext, VaultTx } from '../context.ts';
import { handleOf } from './studies.ts';

/** One after the other for one person, so that two agreements at a time do not count each other out. */
export const lockBudget = (tx: VaultTx, patientId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`vault.pool/${patientId}`}, 0))`.execute(tx);

/** By study. */
export async function partsOf(
  ctx: VaultContext,
  tx: Pick<VaultTx, 'selectFrom'>,
  patientId: string,
): Promise<ReadonlyMap<string, PartTaken>> {
  const studies = await tx.selectFrom('vault.pool_study').select(['id', 'plan']).execute();
  const byHandle = new Map(studies.map((study) => [handleOf(ctx, patientId, study.id), study]));
  if (byHandle.size === 0) return new Map();
  const members = await tx
    .selectFrom('vault.pool_member')
    .select(['handle', 'spent', 'token_hash'])
    .where('handle', 'in', [...byHandle.keys()])
    .execute();
  return new Map(
    members.map(({ handle, spent, token_hash }) => {
      const { id, plan } = byHandle.get(handle)!;
      return [id, { plan, spent, joined: token_hash !== null }];
    }),
  );
}
