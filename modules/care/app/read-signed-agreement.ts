/** What both sides have signed: the offer with its terms, the consent in its version, and the steps with signatures. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Signatures } from '../adapters/schema.ts';
import type { ConsentTemplate } from '../core/consent.ts';
import type { Bilingual, Quote } from '../core/quote.ts';
import type { VisitStep } from '../core/steps.ts';
import type { CareContext, VisitRow } from './context.ts';
import { loadService } from './load-service.ts';
import { readConsent } from './publish.ts';
import { loadReadable, type Reader } from './read-visit.ts';

export interface SignedAgreement {
  readonly agreementId: Hex;
  readonly clinic: Bilingual;
  readonly doctor: Bilingual;
  readonly procedure: Bilingual;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly quote: Quote;
  readonly terms: object;
  readonly template: ConsentTemplate;
  readonly language: 'zh-CN' | 'en';
  readonly textHash: Hex;
  readonly offerSignature: Hex;
  /** The clinic device's key, and the patient's key of this visit. */
  readonly keys: { readonly clinic: Hex; readonly patient: Hex };
  /** The steps `offer` and `agree` as they were signed. */
  readonly steps: readonly {
    readonly step: VisitStep;
    readonly signatures: Signatures;
    readonly at: number;
  }[];
}

/** The first appointment, also once a course has gone on. */
async function firstTime(ctx: CareContext, visit: VisitRow): Promise<Date> {
  const done = await ctx.db
    .selectFrom('care.visit_part')
    .select('slot_id')
    .where('visit_id', '=', visit.id)
    .where('slot_id', 'is not', null)
    .orderBy('part')
    .executeTakeFirst();
  const { starts_at } = await ctx.db
    .selectFrom('care.slot')
    .select('starts_at')
    .where('id', '=', done?.slot_id ?? visit.slot_id)
    .executeTakeFirstOrThrow();
  return starts_at;
}

/** Throws VISIT_UNKNOWN, AGREEMENT_NOT_SIGNED. */
export async function readSignedAgreement(
  ctx: CareContext,
  id: string,
  reader: Reader,
): Promise<SignedAgreement> {
  const visit = await loadReadable(ctx, id, reader);
  const { offer, consent, terms, agreement_id: agreementId } = visit;
  if (!offer || !consent || !terms || !agreementId) throw new AppError('AGREEMENT_NOT_SIGNED');
  const [service, clinic, doctor, slot, steps, template] = await Promise.all([
    loadService(ctx, visit.service_id),
    ctx.identity.clinic(visit.clinic_id),
    ctx.identity.doctor(visit.doctor_id),
    firstTime(ctx, visit),
    ctx.db
      .selectFrom('care.visit_step')
      .selectAll()
      .where('visit_id', '=', id)
      .where('type', 'in', ['offer', 'agree'])
      .orderBy('sequence')
      .execute(),
    readConsent(ctx, consent.template, consent.version),
  ]);
  if (!clinic) throw new AppError('CLINIC_UNKNOWN');
  if (!doctor) throw new AppError('DOCTOR_UNKNOWN');
  return {
    agreementId,
    clinic: clinic.name,
    doctor: doctor.name,
    procedure: service.body.procedure.name,
    startsAt: slot.getTime(),
    quote: visit.quote,
    terms,
    template,
    language: consent.language,
    textHash: consent.textHash,
    offerSignature: offer.signature,
    keys: { clinic: offer.publicKey, patient: visit.patient_address },
    steps: steps.flatMap(({ step, signatures, applied_at }) =>
      step ? [{ step, signatures, at: applied_at.getTime() }] : [],
    ),
  };
}
