import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { pledgeDue } from '../../core/pledge.ts';
import type { MoneyContext } from '../context.ts';

interface DuePledge {
  readonly agreement: Hex;
  readonly act: 'witness' | 'settle' | 'pay';
  /** Tells an act from the same act about another part of the agreement. */
  readonly milestone: number;
  readonly payout: Hex | null;
  /** A report is noted. */
  readonly reported: boolean;
}

/** A page. */
const MOST = 100;

/**
 * Pledges about which anybody may do something now, oldest first, and null for each that waits.
 * @param skip so many of the oldest are left out
 */
export async function duePledges(ctx: MoneyContext, skip = 0): Promise<(DuePledge | null)[]> {
  const rows = await ctx.db
    .selectFrom('money.pledge as p')
    .innerJoin('money.account as a', 'a.agreement_id', 'p.agreement_id')
    .leftJoin('money.absence as r', (join) =>
      join.onRef('r.agreement_id', '=', 'p.agreement_id').on('r.outcome', 'is', null),
    )
    .select(['p.agreement_id', 'p.state', 'p.paid_out', 'p.payout', 'a.state as agreement', 'a.milestone'])
    .select('r.until')
    // of all that stand, those about whose agreement something was said
    .where((eb) =>
      eb.or([
        eb('p.state', 'in', ['standing', 'reported']).and('a.state', 'in', ['clinic-absent', 'closed']),
        eb('p.state', '=', 'reported').and('a.state', '!=', 'clinic-absent'),
        eb('p.state', '=', 'paid').and('p.paid_out', '=', false),
      ]),
    )
    .orderBy('p.pledged_block')
    .orderBy('p.agreement_id')
    .offset(skip)
    .limit(MOST)
    .execute();
  const now = ctx.clock.now();
  return rows.map(({ agreement_id, state, agreement, until, paid_out, milestone, payout }) => {
    const facts = {
      state,
      agreement: agreement as never,
      until: until?.getTime() ?? null,
      paidOut: paid_out,
    };
    const act = pledgeDue(facts, now);
    return act && { agreement: agreement_id, act, milestone, payout, reported: state === 'reported' };
  });
}

/** What the clinic put aside in case it does not come; null if nothing. */
export const pledgeOfAgreement = async (ctx: MoneyContext, agreement: Hex) =>
  (await ctx.db
    .selectFrom('money.pledge')
    .select(['sum', 'state'])
    .where('agreement_id', '=', agreement)
    .executeTakeFirst()) ?? null;

/** Clinics that took back what no pledge needs, and for whom the custodian was not asked yet; a page. */
export async function pledgeMoneyBack(
  ctx: MoneyContext,
  skip = 0,
): Promise<{ readonly clinic: Hex; readonly block: bigint }[]> {
  const rows = await ctx.db
    .selectFrom('money.pledge_bond')
    .select(['provider', 'back_block'])
    .where('back_block', 'is not', null)
    .orderBy('back_block')
    .orderBy('provider')
    .offset(skip)
    .limit(MOST)
    .execute();
  return rows.map(({ provider, back_block }) => ({ clinic: provider, block: back_block! }));
}

/** So many of a clinic's pledges are shown: those that stand, and the newest that ended. */
const LISTED = 50;

/** What a clinic has in the part of its bond that stands for its coming. */
export async function pledgesOfClinic(ctx: MoneyContext, clinic: Hex) {
  const bond = await ctx.db
    .selectFrom('money.pledge_bond')
    .select(['total', 'locked'])
    .where('provider', '=', clinic)
    .executeTakeFirst();
  const { standing } = await ctx.db
    .selectFrom('money.pledge')
    .select(({ fn }) => fn.countAll<string>().as('standing'))
    .where('clinic', '=', clinic)
    .where('state', 'in', ['standing', 'reported'])
    .executeTakeFirstOrThrow();
  const list = await ctx.db
    .selectFrom('money.pledge')
    .select(['agreement_id as agreement', 'sum', 'state'])
    .where('clinic', '=', clinic)
    .orderBy(sql`state in ('standing', 'reported')`, 'desc')
    .orderBy('pledged_block', 'desc')
    .orderBy('agreement_id')
    .limit(LISTED)
    .execute();
  return { bond: bond ?? { total: '0', locked: '0' }, standing: Number(standing), list };
}
