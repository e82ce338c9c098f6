import type { Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../context.ts';

export interface DueCover {
  readonly id: Hex;
  readonly act: 'settle' | 'lapse' | 'pay' | 'pay-pool';
  readonly terms: unknown;
  readonly cover: unknown;
}

/** A page. */
const MOST = 100;

/**
 * Covers on which anybody may act now: ruled or unanswered claims, old promises, and money that is not paid out; oldest
 * first.
 * @param skip so many of the oldest are left out
 */
export async function dueCovers(ctx: MoneyContext, skip = 0): Promise<DueCover[]> {
  const now = new Date(ctx.clock.now());
  const rows = await ctx.db
    .selectFrom('money.cover as c')
    .innerJoin('money.cover_offer as o', 'o.id', 'c.id')
    .select(['c.id', 'c.state', 'c.from_bond', 'c.paid_out', 'o.terms', 'o.cover'])
    .where((eb) =>
      eb.or([
        eb.and([
          eb('c.state', '=', 'claimed'),
          eb.or([eb('c.ruling', 'is not', null), eb('c.deadline', '<', now)]),
        ]),
        eb.and([eb('c.state', '=', 'open'), eb('c.until', '<', now)]),
        eb.and([eb('c.state', '=', 'settled'), eb('c.from_bond', '>', '0'), eb('c.paid_out', '=', false)]),
        eb('c.pool_paid_out', '=', false),
      ]),
    )
    .orderBy('c.opened_block')
    .orderBy('c.id')
    .offset(skip)
    .limit(MOST)
    .execute();
  return rows.map(({ id, state, from_bond, paid_out, terms, cover }) => ({
    id,
    act:
      state === 'claimed'
        ? 'settle'
        : state === 'open'
          ? 'lapse'
          : BigInt(from_bond ?? 0) > 0n && !paid_out
            ? 'pay'
            : 'pay-pool',
    terms,
    cover,
  }));
}
