/** A lender offers a plan that its account signed. */
import { AppError, type Hex, type Lang } from '@zhenmei/kernel';
import { largest } from '@zhenmei/policy';
import { costOf, type PlanJson, planFault, planFromJson, withinCap } from '../../core/instalment-plan.ts';
import type { MoneyContext } from '../context.ts';
import { assertMayBorrow, openLoansOf } from './loan-gate.ts';
import { applicationOf, loansOf } from './loan-rows.ts';

/** @param affordable the lender attests it. Throws LOAN_UNKNOWN, LOAN_NOT_NOW, LOAN_WRONG, LOAN_REFUSED. */
export async function offerLoan(
  ctx: MoneyContext,
  lenderId: string,
  json: PlanJson,
  signature: Hex,
  affordable: boolean,
  lang: Lang,
): Promise<{ planId: Hex }> {
  const loans = loansOf(ctx);
  const row = await applicationOf(ctx.db, json.agreement);
  if (!row) throw new AppError('LOAN_UNKNOWN');
  if (row.state !== 'asked') throw new AppError('LOAN_NOT_NOW');
  const lender = await loans.lender(lenderId);
  const plan = planFromJson(json);
  const wrong =
    planFault(plan) ??
    (plan.lender !== lender?.account ? 'lender' : null) ??
    (plan.borrower !== row.borrower ? 'borrower' : null) ??
    (plan.payout !== row.payout ? 'payout' : null) ??
    (plan.principal !== BigInt(row.principal) ? 'principal' : null) ??
    (plan.instalments.length !== row.months ? 'instalments' : null) ??
    (plan.start * 1_000n < BigInt(ctx.clock.now()) + plan.coolingOff * 1_000n ? 'start' : null) ??
    (withinCap(plan) ? null : 'cap');
  if (wrong) throw new AppError('LOAN_WRONG', { field: wrong });
  if (!(await loans.offerSigned(json, signature))) throw new AppError('LOAN_WRONG', { field: 'signature' });
  assertMayBorrow(
    ctx,
    'loan.offer',
    {
      'borrower.age20': row.statements.age20,
      'borrower.student': row.statements.student,
      'borrower.openLoans': await openLoansOf(ctx, row.person, row.agreement_id),
      'borrower.affordable': affordable,
      'lender.licensed': lender?.licensed,
      'loan.yearlyCost': Number(costOf(plan)),
      'loan.coolingOffSeconds': Number(plan.coolingOff),
    },
    lang,
  );
  const planId = loans.planId(json);
  await ctx.db
    .updateTable('money.loan_application')
    .set({
      state: 'offered',
      lender_id: lenderId,
      plan_id: planId,
      plan: JSON.stringify(json),
      offer: signature,
      updated_at: new Date(ctx.clock.now()),
    } as never)
    .where('agreement_id', '=', json.agreement)
    .where('state', '=', 'asked')
    .execute();
  return { planId };
}

/** The law's highest yearly cost and shortest time to step back. Throws LOANS_OFF. */
export function boundsOfLoans(ctx: MoneyContext): { cap: number; coolingOff: number } {
  const { packs } = loansOf(ctx);
  return {
    cap: largest(packs, 'loanYearlyCostCap') ?? 0,
    coolingOff: largest(packs, 'loanCoolingOffSeconds') ?? 0,
  };
}
