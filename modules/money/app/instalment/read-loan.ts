/** What a borrower sees of her instalments. */
import { AppError, type Hex, toIso } from '@zhenmei/kernel';
import type { z } from 'zod';
import { openInstalments, payoff, standing } from '../../core/instalment-loan.ts';
import { costOf, planFromJson } from '../../core/instalment-plan.ts';
import type { LoanView } from '../../instalment-api.ts';
import { newestOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import {
  type ApplicationRow,
  applicationOf,
  type LoanRow,
  loanFromJson,
  loanRow,
  loansOf,
} from './loan-rows.ts';

type View = z.infer<typeof LoanView>;

/** Throws LOAN_UNKNOWN where the agreement is not to be paid by instalments, LOANS_OFF. */
export async function readLoan(ctx: MoneyContext, agreementId: Hex): Promise<View> {
  const loans = loansOf(ctx);
  const agreement = await ctx.agreement(agreementId);
  if (agreement?.payout !== loans.book) throw new AppError('LOAN_UNKNOWN');
  const row = await applicationOf(ctx.db, agreementId);
  const loan = await loanRow(ctx.db, row?.plan_id ?? null);
  const lender = row?.lender_id ? await loans.lender(row.lender_id) : null;
  return {
    state: stateOf(ctx, row, loan),
    months: row?.months ?? null,
    principal: row?.principal ?? agreement.total.toString(),
    currency: agreement.currency,
    lender: lender ? { ...lender.name } : null,
    plan: (row?.plan ?? null) as View['plan'],
    offer: row?.offer ?? null,
    ...numbersOf(ctx, row, loan),
    paid: loan?.taken ?? '0',
    toLoan: loan?.to_loan ?? '0',
    toPatient: loan?.to_patient ?? '0',
    order: await newestOrder(ctx, 'instalment', { agreement: agreementId }),
  };
}

function stateOf(ctx: MoneyContext, row?: ApplicationRow, loan?: LoanRow): View['state'] {
  if (!row) return 'open';
  if (loan && loan.paid_out_at !== null) return loan.state as View['state'];
  const lapsed = row.plan !== null && ctx.clock.now() > (Number(row.plan.start) + 2 * 86_400) * 1_000;
  if (row.state === 'declined' || lapsed || loan?.state === 'closed') return 'declined';
  if (loan) return 'accepted';
  return row.state === 'agreed' ? 'offered' : row.state;
}

function numbersOf(
  ctx: MoneyContext,
  row?: ApplicationRow,
  kept?: LoanRow,
): Pick<View, 'cost' | 'instalments' | 'payoff' | 'fees' | 'due'> {
  if (!row?.plan) return { cost: null, instalments: [], payoff: '0', fees: '0', due: '0' };
  const plan = planFromJson(row.plan);
  const time = BigInt(Math.floor(ctx.clock.now() / 1_000));
  const cost = costOf(plan);
  const loan = kept?.paid_out_at ? loanFromJson(kept.body) : null;
  const open = loan?.state === 'live' || loan?.state === 'written-off';
  const rows = loan ? openInstalments(plan, loan) : null;
  return {
    cost: cost === null ? null : Number(cost),
    instalments: (rows ?? plan.instalments.map((one) => ({ ...one, open: one.amount }))).map((one) => ({
      dueAt: toIso(Number(one.dueBy) * 1_000),
      amount: one.amount.toString(),
      open: loan && !open ? '0' : one.open.toString(),
      late: open && one.open > 0n && time > one.dueBy,
    })),
    payoff: (loan ? payoff(plan, loan, time) : 0n).toString(),
    fees: (loan && open ? standing(plan, loan, time).fees : 0n).toString(),
    due: (loan?.due ?? 0n).toString(),
  };
}
