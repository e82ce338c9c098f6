/** Gathers the receipt's chain evidence in one block once the visit is closed, and keeps it. */
import { AppError } from '@zhenmei/kernel';
import type { CareContext } from './context.ts';
import { consentLeafKey } from './effects/agree.ts';
import { sealLeafKey } from './effects/perform.ts';
import { beforeUnsealing, SETTLED } from './evidence-kinds.ts';
import { loadService } from './load-service.ts';

/**
 * Idempotent: a second call keeps the first evidence. Throws EVIDENCE_NOT_READY while the seal's leaf
 * is not yet covered by a checkpoint on chain.
 */
export async function takeEvidence(ctx: CareContext, visitId: string): Promise<void> {
  const visit = await ctx.db
    .selectFrom('care.visit')
    .selectAll()
    .where('id', '=', visitId)
    .executeTakeFirst();
  if (!visit?.agreement_id || visit.state !== 'closed' || !visit.treatment?.unit || !visit.offer)
    throw new AppError('EVIDENCE_NOT_READY');
  const known = await ctx.db
    .selectFrom('care.evidence')
    .select('kind')
    .where('visit_id', '=', visitId)
    .where('kind', '=', SETTLED)
    .executeTakeFirst();
  if (known) return;
  const size = await ctx.log.anchoredSize();
  const { session } = visit.treatment;
  const sealKey = sealLeafKey(visitId, session);
  for (const key of [sealKey, consentLeafKey(visitId)]) {
    const index = await ctx.log.indexOf(key);
    if (index === null || index >= size) throw new AppError('EVIDENCE_NOT_READY');
  }
  const service = await loadService(ctx, visit.service_id);
  const clinic = await ctx.identity.clinic(visit.clinic_id);
  if (!clinic) throw new AppError('CLINIC_UNKNOWN');
  const before = await ctx.db
    .selectFrom('care.evidence')
    .select('body')
    .where('visit_id', '=', visitId)
    .where('kind', '=', beforeUnsealing(session))
    .executeTakeFirst();
  if (!before) throw new AppError('EVIDENCE_NOT_READY');
  // the rules of the day of the offer, whatever is in force now
  const policy = visit.offer.pack ?? ctx.pastPack(visit.offer.policy) ?? ctx.packs(clinic.region)[0];
  const body = await ctx.evidence.settled({
    visitId,
    sealKey,
    policy,
    anchoredBefore: (before.body as { anchoredSize: number }).anchoredSize,
    agreementId: visit.agreement_id,
    terms: visit.terms,
    unit: visit.treatment.unit,
    lot: visit.treatment.lot ?? '',
    use: visit.treatment.use ?? 0,
    group: clinic.account,
    commitment: visit.review_commitment,
    doctorPresentation: visit.offer.doctorPresentation,
    clinicPresentation: visit.offer.clinicPresentation,
    gtin: service.body.gtin ?? '',
  });
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('care.evidence')
      .values({
        visit_id: visitId,
        kind: SETTLED,
        body: JSON.stringify(body),
        taken_at: new Date(ctx.clock.now()),
      })
      .onConflict((c) => c.columns(['visit_id', 'kind']).doNothing())
      .execute();
    await ctx.notices.visitChanged(tx, visitId);
  });
}
