/** Whether the other side may be reported absent, and what a report that was made leads to. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { AbsenceView } from '../../absence-api.ts';
import { type AbsenceFacts, type Side, whatFollows, whyNotReport } from '../../core/absence.ts';
import type { AbsenceAgreement } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';

export interface Reader {
  readonly token: string | null;
  readonly organisationId: string | null;
}

type View = z.infer<typeof AbsenceView>;

interface Standing {
  readonly you: Side;
  readonly agreement: AbsenceAgreement;
  readonly account: { readonly milestone: number; readonly held: bigint };
  readonly whyNot: ReturnType<typeof whyNotReport>;
}

/** Throws ABSENCE_UNKNOWN, also for whoever has no part in the agreement. */
async function standing(ctx: MoneyContext, id: Hex, reader: Reader): Promise<Standing> {
  const you = await ctx.disputes.side(id, reader);
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
    whyNot: whyNotReport(facts, you, ctx.clock.now()),
  };
}

/** Throws ABSENCE_UNKNOWN. */
export async function readAbsence(ctx: MoneyContext, id: Hex, reader: Reader): Promise<View> {
  const { you, agreement, account, whyNot } = await standing(ctx, id, reader);
  const row = await ctx.db
    .selectFrom('money.absence')
    .selectAll()
    .where('agreement_id', '=', id)
    .orderBy('milestone', 'desc')
    .executeTakeFirst();
  const follows = (absent: Side, at: number) => {
    const { toClinic, fee, toPatient } = whatFollows(agreement.terms, { ...account, absent, at });
    return { toClinic: toClinic.toString(), fee: fee.toString(), toPatient: toPatient.toString() };
  };
  const now = ctx.clock.now();
  const absent = row && (row.reported_by === agreement.patient ? 'clinic' : 'patient');
  return {
    agreementId: id,
    you,
    mayReport: whyNot === null,
    whyNot,
    ifReported:
      whyNot === null ? follows(you === 'patient' ? 'clinic' : 'patient', Math.floor(now / 1000)) : null,
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
  const { you, whyNot } = await standing(ctx, id, reader);
  if (whyNot) throw new AppError(whyNot);
  return { act: you === 'patient' ? 'clinicAbsent' : 'patientAbsent' };
}
