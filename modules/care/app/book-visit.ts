/** Booking: a visit comes to life under a key that was made for it alone. */
import { AppError, DAY, type Hex, HOUR } from '@zhenmei/kernel';
import type { GuardianShown } from '../api.ts';
import { GATE_VERSION, type GateState } from '../core/gate.ts';
import { childStatement, type Minor } from '../core/guardian.ts';
import { leadSeconds } from '../core/plan.ts';
import type { Quote } from '../core/quote.ts';
import { FIRST } from '../core/steps.ts';
import { ageProven } from './age.ts';
import { acceptChange, quoteOfChange } from './change-orders.ts';
import type { CareContext } from './context.ts';
import { assertScope, loadParties } from './gates.ts';
import { minorOf } from './minor.ts';
import { pricesOf, quoteOf } from './price-lists.ts';

export interface Booking {
  readonly id: string;
  readonly serviceId: string;
  readonly slotId: string;
  readonly adult: boolean;
  readonly guardian?: GuardianShown | undefined;
  /** A certificate of age, shown for this booking. */
  readonly age?: string | undefined;
  /** What the patient's device made of what her vault holds; its reasons stay there. */
  readonly gate: GateState['outcome'];
  readonly patientAddress: Hex;
  readonly patientSealKey: string;
  readonly reviewCommitment: string;
  readonly payout: Hex;
  readonly readTokenHash: Hex;
  /** A change order of an earlier visit that this booking accepts. */
  readonly changeOrder?: string | undefined;
}

/** Hours the clinic has to make its offer before the booking lapses. */
const OFFER_HOURS = 48;

/**
 * Books a time. Of two patients who race for one time, exactly one wins.
 * @param again the same booking came before and its outcome is not known: if it was made, it is the answer
 * Throws GATE_BLOCKS, SLOT_TAKEN, SCOPE_REFUSED, SCOPE_UNKNOWN, SERVICE_UNKNOWN, VISIT_EXISTS, AGE_NOT_PROVEN,
 * GUARDIAN_NOT_PROVEN, GUARDIAN_ENDED or CHANGE_ORDER_UNKNOWN.
 */
export async function bookVisit(
  ctx: CareContext,
  booking: Booking,
  lang: 'zh-CN' | 'en',
  again = false,
): Promise<string> {
  if (again && (await isBooked(ctx, booking))) return booking.id;
  if (booking.gate === 'blocked') throw new AppError('GATE_BLOCKS');
  const now = ctx.clock.now();
  const service = await ctx.db
    .selectFrom('care.service')
    .selectAll()
    .where('id', '=', booking.serviceId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  if (!service) throw new AppError('SERVICE_UNKNOWN');
  const slot = await ctx.db
    .selectFrom('care.slot')
    .selectAll()
    .where('id', '=', booking.slotId)
    .executeTakeFirst();
  if (
    !slot ||
    slot.clinic_id !== service.clinic_id ||
    !service.body.doctors.includes(slot.doctor_id) ||
    slot.starts_at.getTime() <= now
  )
    throw new AppError('SLOT_TAKEN');
  const parties = await loadParties(ctx, service.clinic_id, slot.doctor_id, service.body);
  const minor = await minorOfBooking(ctx, booking);
  const packs = ctx.packs(parties.clinic.region);
  const { id, serviceId, slotId, patientAddress: address } = booking;
  const about = { visit: id, service: serviceId, slot: slotId, address };
  const proven = booking.adult && (await ageProven(ctx, packs, booking.age, about));
  const age = { adult: booking.adult, ageProven: proven, guardianSigned: minor !== null };
  assertScope(ctx, { action: 'visit.book', body: service.body, ...parties, ...age }, lang);

  const cooling = Math.max(0, ...packs.map((pack) => Number(pack.parameters.coolingOffSeconds ?? 0)));
  // whoever pays by then has the whole cooling-off period, and a deposit its time, before the appointment
  const { plan } = booking.changeOrder ? {} : await pricesOf(ctx, service.clinic_id, service.body, now);
  const latest = slot.starts_at.getTime() - (cooling + leadSeconds(plan)) * 1000;
  if (latest <= now) throw new AppError('SLOT_TAKEN');
  const validUntil = new Date(Math.min(latest, now + 14 * DAY)).toISOString();
  const quote: Quote = booking.changeOrder
    ? await quoteOfChange(ctx, booking.changeOrder, service.id, validUntil)
    : await quoteOf(ctx, service.clinic_id, service.body, validUntil);
  try {
    await ctx.db.transaction().execute(async (tx) => {
      if (booking.changeOrder) await acceptChange(ctx, tx, booking.changeOrder);
      await tx
        .insertInto('care.visit')
        .values({
          id: booking.id,
          clinic_id: service.clinic_id,
          doctor_id: slot.doctor_id,
          service_id: service.id,
          slot_id: slot.id,
          state: 'quoted',
          patient_address: booking.patientAddress,
          patient_seal_key: booking.patientSealKey,
          minor: minor && JSON.stringify(minor),
          age_proven: proven,
          guardian_seen_at: null,
          review_commitment: booking.reviewCommitment,
          payout: booking.payout,
          read_token_hash: booking.readTokenHash,
          quote: JSON.stringify(quote),
          agreement_id: null,
          terms: null,
          offer: null,
          consent: null,
          treatment: null,
          gate_version: GATE_VERSION,
          gate: null,
          last_sequence: 0,
          last_hash: FIRST,
          lapses_at: new Date(now + OFFER_HOURS * HOUR),
          created_at: new Date(now),
          updated_at: new Date(now),
        })
        .execute();
    });
  } catch (cause) {
    const constraint = (cause as { constraint?: string }).constraint;
    if (constraint === 'visit_one_per_slot') throw new AppError('SLOT_TAKEN', {}, { cause });
    if (constraint === 'visit_pkey' || constraint === 'visit_patient_address_key')
      throw new AppError('VISIT_EXISTS', {}, { cause });
    throw cause;
  }
  return booking.id;
}

/** Null for an adult, and for a minor for whom nobody signed: the rules of the region decide then. */
async function minorOfBooking(ctx: CareContext, booking: Booking): Promise<Minor | null> {
  if (booking.adult || !booking.guardian) return null;
  const { id, serviceId: service, slotId: slot, patientAddress } = booking;
  const statement = childStatement(id, patientAddress);
  return minorOf(ctx, id, { service, slot }, booking.guardian, statement);
}

async function isBooked(ctx: CareContext, booking: Booking): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('care.visit')
    .select('id')
    .where('id', '=', booking.id)
    .where('slot_id', '=', booking.slotId)
    .where('service_id', '=', booking.serviceId)
    .where('patient_address', '=', booking.patientAddress)
    .where('read_token_hash', '=', booking.readTokenHash)
    .executeTakeFirst();
  return row !== undefined;
}
