/** A person says where the money of her studies goes. It is kept by handle, as her answers are. */
import { AppError } from '@zhenmei/kernel';
import type { VaultContext } from '../context.ts';
import { handleOf } from './studies.ts';

export interface Payee {
  readonly study: string;
  /** A payout reference of this study alone. */
  readonly payout: string;
}

/**
 * For studies that she takes or took part in; all or none. What was asked of the custodian before stays as it was.
 * Also while an erasure waits: it is the time to take what is one's own. Throws POOL_STUDY_UNKNOWN.
 */
export async function namePayees(
  ctx: VaultContext,
  patientId: string,
  payees: readonly Payee[],
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    for (const { study, payout } of payees) {
      const at = { study, handle: handleOf(ctx, patientId, study) };
      const member = await tx
        .selectFrom('vault.pool_member')
        .select('handle')
        .where('study', '=', at.study)
        .where('handle', '=', at.handle)
        .forShare()
        .executeTakeFirst();
      if (!member) throw new AppError('POOL_STUDY_UNKNOWN');
      await tx
        .insertInto('vault.pool_payee')
        .values({ ...at, payout })
        .onConflict((c) => c.columns(['study', 'handle']).doUpdateSet({ payout }))
        .execute();
    }
  });
}
