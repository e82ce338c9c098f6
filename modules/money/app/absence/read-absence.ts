/** Whether the other side may be reported absent, and what a report that was made leads to. */
import { AppError, type Hex, toIso } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { AbsenceView } from '../../absence-api.ts';
import {
  type AbsenceFacts,
  refusedReport,
  reportableFrom,
  type Side,
  whatFollows,
  whyNotReport,
} from '../../core/absence.ts';
import type { AbsenceAgreement } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';
import { priceScale } from '../token/price-scale.ts';
import { pledgeOfAgreement } from './read-pledges.ts';

export interface Reader {
  readonly token: string | null;
  readonly organisationId: string | null;
}

type View = z.infer<typeof AbsenceView>;

interface Standing {
  readonly you: Side;
  readonly agreement: AbsenceAgreement;
  readonly account: { readonly milestone: number; readonly held: bigint };
  readonly facts: AbsenceFacts;
  readonly whyNot: ReturnType<typeof whyNotReport>;
}

/** Throws ABSENCE_UNKNOWN, also for whoever has no part in the agreement. */
const standing = async (ctx: MoneyContext, id: Hex, reader: Reader): Promise<Standing> =>
  standingOf(ctx, id, await ctx.disputes.side(id, reader));

/** As a side sees it. Throws ABSENCE_UNKNOWN. */
async function standingOf(ctx: MoneyContext, id: Hex, you: Side | null): Promise<Standing> {
  const agreement = you && (await ctx.absences.agreement(id));
  const account = await ctx.db
    .selectFrom('money.account')
    .selectAll()
    .where('agreement_id', '=', id)
    .executeTakeFirst();
  if (!you || !agreement || !account) throw new AppError('ABSENCE_UNKNOWN');
  const present = agreement.terms.milestones[account.milestone];
  const facts: AbsenceFacts = {
    ...agreement,
    known: await ctx.absences.known(),
    state: account.state,
    attended: present?.performed ?? false,
    coolingEndsAt: account.opened_at.getTime() + agreement.coolingOff * 1000,
    dueBy: (present?.dueBy ?? 0) * 1000,
  };
  return {
    you,
    agreement,
    account: { milestone: account.milestone, held: BigInt(account.held) },
    facts,
    whyNot: whyNotReport(facts, you, ctx.clock.now()),
  };
}

/** Throws ABSENCE_UNKNOWN. */
export async function readAbsence(ctx: MoneyContext, id: Hex, reader: Reader): Promise<View> {
  const { you, agreement, account, facts, whyNot } = await standing(ctx, id, reader);
  const row = await ctx.db
    .selectFrom('money.absence')
    .selectAll()
    .where('agreement_id', '=', id)
    .orderBy('milestone', 'desc')
    .executeTakeFirst();
  const scale = await priceScale(ctx, id);
  const follows = (absent: Side, at: number) => {
    const { toClinic, fee, toPatient } = whatFollows(agreement.terms, { ...account, absent, at });
    const minor = (amount: bigint) => (amount / scale).toString();
    return { toClinic: minor(toClinic), fee: minor(fee), toPatient: minor(toPatient) };
  };
  const now = ctx.clock.now();
  const possible = whyNot === null || whyNot === 'ABSENCE_TOO_EARLY';
  const from = reportableFrom(facts);
  const asSoon = Math.floor(Math.max(now, from) / 1000);
  const absent = row && (row.reported_by === agreement.patient ? 'clinic' : 'patient');
  return {
    agreementId: id,
    you,
    mayReport: whyNot === null,
    whyNot,
    from: possible ? toIso(from) : null,
    ifReported: whyNot === null ? follows(you === 'patient' ? 'clinic' : 'patient', asSoon) : null,
    ifAbsent: possible ? { patient: follows('patient', asSoon), clinic: follows('clinic', asSoon) } : null,
    pledge: await pledgeOfAgreement(ctx, id),
    report:
      row && absent
        ? {
            absent,
            at: row.reported_at.toISOString(),
            until: row.until.toISOString(),
            outcome: row.outcome,
            mayObject: row.outcome === null && absent === you && now <= row.until.getTime(),
            follows:
              row.outcome === null ? follows(absent, Math.floor(row.reported_at.getTime() / 1000)) : null,
          }
        : null,
  };
}

/**
 * Before a device signs a report: says which act it is.
 * Throws ABSENCE_UNKNOWN, ABSENCE_NOT_KNOWN, ABSENCE_NOT_OPEN or ABSENCE_TOO_EARLY.
 */
export async function prepareReport(
  ctx: MoneyContext,
  id: Hex,
  reader: Reader,
): Promise<{ act: 'clinicAbsent' | 'patientAbsent' }> {
  const { you, facts, whyNot } = await standing(ctx, id, reader);
  if (whyNot) throw refusedReport(whyNot, facts);
  return { act: you === 'patient' ? 'clinicAbsent' : 'patientAbsent' };
}

/**
 * A call that is about to be sent and paid for by the house: no contract knows the appointment, so a report is held back
 * here until it may be made. Other calls pass.
 * Throws ABSENCE_UNKNOWN, ABSENCE_NOT_KNOWN, ABSENCE_NOT_OPEN, ABSENCE_TOO_EARLY or RELAY_REFUSED.
 */
export async function assertReport(
  ctx: MoneyContext,
  call: { readonly to: Hex; readonly data: Hex },
): Promise<void> {
  const said = ctx.absences.reportIn(call);
  if (!said) return;
  const { facts, whyNot } = await standingOf(ctx, said.agreement, said.by);
  if (whyNot) throw refusedReport(whyNot, facts);
}
