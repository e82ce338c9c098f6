/** What one person earned in one study, and where that money is. */
import { toIso } from '@zhenmei/kernel';
import { pays, priceOf } from '../../core/pool/pay.ts';
import { openRelease, type StudyPlan } from '../../core/pool/study.ts';
import type { VaultContext } from '../context.ts';
import { paymentKey } from './pay-earned.ts';

const NOTHING = { pending: 0, earned: '0', waiting: '0', onWay: '0', paid: '0', paidAt: null, named: false };

/** `open`: she has answered for the release that is open. */
export async function earningsOf(ctx: VaultContext, plan: StudyPlan, handle: string) {
  if (!pays(plan)) return { open: false, view: NOTHING };
  const of = { study: plan.id, handle };
  const [answers, earned, payee] = await Promise.all([
    ctx.db
      .selectFrom('vault.pool_answer')
      .select(['release', 'earns'])
      .where('study', '=', of.study)
      .where('handle', '=', of.handle)
      .execute(),
    ctx.db
      .selectFrom('vault.pool_earned')
      .select(['release', 'asked'])
      .where('study', '=', of.study)
      .where('handle', '=', of.handle)
      .execute(),
    ctx.db
      .selectFrom('vault.pool_payee')
      .select('payout')
      .where('study', '=', of.study)
      .where('handle', '=', of.handle)
      .executeTakeFirst(),
  ]);
  const asked = earned.filter((one) => one.asked);
  const keys = asked.map(({ release }) => paymentKey(ctx, plan.id, release, handle));
  const states = await ctx.funds.states(keys);
  const booked = keys.flatMap((key) => {
    const state = states.get(key);
    return state?.booked ? [state.at] : [];
  });
  const times = (n: number) => (priceOf(plan) * BigInt(n)).toString();
  return {
    open: answers.some(({ release }) => release === openRelease(plan, ctx.clock.now())),
    view: {
      pending: answers.filter((one) => one.earns).length,
      earned: times(earned.length),
      // nobody said where to, or it was said since the last time that payments were asked for
      waiting: times(earned.length - asked.length),
      onWay: times(asked.length - booked.length),
      paid: times(booked.length),
      paidAt: booked.length > 0 ? toIso(Math.max(...booked)) : null,
      named: payee !== undefined,
    },
  };
}

type Sums = Record<'earned' | 'waiting' | 'onWay' | 'paid', string>;

/** Of all studies; every study pays in the one currency that plans know. */
export function sumOf(all: readonly Sums[]): Sums {
  const sum = (name: keyof Sums) => all.reduce((total, one) => total + BigInt(one[name]), 0n).toString();
  return { earned: sum('earned'), waiting: sum('waiting'), onWay: sum('onWay'), paid: sum('paid') };
}
