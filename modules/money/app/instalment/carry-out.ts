/** What anybody may do about loans and the house does: pay out, settle refunds, value what is late, write off. */
import type { Hex } from '@zhenmei/kernel';
import { standing } from '../../core/instalment-loan.ts';
import { planFromJson } from '../../core/instalment-plan.ts';
import type { LoanAct } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';
import { loanFromJson } from './loan-rows.ts';

/** Looks at every open loan once. What the chain refuses is reported after the others had their turn. */
export async function carryOutLoans(ctx: MoneyContext): Promise<void> {
  if (!ctx.loans) return;
  const { loans } = ctx;
  const rows = await ctx.db
    .selectFrom('money.loan as l')
    .innerJoin('money.loan_application as a', 'a.plan_id', 'l.plan_id')
    .leftJoin('money.account as e', 'e.agreement_id', 'l.agreement_id')
    .select(['l.plan_id', 'l.state', 'l.body', 'l.paid_out_at', 'a.plan', 'a.signature', 'e.refunded'])
    .where((eb) =>
      eb.or([
        eb('l.state', 'in', ['accepted', 'live', 'written-off']),
        eb.and([eb('l.state', '=', 'closed'), eb('l.paid_out_at', 'is not', null)]),
      ]),
    )
    .execute();
  const failed: unknown[] = [];
  const now = ctx.clock.now() / 1_000;
  for (const { plan_id, state, body, paid_out_at, plan: json, signature, refunded } of rows) {
    if (!json) continue;
    const loan = loanFromJson(body);
    const act = (name: LoanAct, mark: bigint | number) =>
      loans.act(keyOf(plan_id, name, mark), { name, plan: json }).catch((error) => failed.push(error));
    if (state === 'accepted') {
      const start = Number(json.start);
      if (signature && paid_out_at === null && now >= start && now <= start + 2 * 86_400)
        await loans
          .act(keyOf(plan_id, 'payOut', 0), { name: 'payOut', plan: json, signature })
          .catch((error) => failed.push(error));
      continue;
    }
    if (BigInt(refunded ?? 0) > loan.refunded) await act('settle', BigInt(refunded ?? 0));
    if (loan.due > 0n) await act('collect', loan.due);
    if (state !== 'live') continue;
    const s = standing(planFromJson(json), loan, BigInt(Math.floor(now)));
    if (s.lost) await act('writeOff', 0);
    else if (s.late && !loan.impaired) await act('impair', s.judged);
  }
  if (failed.length > 0) throw failed[0];
}

const keyOf = (plan: Hex, act: string, mark: bigint | number): string => `loan/${plan}/${act}/${mark}`;
