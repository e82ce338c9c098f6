/** Taking a consent back: one step, as it was given. */
import { AppError } from '@zhenmei/kernel';
import { markWithdrawn } from './consents.ts';
import type { VaultContext } from './context.ts';
import { endGrant } from './give-grant.ts';
import { leaveStudies } from './pool/leave.ts';

/** Every grant that rests on it ends in the same moment. Doing it twice changes nothing. Throws CONSENT_UNKNOWN. */
export async function withdrawConsent(ctx: VaultContext, patientId: string, receipt: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('vault.consent')
      .select('withdrawn_at')
      .where('receipt', '=', receipt)
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('CONSENT_UNKNOWN');
    const grants = await tx
      .selectFrom('vault.permission')
      .select('id')
      .where('patient_id', '=', patientId)
      .where('revoked_at', 'is', null)
      .where((eb) => eb(eb.ref('body', '->>').key('receipt'), '=', receipt))
      .execute();
    for (const { id } of grants) await endGrant(ctx, tx, patientId, id);
    await leaveStudies(ctx, tx, patientId, receipt);
    await markWithdrawn(ctx, tx, receipt);
  });
}
