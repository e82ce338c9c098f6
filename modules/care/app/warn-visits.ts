/** Visits that count on a doctor or a clinic whose certificates no longer hold: who is told, and what may be chosen. */
import type { z } from 'zod';
import type { VisitView } from '../api.ts';
import type { VisitState } from '../core/visit.ts';
import type { Clinic, Doctor, Licence } from '../ports.ts';
import type { CareContext, VisitRow } from './context.ts';

/** From the booking until something was opened: what comes later was done under the licence of its day. */
const COUNTING: readonly VisitState[] = ['quoted', 'offered', 'agreed', 'held', 'ready', 'checked-in'];

type Warning = NonNullable<z.infer<typeof VisitView>['warning']>;

/** null while both licences hold or nothing depends on them any more. */
export function warningOf(visit: Pick<VisitRow, 'state'>, clinic: Clinic, doctor: Doctor): Warning | null {
  if (!COUNTING.includes(visit.state)) return null;
  const [who, licence] = fallen('clinic', clinic) ?? fallen('doctor', doctor) ?? [null, null];
  if (who === null) return null;
  return {
    who,
    code: licence?.code ?? 'LICENCE_MISSING',
    reason: licence?.message ?? {
      zh: '没有有效的执业资格。',
      en: 'There is no valid licence.',
    },
    // another doctor is another booking: the patient cancels here and keeps the choice of when
    choices: who === 'doctor' ? ['wait', 'other-doctor', 'cancel'] : ['wait', 'other-clinic', 'cancel'],
  };
}

function fallen(
  who: 'clinic' | 'doctor',
  party: { readonly licenceValid: boolean | null; readonly licences: readonly Licence[] },
): [typeof who, Licence | undefined] | null {
  if (party.licenceValid !== false) return null;
  return [who, party.licences.find(({ verdict }) => verdict === 'false')];
}

/** Tells everybody who watches a visit of this doctor or clinic to look again. @returns how many visits */
export async function warnVisits(ctx: CareContext, subjectId: string): Promise<number> {
  const rows = await ctx.db
    .selectFrom('care.visit')
    .select('id')
    .where((eb) => eb.or([eb('doctor_id', '=', subjectId), eb('clinic_id', '=', subjectId)]))
    .where('state', 'in', [...COUNTING])
    .execute();
  for (const { id } of rows)
    await ctx.db.transaction().execute(async (tx) => {
      await tx
        .updateTable('care.visit')
        .set({ updated_at: new Date(ctx.clock.now()) })
        .where('id', '=', id)
        .execute();
      await ctx.notices.visitChanged(tx, id);
    });
  return rows.length;
}
