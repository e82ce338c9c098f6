/** A clinic publishes its documents, services and times; nothing unlawful gets listed. */
import { AppError, newId } from '@zhenmei/kernel';
import { type ConsentTemplate, consentTextHash } from '../core/consent.ts';
import { planParts } from '../core/plan.ts';
import { itemsTotal } from '../core/quote.ts';
import { type ServiceBody, serviceCode } from '../core/service.ts';
import { type ServiceStandard, standardHash } from '../core/standard.ts';
import type { CareContext } from './context.ts';
import { assertCancellation, assertScope, loadParties } from './gates.ts';

/** Publishes one version of a consent text, for ever. Throws DOCUMENT_EXISTS if this version says something else. */
export async function publishConsent(ctx: CareContext, template: ConsentTemplate) {
  const body = JSON.stringify(template);
  const added = await ctx.db
    .insertInto('care.consent_template')
    .values({ id: template.id, version: template.version, body, published_at: new Date(ctx.clock.now()) })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  const hashes = { zh: consentTextHash(template, 'zh-CN'), en: consentTextHash(template, 'en') };
  if (!added) {
    const known = await readConsent(ctx, template.id, template.version);
    if (consentTextHash(known, 'zh-CN') !== hashes.zh || consentTextHash(known, 'en') !== hashes.en)
      throw new AppError('DOCUMENT_EXISTS');
  }
  return hashes;
}

/** Throws DOCUMENT_UNKNOWN. */
export async function readConsent(ctx: CareContext, id: string, version: string): Promise<ConsentTemplate> {
  const row = await ctx.db
    .selectFrom('care.consent_template')
    .select('body')
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row) throw new AppError('DOCUMENT_UNKNOWN');
  return row.body;
}

/** Publishes a service standard; its hash goes into the log (leaf 0a) and into every agreement under it. */
export async function publishStandard(ctx: CareContext, standard: ServiceStandard) {
  const hash = standardHash(standard);
  await ctx.db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('care.standard')
      .select('hash')
      .where('id', '=', standard.id)
      .where('version', '=', standard.version)
      .executeTakeFirst();
    if (known && known.hash !== hash) throw new AppError('DOCUMENT_EXISTS');
    if (known) return;
    await tx
      .insertInto('care.standard')
      .values({
        hash,
        id: standard.id,
        version: standard.version,
        body: JSON.stringify(standard),
        published_at: new Date(ctx.clock.now()),
      })
      .execute();
    await ctx.log.append(
      tx,
      0x0a,
      JSON.stringify({ hash, id: standard.id, version: standard.version }),
      `standard/${hash}`,
    );
  });
  return { hash };
}

/** Throws DOCUMENT_UNKNOWN. */
export async function readStandard(ctx: CareContext, id: string, version: string) {
  const row = await ctx.db
    .selectFrom('care.standard')
    .select(['body', 'hash'])
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row) throw new AppError('DOCUMENT_UNKNOWN');
  return { standard: row.body, hash: row.hash as `0x${string}` };
}

/** Throws PLAN_WRONG, DOCUMENT_UNKNOWN. @param priced items and plan as they are to be published */
export async function assertPlan(
  ctx: CareContext,
  { standard }: Pick<ServiceBody, 'standard'>,
  { items, plan }: Pick<ServiceBody, 'items' | 'plan'>,
): Promise<void> {
  if (!plan) return;
  const published = await readStandard(ctx, standard.id, standard.version);
  planParts({ total: itemsTotal(items), plan, startsAt: 0, standard: published.standard });
}

/**
 * Lists a service. Every doctor named must be entitled to it here, now (scope gate).
 * Throws SCOPE_REFUSED, SCOPE_UNKNOWN, DOCUMENT_UNKNOWN, PLAN_WRONG,
 * CANCELLATION_WITH_PLAN or SERVICE_EXISTS.
 */
export async function publishService(
  ctx: CareContext,
  clinicId: string,
  body: ServiceBody,
  lang: 'zh-CN' | 'en',
) {
  await readConsent(ctx, body.consent.id, body.consent.version);
  await readStandard(ctx, body.standard.id, body.standard.version);
  await assertPlan(ctx, body, body);
  await assertCancellation(ctx, clinicId, body, lang);
  for (const doctorId of body.doctors) {
    const parties = await loadParties(ctx, clinicId, doctorId, body);
    assertScope(ctx, { action: 'service.publish', body, ...parties }, lang);
  }
  const now = ctx.clock.now();
  const row = await ctx.db
    .insertInto('care.service')
    .values({
      id: newId(now, ctx.random.bytes(10)),
      clinic_id: clinicId,
      code: serviceCode(body),
      body: JSON.stringify(body),
      published_at: new Date(now),
      withdrawn_at: null,
    })
    .onConflict((c) => c.columns(['clinic_id', 'code']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('SERVICE_EXISTS');
  return { id: row.id };
}

/** Publishes times; a time that is published already is left alone. Throws DOCTOR_UNKNOWN. */
export async function publishSlots(
  ctx: CareContext,
  clinicId: string,
  doctorId: string,
  slots: readonly { startsAt: string; minutes: number }[],
) {
  const doctor = await ctx.identity.doctor(doctorId);
  if (!doctor || doctor.clinicId !== clinicId) throw new AppError('DOCTOR_UNKNOWN');
  const now = ctx.clock.now();
  const rows = await ctx.db
    .insertInto('care.slot')
    .values(
      slots.map((slot) => ({
        id: newId(now, ctx.random.bytes(10)),
        clinic_id: clinicId,
        doctor_id: doctorId,
        starts_at: new Date(slot.startsAt),
        minutes: slot.minutes,
      })),
    )
    .onConflict((c) => c.columns(['doctor_id', 'starts_at']).doNothing())
    .returning('id')
    .execute();
  return { added: rows.length };
}
