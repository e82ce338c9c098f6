/** The funded pool as who pays into it sees it: whether it is solvent, how it is spread, and who wants to leave. */
import type { Hex } from '@zhenmei/kernel';
import type { PoolDesk } from '../../backing-api.ts';
import { type CoverJson, partsOf } from '../../core/guarantee-cover.ts';
import { concentrationOf, EXIT_WINDOW_DAYS, solvencyOf } from '../../core/guarantee-pool.ts';
import { newestOrder, orderOnto } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { assertProfile, readProfiles } from './profiles.ts';
import { deskCovers } from './read-desk.ts';
import { coverRows } from './views.ts';

const DAY = 86_400_000;
const NOBODY: Hex = `0x${'0'.repeat(40)}`;

export async function readPoolDesk(ctx: MoneyContext, lender: Hex): Promise<PoolDesk> {
  const [pool, mine] = await Promise.all([ctx.backing.pool(), ctx.backing.shareOf(lender)]);
  const rows = (await coverRows(ctx.db, { profile: 'pool' })).filter(({ cover }) => cover !== null);
  const covers = await deskCovers(ctx, rows);
  const spread = concentrationOf(
    rows
      .filter(({ cover }) => cover!.state === 'open' || cover!.state === 'claimed')
      .map(({ offer, cover }) => ({
        clinic: offer.clinic,
        amount: partsOf(offer.cover as CoverJson, BigInt(cover!.price)).backed,
      })),
    pool.capital,
  );
  const exits = await ctx.db
    .selectFrom('money.pool_exit')
    .selectAll()
    .where('shares', '>', '0')
    .where('ready_at', '>=', new Date(ctx.clock.now() - EXIT_WINDOW_DAYS * DAY))
    .orderBy('ready_at')
    .execute();
  return {
    profile: (await readProfiles(ctx)).find(({ profile }) => profile === 'pool')!,
    ...solvencyOf(pool),
    clinics: await Promise.all(
      spread.map(async ({ clinic, amount, bps }) => ({
        name: await ctx.guarantee.nameOf(clinic),
        amount: amount.toString(),
        bps,
      })),
    ),
    covers,
    // crumbs that rounding left are no place in the queue
    exits: exits
      .filter(({ shares }) => pool.worth(BigInt(shares)) > 0n)
      .map(({ owner, shares, ready_at }) => ({
        mine: owner === lender,
        amount: pool.worth(BigInt(shares)).toString(),
        from: ready_at.toISOString(),
        until: new Date(ready_at.getTime() + EXIT_WINDOW_DAYS * DAY).toISOString(),
      })),
    mine: {
      worth: mine.worth.toString(),
      shares: mine.shares.toString(),
      ready: mine.ready.toString(),
      readyWorth: pool.worth(mine.ready).toString(),
    },
    order: await pendingCapital(ctx, lender),
  };
}

async function pendingCapital(ctx: MoneyContext, lender: Hex) {
  const order = await newestOrder(ctx, 'pool', { account: lender });
  const over = order?.state === 'expected' && Date.parse(order.payBy ?? '') < ctx.clock.now();
  return order?.state === 'held' || over ? null : order;
}

/** How to pay capital in. Throws GUARANTEE_PROFILE_OFF. */
export async function orderPoolCapital(ctx: MoneyContext, lender: Hex, amount: bigint) {
  await assertProfile(ctx, 'pool', NOBODY);
  return orderOnto(ctx, { purpose: 'pool', account: lender, agreement: null, amount, currency: 'CNY' });
}
