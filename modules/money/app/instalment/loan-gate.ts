/** Whether the region's rules let this person borrow for this agreement: asked at the one place for such rules. */
import { AppError, type Hex, type Lang } from '@zhenmei/kernel';
import { decide, type Facts } from '@zhenmei/policy';
import type { MoneyContext } from '../context.ts';
import { loansOf } from './loan-rows.ts';

/** Throws LOAN_REFUSED with pack, rule, reason and what to do; what is unknown is asked for, so it refuses too. */
export function assertMayBorrow(
  ctx: MoneyContext,
  action: 'loan.ask' | 'loan.offer',
  facts: Facts,
  lang: Lang,
): void {
  const decision = decide(loansOf(ctx).packs, action, facts, ctx.clock.now());
  if (decision.outcome === 'allow') return;
  const [first] = decision.reasons;
  const text = lang === 'en' ? 'en' : 'zh';
  throw new AppError('LOAN_REFUSED', {
    pack: first?.pack ?? '',
    rule: first?.rule ?? '',
    reason: first?.reason[text] ?? '',
    next: first?.next[text] ?? '',
  });
}

/** Loans of this person that are neither closed nor declined, those of this agreement aside. */
export async function openLoansOf(ctx: MoneyContext, person: Hex, agreement: Hex): Promise<number> {
  const rows = await ctx.db
    .selectFrom('money.loan_application as a')
    .leftJoin('money.loan as l', 'l.plan_id', 'a.plan_id')
    .select(['a.plan', 'l.state', 'l.paid_out_at'])
    .where('a.person', '=', person)
    .where('a.agreement_id', '!=', agreement)
    .where('a.state', '!=', 'declined')
    .execute();
  const now = ctx.clock.now() / 1_000;
  return rows.filter(({ plan, state, paid_out_at }) => {
    if (state === 'closed') return false;
    // an offer that was never taken up lapses with its start
    return paid_out_at !== null || plan === null || now <= Number(plan.start) + 2 * 86_400;
  }).length;
}
