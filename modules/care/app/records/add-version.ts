/** The clinic adds a version to a record; what was there stays. The same version again is no error. */
import { AppError } from '@zhenmei/kernel';
import { statementHash } from '../../core/sealed-record.ts';
import { VISIT_STATES } from '../../core/visit.ts';
import type { NewVersion } from '../../record-api.ts';
import type { CareContext } from '../context.ts';
import { lockVisit } from '../take-step.ts';
import { assertVersion, keepVersion, lastStatement } from './keep-version.ts';

/** From the treatment on, whatever becomes of the money. */
const TREATED = new Set<(typeof VISIT_STATES)[number]>(
  VISIT_STATES.filter((state) => ['performed', 'claimed', 'released', 'closed', 'disputed'].includes(state)),
);

/** Throws VISIT_UNKNOWN, RECORD_NOT_YET, RECORD_SIGNATURE_WRONG, RECORD_VERSION_WRONG, RECORD_FULL. */
export async function addVersion(
  ctx: CareContext,
  visitId: string,
  organisationId: string,
  given: NewVersion,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const visit = await lockVisit(tx, visitId);
    if (visit.clinic_id !== organisationId) throw new AppError('VISIT_UNKNOWN');
    const last = await lastStatement(tx, visitId);
    // of a course there is a record from its first session on
    if (!last && !(TREATED.has(visit.state) && visit.treatment?.recordObject))
      throw new AppError('RECORD_NOT_YET');
    if (last && statementHash(last) === statementHash(given.statement)) return;
    await assertVersion(tx, visit, given);
    await keepVersion(ctx, tx, visit, given, null);
    await ctx.notices.visitChanged(tx, visitId);
  });
}
