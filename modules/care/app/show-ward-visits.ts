/**
 * What a guardian sees of the visits of one child, as long as the certificate holds and the region's rules allow it.
 * The child sees that somebody looked, and when. Health, records and photos are not here: only the child's device has
 * their keys.
 */
import { decide } from '@zhenmei/policy';
import { sql } from 'kysely';
import { ageFacts, isOfAge } from '../core/guardian.ts';
import { quoteTotal } from '../core/quote.ts';
import type { WardVisit } from '../guardian-api.ts';
import type { CareContext, VisitRow } from './context.ts';
import { loadService } from './load-service.ts';
import { guardianLooks } from './minor.ts';
import { warningOf } from './warn-visits.ts';

/** Newest first. Throws GUARDIAN_NOT_PROVEN, GUARDIAN_ENDED. */
export async function showWardVisits(
  ctx: CareContext,
  child: string,
  presentation: string,
): Promise<WardVisit[]> {
  await guardianLooks(ctx, child, presentation);
  const rows = await ctx.db
    .selectFrom('care.visit')
    .selectAll()
    .where(sql<string>`minor ->> 'child'`, '=', child)
    .orderBy('created_at', 'desc')
    .limit(100)
    .execute();
  const seen = (await Promise.all(rows.map((row) => see(ctx, row)))).filter((one) => one !== null);
  const ids = seen.map(({ id }) => id);
  if (ids.length > 0)
    await ctx.db
      .updateTable('care.visit')
      .set({ guardian_seen_at: new Date(ctx.clock.now()) })
      .where('id', 'in', ids)
      .execute();
  return seen;
}

/** Null where the region of the clinic does not let a guardian look. */
async function see(ctx: CareContext, visit: VisitRow): Promise<WardVisit | null> {
  const now = ctx.clock.now();
  if (!visit.minor || isOfAge(visit.minor, now)) return null;
  const [service, clinic, doctor, slot] = await Promise.all([
    loadService(ctx, visit.service_id),
    ctx.identity.clinic(visit.clinic_id),
    ctx.identity.doctor(visit.doctor_id),
    ctx.db
      .selectFrom('care.slot')
      .select('starts_at')
      .where('id', '=', visit.slot_id)
      .executeTakeFirstOrThrow(),
  ]);
  if (!clinic || !doctor) return null;
  const { adult } = ageFacts(visit.minor, now, visit.age_proven);
  const facts = { 'guardian.proven': true, 'patient.adult': adult };
  if (decide(ctx.packs(clinic.region), 'guardian.view', facts, now).outcome !== 'allow') return null;
  const account = visit.agreement_id ? await ctx.chain.account(visit.agreement_id) : null;
  const { consent } = visit;
  return {
    id: visit.id,
    state: visit.state,
    clinic: clinic.name,
    doctor: doctor.name,
    treatment: service.body.procedure.name,
    startsAt: slot.starts_at.toISOString(),
    currency: visit.quote.currency,
    total: quoteTotal(visit.quote).toString(),
    money: account && {
      held: account.held.toString(),
      paid: account.paid.toString(),
      refunded: account.refunded.toString(),
    },
    consent: consent && {
      template: consent.template,
      version: consent.version,
      language: consent.language,
    },
    warning: warningOf(visit, clinic, doctor)?.reason ?? null,
  };
}
