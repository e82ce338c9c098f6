/** An organisation registers a study. What is registered does not change. */
import { AppError, canonicalJson } from '@zhenmei/kernel';
import { RESEARCH, readPlan, type StudyPlan } from '../../core/pool/study.ts';
import type { VaultContext } from '../context.ts';
import { studyOf } from './studies.ts';

/** Throws POOL_NOT_ALLOWED. */
export async function assertMayStudy({ organisations }: VaultContext, id: string): Promise<void> {
  const own = await organisations.describe(id);
  if (own?.kind === 'regulator') return;
  if (own?.kind === 'clinic' && (await organisations.purposes(id)).includes(RESEARCH)) return;
  throw new AppError('POOL_NOT_ALLOWED');
}

/** The same plan again changes nothing. Throws POOL_NOT_ALLOWED, POOL_STUDY_INVALID, POOL_STUDY_OTHER. */
export async function registerStudy(
  ctx: VaultContext,
  { organisation }: { readonly organisation: string },
  plan: StudyPlan,
): Promise<void> {
  await assertMayStudy(ctx, organisation);
  const now = ctx.clock.now();
  const known = await studyOf(ctx.db, plan.id).catch(() => null);
  if (!known) {
    const row = {
      id: plan.id,
      organisation_id: organisation,
      plan: JSON.stringify(readPlan(plan, now)),
      registered_at: new Date(now),
    };
    await ctx.db
      .insertInto('vault.pool_study')
      .values(row)
      .onConflict((c) => c.doNothing())
      .execute();
  }
  const kept = await studyOf(ctx.db, plan.id);
  if (kept.organisation_id !== organisation || canonicalJson(kept.plan) !== canonicalJson(plan))
    throw new AppError('POOL_STUDY_OTHER');
}
