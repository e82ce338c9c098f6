/** Who stands behind the events of stock: names are the clinic's own rows and never in an event. */
import { sql } from 'kysely';
import type { CareContext } from '../context.ts';

export interface Who {
  readonly by: string;
  readonly second: string | null;
}

/** @returns who, by digest of the event */
export async function whoDid(
  ctx: CareContext,
  clinicId: string,
  units: readonly string[],
): Promise<Map<string, Who>> {
  const who = new Map<string, Who>();
  if (units.length === 0) return who;
  const [scans, requests, visits] = await Promise.all([
    ctx.db
      .selectFrom('care.goods_in')
      .select(['events', 'person'])
      .where('clinic_id', '=', clinicId)
      .where('unit', 'in', [...units])
      .execute(),
    ctx.db
      .selectFrom('care.stock_request')
      .select(['events', 'person', 'second_person'])
      .where('clinic_id', '=', clinicId)
      .where('unit', 'in', [...units])
      .where('done_at', 'is not', null)
      .execute(),
    ctx.db
      .selectFrom('care.visit')
      .select(['treatment', 'doctor_id'])
      .where('clinic_id', '=', clinicId)
      .where(sql<string>`treatment->>'unit'`, 'in', [...units])
      .execute(),
  ]);
  for (const { events, person } of scans)
    for (const event of events) who.set(event, { by: person, second: null });
  for (const { events, person, second_person } of requests)
    for (const event of events) who.set(event, { by: person, second: second_person });
  const doctors = new Map<string, string>();
  for (const { treatment, doctor_id } of visits) {
    if (!treatment?.event) continue;
    if (!doctors.has(doctor_id))
      doctors.set(doctor_id, (await ctx.identity.doctor(doctor_id))?.name.zh ?? '');
    who.set(treatment.event, { by: doctors.get(doctor_id)!, second: null });
  }
  return who;
}
