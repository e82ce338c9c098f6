/** A lender's desk: applications, loans, and what its capital is worth. */
import { toIso } from '@zhenmei/kernel';
import { openInstalments } from '../../core/instalment-loan.ts';
import { costOf, planFromJson } from '../../core/instalment-plan.ts';
import type { MoneyContext } from '../context.ts';
import { loanFromJson, loansOf } from './loan-rows.ts';
import { boundsOfLoans } from './offer-loan.ts';
import { notALender } from './order-payment.ts';

/** Throws LOAN_REFUSED where the organisation is no lender. */
export async function readLenderDesk(ctx: MoneyContext, lenderId: string) {
  const loans = loansOf(ctx);
  const lender = await loans.lender(lenderId);
  if (!lender?.licensed) throw notALender();
  const applications = await ctx.db
    .selectFrom('money.loan_application')
    .selectAll()
    .where('state', '=', 'asked')
    .orderBy('updated_at')
    .limit(200)
    .execute();
  const mine = await ctx.db
    .selectFrom('money.loan_application as a')
    .leftJoin('money.loan as l', 'l.plan_id', 'a.plan_id')
    .select(['a.agreement_id', 'a.state as asked', 'a.plan', 'l.state', 'l.body', 'l.paid_out_at'])
    .where('a.lender_id', '=', lenderId)
    .orderBy('a.updated_at', 'desc')
    .limit(200)
    .execute();
  const pool = await loans.pool(lender.account);
  return {
    currency: 'CNY',
    account: lender.account,
    ...boundsOfLoans(ctx),
    pool: {
      cash: pool.cash.toString(),
      outstanding: pool.outstanding.toString(),
      impaired: pool.impaired.toString(),
      ours: pool.ours.toString(),
    },
    applications: applications.map((row) => ({
      agreement: row.agreement_id,
      borrower: row.borrower,
      payout: row.payout,
      months: row.months,
      principal: row.principal,
      askedAt: row.updated_at.toISOString(),
    })),
    loans: mine.flatMap((row) => {
      if (!row.plan) return [];
      const plan = planFromJson(row.plan);
      const loan = row.body ? loanFromJson(row.body) : null;
      const cost = costOf(plan);
      const next =
        loan?.state === 'live' ? openInstalments(plan, loan).find(({ open }) => open > 0n) : undefined;
      return [
        {
          agreement: row.agreement_id,
          state: (row.paid_out_at
            ? row.state
            : row.state === 'closed'
              ? 'declined'
              : (row.state ?? 'offered')) as
            | 'offered'
            | 'accepted'
            | 'live'
            | 'closed'
            | 'written-off'
            | 'declined',
          impaired: loan?.impaired ?? false,
          principal: plan.principal.toString(),
          received: (loan?.received ?? 0n).toString(),
          carrying: (loan?.carrying ?? 0n).toString(),
          cost: cost === null ? null : Number(cost),
          nextAt: next ? toIso(Number(next.dueBy) * 1_000) : null,
        },
      ];
    }),
  };
}
