/** The scope gate: asks the policy packs whether this procedure may be listed, booked or done here. */
import { AppError } from '@zhenmei/kernel';
import { decide, type PolicyDecision } from '@zhenmei/policy';
import { type Cancellation, cancellationFacts } from '../core/cancellation.ts';
import { scopeFacts } from '../core/scope.ts';
import type { ServiceBody } from '../core/service.ts';
import type { Clinic, Doctor, Product } from '../ports.ts';
import type { CareContext } from './context.ts';

export type ScopeAction = 'service.publish' | 'visit.book' | 'visit.treat';

export interface ScopeQuestion {
  readonly action: ScopeAction;
  readonly body: ServiceBody;
  readonly clinic: Clinic;
  readonly doctor: Doctor;
  readonly product: Product | null;
  readonly adult?: boolean;
  readonly ageProven?: boolean;
  readonly guardianSigned?: boolean;
}

/** Answers without throwing, for screens that show why something cannot be booked. */
export function judgeScope(ctx: CareContext, question: ScopeQuestion): PolicyDecision {
  const { clinic, doctor, product, body } = question;
  const facts = scopeFacts(body.procedure, {
    region: clinic.region,
    clinic,
    doctor: {
      licenceValid: doctor.licenceValid,
      leadSpecialties: doctor.leadSpecialties,
      employedHere: doctor.employedAt === null ? null : doctor.employedAt === clinic.id,
    },
    product,
    ...(question.adult === undefined ? {} : { adult: question.adult }),
    ...(question.ageProven === undefined ? {} : { ageProven: question.ageProven }),
    ...(question.guardianSigned === undefined ? {} : { guardianSigned: question.guardianSigned }),
  });
  return decide(ctx.packs(clinic.region), question.action, facts, ctx.clock.now());
}

/** Throws SCOPE_REFUSED or SCOPE_UNKNOWN with the first reason, in both languages, and its rule. */
export function assertScope(ctx: CareContext, question: ScopeQuestion, lang: 'zh-CN' | 'en'): void {
  const decision = judgeScope(ctx, question);
  if (decision.outcome !== 'allow') throw reasonOf(decision, lang);
}

/**
 * What a clinic keeps of a cancelled visit, asked of its region's rules. Nothing kept is always allowed.
 * Throws CANCELLATION_WITH_PLAN, CLINIC_UNKNOWN, SCOPE_REFUSED or SCOPE_UNKNOWN.
 */
export async function assertCancellation(
  ctx: CareContext,
  clinicId: string,
  { plan, cancellation }: { plan?: unknown; cancellation?: Cancellation | undefined },
  lang: 'zh-CN' | 'en',
): Promise<void> {
  if (!cancellation) return;
  if (plan) throw new AppError('CANCELLATION_WITH_PLAN');
  const clinic = await ctx.identity.clinic(clinicId);
  if (!clinic) throw new AppError('CLINIC_UNKNOWN');
  const facts = cancellationFacts(cancellation);
  const decision = decide(ctx.packs(clinic.region), 'price.cancellation', facts, ctx.clock.now());
  if (decision.outcome !== 'allow') throw reasonOf(decision, lang);
}

/** SCOPE_REFUSED or SCOPE_UNKNOWN with the first reason of a decision that does not allow. */
export function reasonOf(decision: PolicyDecision, lang: 'zh-CN' | 'en'): AppError {
  const first = decision.reasons[0];
  const reason = first
    ? lang === 'en'
      ? `${first.reason.en} ${first.next.en}`
      : `${first.reason.zh}${first.next.zh}`
    : '';
  return new AppError(decision.outcome === 'refuse' ? 'SCOPE_REFUSED' : 'SCOPE_UNKNOWN', {
    reason,
    rule: first?.rule ?? 'no-pack',
    rules: decision.reasons.map(({ rule }) => rule).join(', ') || 'no-pack',
    pack: first ? `${first.pack} ${first.version}` : '',
  });
}

/** Loads the parties that the gate asks about. Throws CLINIC_UNKNOWN or DOCTOR_UNKNOWN. */
export async function loadParties(ctx: CareContext, clinicId: string, doctorId: string, body: ServiceBody) {
  const clinic = await ctx.identity.clinic(clinicId);
  if (!clinic) throw new AppError('CLINIC_UNKNOWN');
  const doctor = await ctx.identity.doctor(doctorId);
  if (!doctor) throw new AppError('DOCTOR_UNKNOWN');
  const product = body.gtin ? await ctx.products.read(body.gtin, { region: clinic.region }) : null;
  return { clinic, doctor, product };
}
