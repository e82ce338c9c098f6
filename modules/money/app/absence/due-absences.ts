import type { Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../context.ts';

/** A page. */
const MOST = 100;

/**
 * Reports that nobody objected to in time, oldest first: anybody may settle them. The second of the deadline still
 * belongs to whoever may object. Where a pledge stands for the
 * clinic, its own end settles the report.
 * @param skip so many of the oldest are left out
 */
export async function dueAbsences(
  ctx: MoneyContext,
  skip = 0,
): Promise<{ readonly agreement: Hex; readonly milestone: number }[]> {
  const rows = await ctx.db
    .selectFrom('money.absence')
    .select(['agreement_id', 'milestone'])
    .where('outcome', 'is', null)
    .where('until', '<', new Date(ctx.clock.now() - 1000))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('money.pledge as p')
            .innerJoin('money.account as a', 'a.agreement_id', 'p.agreement_id')
            .select('p.agreement_id')
            .whereRef('p.agreement_id', '=', 'money.absence.agreement_id')
            .where('p.state', 'in', ['standing', 'reported'])
            .where('a.state', '=', 'clinic-absent'),
        ),
      ),
    )
    .orderBy('until')
    .orderBy('agreement_id')
    .offset(skip)
    .limit(MOST)
    .execute();
  return rows.map(({ agreement_id, milestone }) => ({ agreement: agreement_id, milestone }));
}
