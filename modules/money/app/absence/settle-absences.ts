/** What anybody may do once nobody objected in time, done in time. */
import type { MoneyContext } from '../context.ts';

/** Oldest first; more than these wait for the next look. */
const MOST = 100;

/** @returns how many were settled */
export async function settleAbsences(ctx: MoneyContext): Promise<number> {
  const rows = await ctx.db
    .selectFrom('money.absence')
    .select(['agreement_id', 'milestone'])
    .where('outcome', 'is', null)
    .where('until', '<', new Date(ctx.clock.now() - 1000))
    .orderBy('until')
    .limit(MOST)
    .execute();
  for (const { agreement_id, milestone } of rows) await ctx.absences.settle(agreement_id, milestone);
  return rows.length;
}
