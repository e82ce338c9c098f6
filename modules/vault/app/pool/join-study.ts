/** A person agrees to one study. What she will answer comes without her account, with the pass that she gets here. */
import { AppError, sha256, toBase64Url } from '@zhenmei/kernel';
import { assertConsentSigned, type StudyConsent } from '../../core/pool/consent.ts';
import { assertPersonBudget } from '../../core/pool/person-budget.ts';
import { openRelease } from '../../core/pool/study.ts';
import { keepConsent, markWithdrawn } from '../consents.ts';
import type { VaultContext } from '../context.ts';
import { assertNotClosing } from '../erase.ts';
import { reserveFor } from './funds.ts';
import { lockBudget, partsOf } from './person-budget.ts';
import { handleOf, studyOf } from './studies.ts';

/**
 * Agreeing again replaces consent and pass, not the person: what was spent and said stays.
 * @returns the pass, which is kept as a hash only
 * Throws POOL_STUDY_UNKNOWN, POOL_NOT_OPEN, POOL_LEFT, POOL_PERSON_BUDGET, POOL_NOT_FUNDED, POOL_FUND_USED,
 * RECEIPT_SIGNATURE_WRONG, VAULT_CLOSING, CONSENT_NOTICE_UNKNOWN, CONSENT_NOTICE_CHANGED, CONSENT_WITHDRAWN, CONSENT_UNKNOWN.
 */
export async function joinStudy(
  ctx: VaultContext,
  patientId: string,
  consent: StudyConsent,
  signature: string,
): Promise<{ token: string }> {
  assertConsentSigned(consent, signature);
  const token = ctx.random.bytes(32);
  await ctx.db.transaction().execute(async (tx) => {
    await assertNotClosing(tx, patientId);
    const { plan, organisation_id } = await studyOf(tx, consent.study);
    if (openRelease(plan, ctx.clock.now()) === null) throw new AppError('POOL_NOT_OPEN');
    const at = { study: consent.study, handle: handleOf(ctx, patientId, consent.study) };
    const left = await tx
      .selectFrom('vault.pool_member')
      .select('handle')
      .where('study', '=', at.study)
      .where('handle', '=', at.handle)
      .where('token_hash', 'is', null)
      .executeTakeFirst();
    if (left) throw new AppError('POOL_LEFT');
    await lockBudget(tx, patientId);
    const parts = new Map(await partsOf(ctx, tx, patientId));
    const own = parts.get(consent.study) ?? { plan, spent: 0, joined: true };
    parts.delete(consent.study);
    assertPersonBudget([...parts.values()], own, ctx.clock.now());
    await reserveFor(ctx, tx, plan, at.handle, own.spent);
    const before = await tx
      .selectFrom('vault.pool_joined')
      .select('receipt')
      .where('patient_id', '=', patientId)
      .where('study', '=', consent.study)
      .forUpdate()
      .executeTakeFirst();
    if (before && before.receipt !== consent.receipt) await markWithdrawn(ctx, tx, before.receipt);
    await keepConsent(ctx, tx, patientId, {
      receipt: consent.receipt,
      subject: consent.subject,
      purpose: 'HRESCH',
      notice: consent.notice,
      grantee: { organisation: organisation_id },
      notAfter: plan.releases.at(-1)!,
    });
    await tx
      .insertInto('vault.pool_joined')
      .values({ patient_id: patientId, study: consent.study, receipt: consent.receipt })
      .onConflict((c) => c.columns(['patient_id', 'study']).doUpdateSet({ receipt: consent.receipt }))
      .execute();
    const pass = { token_hash: sha256(token), notice: consent.notice.version };
    await tx
      .insertInto('vault.pool_member')
      .values({ ...at, ...pass })
      .onConflict((c) => c.columns(['study', 'handle']).doUpdateSet(pass))
      .execute();
  });
  return { token: toBase64Url(token) };
}
