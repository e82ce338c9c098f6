/** A visit as its two sides see it: state, money, what is pending, and what may come next. */
import { AppError, HOUR, sha256, toHex0x, toIso, utf8 } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { VisitView } from '../api.ts';
import type { PresentPart } from '../core/course.ts';
import { quoteTotal } from '../core/quote.ts';
import type { ServiceBody } from '../core/service.ts';
import { type Side, type Transition, transitionsOf } from '../core/visit.ts';
import type { AgreementAccount } from '../ports.ts';
import type { CareContext, VisitRow } from './context.ts';
import { partOf, partsView } from './course.ts';
import { consentLeafKey } from './effects/agree.ts';
import { CHECK_IN_HOURS } from './effects/ready.ts';
import { beforeUnsealing, SETTLED } from './evidence-kinds.ts';
import { loadService } from './load-service.ts';
import { warningOf } from './warn-visits.ts';

export interface Reader {
  /** The visit's read secret, as the patient's device sends it. */
  readonly token: string | null;
  readonly organisationId: string | null;
}

/** Throws VISIT_UNKNOWN unless the reader holds the read secret or is the visit's clinic. */
export async function loadReadable(ctx: CareContext, id: string, reader: Reader): Promise<VisitRow> {
  const visit = await ctx.db.selectFrom('care.visit').selectAll().where('id', '=', id).executeTakeFirst();
  const holds =
    visit && reader.token !== null && toHex0x(sha256(utf8(reader.token))) === visit.read_token_hash;
  if (!visit || !(holds || (reader.organisationId !== null && reader.organisationId === visit.clinic_id)))
    throw new AppError('VISIT_UNKNOWN');
  return visit;
}

export async function readVisit(ctx: CareContext, id: string, reader: Reader): Promise<VisitView> {
  return view(ctx, await loadReadable(ctx, id, reader));
}

/** How many visits are told at once. */
const PAGE = 30;

/**
 * The clinic's visits, newest first.
 * @param before the last visit of the page before. Throws VISIT_UNKNOWN where the clinic has no such visit.
 */
export async function deskVisits(
  ctx: CareContext,
  clinicId: string,
  { state, before }: { readonly state?: VisitView['state']; readonly before?: string },
): Promise<{ visits: VisitView[]; more: boolean }> {
  const own = ctx.db.selectFrom('care.visit').where('clinic_id', '=', clinicId);
  let query = own.selectAll();
  if (state) query = query.where('state', '=', state);
  if (before) {
    if (!(await own.select('id').where('id', '=', before).executeTakeFirst()))
      throw new AppError('VISIT_UNKNOWN');
    query = query.where(
      sql<boolean>`(created_at, id) < (select last.created_at, last.id from care.visit last where last.id = ${before})`,
    );
  }
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(PAGE + 1)
    .execute();
  return {
    visits: await Promise.all(rows.slice(0, PAGE).map((row) => view(ctx, row))),
    more: rows.length > PAGE,
  };
}

async function view(ctx: CareContext, visit: VisitRow): Promise<VisitView> {
  const [service, clinic, doctor, slot, pending, history, settled] = await Promise.all([
    loadService(ctx, visit.service_id),
    ctx.identity.clinic(visit.clinic_id),
    ctx.identity.doctor(visit.doctor_id),
    ctx.db.selectFrom('care.slot').selectAll().where('id', '=', visit.slot_id).executeTakeFirstOrThrow(),
    ctx.db.selectFrom('care.pending_step').selectAll().where('visit_id', '=', visit.id).executeTakeFirst(),
    ctx.db
      .selectFrom('care.visit_step')
      .select(['sequence', 'type', 'to_state', 'applied_at'])
      .where('visit_id', '=', visit.id)
      .orderBy('sequence')
      .execute(),
    ctx.db
      .selectFrom('care.evidence')
      .select('kind')
      .where('visit_id', '=', visit.id)
      .where('kind', '=', SETTLED)
      .executeTakeFirst(),
  ]);
  if (!clinic) throw new AppError('CLINIC_UNKNOWN');
  if (!doctor) throw new AppError('DOCTOR_UNKNOWN');
  const account = visit.agreement_id ? await ctx.chain.account(visit.agreement_id) : null;
  const logIndex = visit.consent ? await ctx.log.indexOf(consentLeafKey(visit.id)) : null;
  const anchored = logIndex !== null && logIndex < (await ctx.log.anchoredSize());
  const waits: Waits = {
    account,
    startsAt: slot.starts_at.getTime(),
    part: partOf(visit),
    needsTime: visit.needs_time,
    consentAnchored: anchored,
    now: ctx.clock.now(),
  };
  return {
    id: visit.id,
    state: visit.state,
    sequence: visit.last_sequence,
    lastHash: visit.last_hash,
    clinic: {
      id: clinic.id,
      name: clinic.name,
      account: clinic.account,
      publicKey: visit.offer?.publicKey ?? null,
      region: clinic.region,
    },
    doctor: { id: doctor.id, name: doctor.name, title: doctor.title },
    service: service.body,
    serviceId: service.id,
    slot: { startsAt: slot.starts_at.toISOString(), minutes: slot.minutes },
    quote: visit.quote,
    total: quoteTotal(visit.quote).toString(),
    patientAddress: visit.patient_address,
    minorUntil: visit.minor?.until ?? null,
    guardianSeenAt: visit.guardian_seen_at?.toISOString() ?? null,
    patientSealKey: visit.patient_seal_key,
    reviewCommitment: visit.review_commitment,
    payout: visit.payout,
    agreementId: visit.agreement_id,
    terms: visit.terms as VisitView['terms'],
    offerSignature: visit.offer?.signature ?? null,
    sealedSecret: visit.offer?.sealedSecret ?? null,
    consent: visit.consent && {
      template: visit.consent.template,
      version: visit.consent.version,
      language: visit.consent.language,
      logIndex,
      anchored,
    },
    facts: await factsOf(ctx, visit, service.body, clinic.region),
    treatment: visit.treatment as VisitView['treatment'],
    gate: visit.gate,
    money: account && moneyView(account),
    pending: pending
      ? {
          step: pending.step,
          sides: (['patient', 'clinic'] as const).filter((side) => pending.signatures[side]),
          proposedAt: pending.proposed_at.toISOString(),
          attachments: pending.attachments,
        }
      : null,
    history: history.map((h) => ({
      sequence: h.sequence,
      type: h.type,
      to: h.to_state,
      at: h.applied_at.toISOString(),
    })),
    parts: await partsView(ctx, visit, account),
    next: transitionsOf(visit.state, waits.part)
      .filter((t) => t.trigger.by !== 'clock')
      .map((t) => nextView(t, waits)),
    lapsesAt: visit.lapses_at?.toISOString() ?? null,
    warning: warningOf(visit, clinic, doctor),
    receiptReady: settled !== undefined,
  };
}

async function factsOf(
  ctx: CareContext,
  visit: VisitRow,
  body: ServiceBody,
  region: string,
): Promise<VisitView['facts']> {
  if (!visit.offer || !visit.consent) return null;
  // as it was when the visit was booked: what both sides sealed does not change when the maker states it anew
  const product = body.gtin
    ? await ctx.products.read(body.gtin, { region, at: visit.created_at.getTime() })
    : null;
  const digest = (text: string) => toHex0x(sha256(utf8(text)));
  return {
    doctorPresentation: digest(visit.offer.doctorPresentation),
    clinicPresentation: digest(visit.offer.clinicPresentation),
    policy: visit.offer.policy,
    region,
    product: {
      approvedRegions: [...(product?.approvedRegions ?? [])],
      approvedRoutes: [...(product?.approvedRoutes ?? [])],
    },
    consent: { textHash: visit.consent.textHash, teachBack: visit.consent.teachBack },
  };
}

function moneyView(account: AgreementAccount): VisitView['money'] {
  const iso = (ms: number | null) => (ms === null ? null : toIso(ms));
  return {
    state: account.state,
    held: account.held.toString(),
    paid: account.paid.toString(),
    refunded: account.refunded.toString(),
    coolingEndsAt: iso(account.coolingEndsAt),
    dueBy: iso(account.dueBy),
    releasesAt: iso(account.releasesAt),
  };
}

interface Waits {
  readonly account: AgreementAccount | null;
  readonly startsAt: number;
  readonly part: PresentPart;
  readonly needsTime: boolean;
  readonly consentAnchored: boolean;
  readonly now: number;
}

type Next = z.infer<typeof import('../api.ts').VisitView>['next'][number];

function nextView(transition: Transition, waits: Waits): Next {
  const waitingFor: Next['waitingFor'] = [];
  let from: number | null = null;
  for (const guard of transition.requires) {
    if (
      guard === 'cooling-off-over' &&
      waits.account?.coolingEndsAt &&
      waits.now < waits.account.coolingEndsAt
    ) {
      from = waits.account.coolingEndsAt;
      waitingFor.push({ zh: '冷静期还没有结束', en: 'The cooling-off period is still running' });
    }
    if (guard === 'deposit-settled' && waits.part.kind === 'deposit')
      waitingFor.push({ zh: '定金还没有结清', en: 'The deposit is not settled yet' });
    if (guard === 'session-time' && waits.needsTime)
      waitingFor.push({ zh: '这一次还没有约时间', en: 'This session has no time yet' });
    if (guard === 'appointment-near' && waits.now < waits.startsAt - CHECK_IN_HOURS * HOUR) {
      from = waits.startsAt - CHECK_IN_HOURS * HOUR;
      waitingFor.push({ zh: '还没有到预约时间', en: 'The appointment is not due yet' });
    }
    if (guard === 'consent-anchored' && !waits.consentAnchored)
      waitingFor.push({ zh: '同意书的存证正在写入', en: 'The consent is being sealed' });
  }
  return {
    type: transition.type,
    by: transition.trigger.by === 'clock' ? [] : sidesOf(transition),
    waitingFor,
    ready: waitingFor.length === 0,
    from: from === null ? null : toIso(from),
  };
}

function sidesOf(transition: Transition): (Side | 'platform')[] {
  if ('sides' in transition.trigger) return [...transition.trigger.sides];
  const byEvent: Partial<Record<Transition['type'], (Side | 'platform')[]>> = {
    hold: ['patient'],
    claim: ['clinic'],
    'claim-deposit': ['clinic'],
    'next-part': ['patient'],
    'end-early': ['patient', 'clinic'],
    release: ['patient'],
    'cancel-held': ['patient', 'clinic'],
    dispute: ['patient', 'clinic'],
  };
  return byEvent[transition.type] ?? ['platform'];
}

/** Everything that the receipt needs beside the visit secret. Throws EVIDENCE_NOT_READY. */
export async function readEvidence(
  ctx: CareContext,
  id: string,
  reader: Reader,
): Promise<Record<string, unknown>> {
  const visit = await loadReadable(ctx, id, reader);
  const rows = await ctx.db
    .selectFrom('care.evidence')
    .select(['kind', 'body'])
    .where('visit_id', '=', id)
    .execute();
  const steps = await ctx.db
    .selectFrom('care.visit_step')
    .select(['type', 'step', 'signatures'])
    .where('visit_id', '=', id)
    .where('type', 'in', ['offer', 'agree'])
    .execute();
  if (!rows.some((row) => row.kind === SETTLED)) throw new AppError('EVIDENCE_NOT_READY');
  return {
    ...Object.fromEntries(rows.map((row) => [row.kind, row.body])),
    // of the session that the receipt is about
    [beforeUnsealing()]: rows.find(({ kind }) => kind === beforeUnsealing(visit.treatment?.session))?.body,
    steps: Object.fromEntries(steps.map(({ type, step, signatures }) => [type, { step, signatures }])),
    offer: visit.offer,
    consent: visit.consent,
    treatment: visit.treatment,
    terms: visit.terms,
  };
}
