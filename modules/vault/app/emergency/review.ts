/** What became of each opening: the patient's word on it, and the regulator's answer to what she calls misuse. */
import { AppError, DAY, toIso } from '@zhenmei/kernel';
import type { EmergencyReason } from '../../core/emergency/card.ts';
import {
  afterFinding,
  afterVerdict,
  type Finding,
  type ReviewState,
  type Verdict,
} from '../../core/emergency/review.ts';
import type { VaultContext } from '../context.ts';
import { tell } from '../notices.ts';

/** Newest first. */
export async function ownCases({ db }: VaultContext, patientId: string) {
  const rows = await db
    .selectFrom('vault.emergency_case')
    .selectAll()
    .where('patient_id', '=', patientId)
    .orderBy('opened_at', 'desc')
    .limit(100)
    .execute();
  const cases = rows.map((row) => ({
    id: row.id,
    person: row.person_id,
    organisation: row.organisation_id,
    reason: row.reason as EmergencyReason,
    at: toIso(row.opened_at.getTime()),
    state: row.state as ReviewState,
  }));
  return { cases };
}

/** Throws EMERGENCY_CASE_UNKNOWN, EMERGENCY_CASE_CLOSED. */
export async function sayOfCase(
  ctx: VaultContext,
  patientId: string,
  id: string,
  said: Verdict,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('vault.emergency_case')
      .select('state')
      .where('id', '=', id)
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('EMERGENCY_CASE_UNKNOWN');
    const state = afterVerdict(row.state as ReviewState, said);
    if (state === row.state) return;
    await tx
      .updateTable('vault.emergency_case')
      .set({ state, said_at: new Date(ctx.clock.now()) })
      .where('id', '=', id)
      .execute();
  });
}

/** Throws EMERGENCY_NOT_REGULATOR. */
async function regulatorOf({ organisations }: VaultContext, id: string) {
  const own = await organisations.describe(id);
  if (own?.kind !== 'regulator') throw new AppError('EMERGENCY_NOT_REGULATOR');
  return own;
}

/** What patients of this regulator's region call misuse, oldest first: who opened, where and when; never whose card. */
export async function misuseCases(ctx: VaultContext, organisationId: string) {
  const { region } = await regulatorOf(ctx, organisationId);
  const rows = await ctx.db
    .selectFrom('vault.emergency_case as c')
    .select((eb) => [
      'c.id',
      'c.person_id',
      'c.organisation_id',
      'c.opened_at',
      eb
        .selectFrom('vault.emergency_case as o')
        .select((e) => e.fn.countAll<number>().as('n'))
        .whereRef('o.person_id', '=', 'c.person_id')
        .where('o.opened_at', '>', new Date(ctx.clock.now() - 30 * DAY))
        .as('lately'),
    ])
    .where('c.state', '=', 'misuse')
    .orderBy('c.said_at')
    .limit(200)
    .execute();
  const cases = await Promise.all(
    rows.map(async (row) => {
      const where = await ctx.organisations.describe(row.organisation_id);
      return where?.region === region
        ? {
            id: row.id,
            person: row.person_id,
            organisation: { id: row.organisation_id, name: where.name },
            at: toIso(row.opened_at.getTime()),
            lately: Number(row.lately),
          }
        : null;
    }),
  );
  return { cases: cases.filter((one) => one !== null) };
}

/** Throws EMERGENCY_NOT_REGULATOR, EMERGENCY_CASE_UNKNOWN, EMERGENCY_CASE_CLOSED. */
export async function answerMisuse(
  ctx: VaultContext,
  desk: { readonly organisation: string },
  id: string,
  finding: Finding,
): Promise<void> {
  const { region } = await regulatorOf(ctx, desk.organisation);
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('vault.emergency_case')
      .select(['state', 'patient_id', 'organisation_id'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    const where = row && (await ctx.organisations.describe(row.organisation_id));
    if (!row || where?.region !== region) throw new AppError('EMERGENCY_CASE_UNKNOWN');
    const state = afterFinding(row.state as ReviewState, finding);
    if (state === row.state) return;
    await tx
      .updateTable('vault.emergency_case')
      .set({ state, answered_at: new Date(ctx.clock.now()), answered_by: desk.organisation })
      .where('id', '=', id)
      .execute();
    if (row.patient_id) await tell(ctx, tx, row.patient_id, 'emergency-answered', { case: id });
  });
}
