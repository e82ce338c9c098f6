/** The patient has read a version. The first acknowledgement stays; another one later changes nothing. */
import { AppError } from '@zhenmei/kernel';
import { type Acknowledgement, assertAcknowledged } from '../../core/sealed-record.ts';
import type { CareContext } from '../context.ts';
import { lockVisit } from '../take-step.ts';

/** Throws VISIT_UNKNOWN, RECORD_VERSION_UNKNOWN, RECORD_SIGNATURE_WRONG. */
export async function acknowledgeVersion(
  ctx: CareContext,
  visitId: string,
  version: number,
  given: Acknowledgement,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const visit = await lockVisit(tx, visitId);
    const row = await tx
      .selectFrom('care.record_version')
      .select(['statement', 'acknowledgement'])
      .where('visit_id', '=', visitId)
      .where('version', '=', version)
      .executeTakeFirst();
    if (!row) throw new AppError('RECORD_VERSION_UNKNOWN');
    assertAcknowledged(row.statement, given, visit.patient_address);
    if (row.acknowledgement) return;
    await tx
      .updateTable('care.record_version')
      .set({ acknowledgement: JSON.stringify(given) })
      .where('visit_id', '=', visitId)
      .where('version', '=', version)
      .execute();
    await ctx.notices.visitChanged(tx, visitId);
  });
}
