/** What anybody may look at before an account: clinics, doctors, services with prices, free times. */
import { AppError, DAY } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { CareDatabase } from '../adapters/schema.ts';
import type { ClinicCard, DoctorCard, ServiceView, SlotView } from '../api.ts';
import { rankClinics } from '../core/clinic-order.ts';
import { itemsTotal } from '../core/quote.ts';
import type { Clinic, Doctor } from '../ports.ts';
import type { CareContext } from './context.ts';
import { judgeScope, type ScopeQuestion } from './gates.ts';
import { divided, pricesOf } from './price-lists.ts';

const SLOT_HORIZON_DAYS = 45;

export async function listClinics(ctx: CareContext, query?: string): Promise<z.infer<typeof ClinicCard>[]> {
  const clinics = rankClinics(await ctx.identity.clinics(query), query);
  const counts = await ctx.db
    .selectFrom('care.service')
    .select(['clinic_id', (eb) => eb.fn.countAll<bigint>().as('n')])
    .where('withdrawn_at', 'is', null)
    .groupBy('clinic_id')
    .execute();
  const count = new Map(counts.map((row) => [row.clinic_id, Number(row.n)]));
  return clinics.map((clinic) => clinicCard(clinic, count.get(clinic.id) ?? 0));
}

/** Throws CLINIC_UNKNOWN. */
export async function readClinic(ctx: CareContext, id: string) {
  const clinic = await ctx.identity.clinic(id);
  if (!clinic) throw new AppError('CLINIC_UNKNOWN');
  const doctors = await ctx.identity.doctorsOf(id);
  const services = await servicesOf(ctx, clinic, doctors);
  return {
    clinic: clinicCard(clinic, services.length),
    doctors: doctors.map(doctorCard),
    services,
    slots: await slotsOf(ctx, clinic, doctors),
    overrides: await overridesOf(ctx, id),
  };
}

/** Throws DOCTOR_UNKNOWN. */
export async function readDoctor(ctx: CareContext, id: string) {
  const doctor = await ctx.identity.doctor(id);
  const clinic = doctor && (await ctx.identity.clinic(doctor.clinicId));
  if (!doctor || !clinic) throw new AppError('DOCTOR_UNKNOWN');
  const all = await servicesOf(ctx, clinic, [doctor]);
  const services = all.filter((service) => service.body.doctors.includes(id));
  return { doctor: doctorCard(doctor), clinic: clinicCard(clinic, all.length), services };
}

async function servicesOf(
  ctx: CareContext,
  clinic: Clinic,
  doctors: readonly Doctor[],
): Promise<z.infer<typeof ServiceView>[]> {
  const rows = await ctx.db
    .selectFrom('care.service')
    .selectAll()
    .where('clinic_id', '=', clinic.id)
    .where('withdrawn_at', 'is', null)
    .orderBy('published_at')
    .execute();
  return Promise.all(rows.map((row) => serviceView(ctx, clinic, doctors, row)));
}

async function serviceView(
  ctx: CareContext,
  clinic: Clinic,
  doctors: readonly Doctor[],
  row: Selectable<CareDatabase['care.service']>,
): Promise<z.infer<typeof ServiceView>> {
  const product = row.body.gtin ? await ctx.products.read(row.body.gtin, { region: clinic.region }) : null;
  const priced = await pricesOf(ctx, clinic.id, row.body, ctx.clock.now());
  const { plan: _, cancellation: __, pledgeBps: ___, ...body } = row.body;
  const decisions = doctors
    .filter((doctor) => row.body.doctors.includes(doctor.id))
    .map((doctor) => judgeScope(ctx, { action: 'service.publish', body: row.body, clinic, doctor, product }));
  const allowed = decisions.some((d) => d.outcome === 'allow');
  return {
    id: row.id,
    clinicId: clinic.id,
    body: { ...body, items: [...priced.items], excluded: [...priced.excluded], ...divided(priced) },
    total: itemsTotal([...priced.items]).toString(),
    product: product && { gtin: product.gtin, name: product.name, maker: product.maker },
    bookable: allowed,
    reasons: allowed ? [] : decisions.flatMap((d) => [...d.reasons]).slice(0, 3),
    ageShown: doctors.some((doctor) => asksForAge(ctx, { body: row.body, clinic, doctor, product })),
  };
}

/** The rules that stop somebody of age are others than those that stop her with a certificate. */
function asksForAge(ctx: CareContext, question: Omit<ScopeQuestion, 'action'>): boolean {
  const [stated, shown] = [false, true].map((ageProven) =>
    judgeScope(ctx, { ...question, action: 'visit.book', adult: true, ageProven }).reasons.map((r) => r.rule),
  );
  return stated!.join() !== shown!.join();
}

/** A time is only free with somebody who may practise now. */
async function slotsOf(
  ctx: CareContext,
  clinic: Clinic,
  doctors: readonly Doctor[],
): Promise<z.infer<typeof SlotView>[]> {
  const entitled = new Set(
    clinic.licenceValid === true
      ? doctors.filter(({ licenceValid }) => licenceValid === true).map(({ id }) => id)
      : [],
  );
  const now = ctx.clock.now();
  const cooling = Math.max(
    0,
    ...ctx.packs(clinic.region).map((pack) => Number(pack.parameters.coolingOffSeconds ?? 0)),
  );
  const rows = await ctx.db
    .selectFrom('care.slot as s')
    .leftJoin('care.visit as v', (join) =>
      join.onRef('v.slot_id', '=', 's.id').on('v.state', 'not in', ['cancelled', 'refused', 'expired']),
    )
    .select(['s.id', 's.doctor_id', 's.starts_at', 's.minutes', 'v.id as visit_id'])
    .where('s.clinic_id', '=', clinic.id)
    // a time inside the cooling-off period could never be used; a day is left to agree and pay
    .where('s.starts_at', '>', new Date(now + cooling * 1000 + DAY))
    .where('s.starts_at', '<', new Date(now + SLOT_HORIZON_DAYS * DAY))
    .orderBy('s.starts_at')
    .limit(400)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    doctorId: row.doctor_id,
    startsAt: row.starts_at.toISOString(),
    minutes: row.minutes,
    free: row.visit_id === null && entitled.has(row.doctor_id),
  }));
}

/** Decisions of a second doctor against a block, and the visits of the last year in which something was opened. */
async function overridesOf(ctx: CareContext, clinicId: string): Promise<{ count: number; visits: number }> {
  const since = new Date(ctx.clock.now() - 365 * DAY);
  const steps = (type: 'override' | 'unseal') =>
    ctx.db
      .selectFrom('care.visit_step as s')
      .innerJoin('care.visit as v', 'v.id', 's.visit_id')
      .select((eb) => eb.fn.count<number>('s.visit_id').distinct().as('n'))
      .where('v.clinic_id', '=', clinicId)
      .where('s.type', '=', type)
      .where('s.applied_at', '>', since);
  const [decided, opened] = await Promise.all([
    steps('override')
      .where((eb) => eb(eb.ref('s.step', '->').key('data').key('level'), '=', '"second"' as never))
      .executeTakeFirstOrThrow(),
    steps('unseal').executeTakeFirstOrThrow(),
  ]);
  return { count: Number(decided.n), visits: Number(opened.n) };
}

function clinicCard(clinic: Clinic, services: number): z.infer<typeof ClinicCard> {
  return {
    id: clinic.id,
    name: clinic.name,
    city: clinic.city,
    address: clinic.address,
    licences: [...clinic.licences],
    services,
  };
}

function doctorCard(doctor: Doctor): z.infer<typeof DoctorCard> {
  return {
    id: doctor.id,
    name: doctor.name,
    title: doctor.title,
    clinicId: doctor.clinicId,
    licences: [...doctor.licences],
  };
}
