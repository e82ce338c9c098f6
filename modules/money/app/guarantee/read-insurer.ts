import type { Hex } from '@zhenmei/kernel';
import type { InsurerDesk } from '../../backing-api.ts';
import { pendingOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { insurerLicensed, readProfiles } from './profiles.ts';
import { deskCovers } from './read-desk.ts';
import { coverRows } from './views.ts';

/** An insurer's bond, requests that wait for it, and every promise that it stands behind, with its verdicts. */
export async function readInsurerDesk(ctx: MoneyContext, insurer: Hex): Promise<InsurerDesk> {
  const rows = await coverRows(ctx.db, { profile: 'insurer', backer: insurer });
  const bond = await ctx.db
    .selectFrom('money.bond')
    .selectAll()
    .where('provider', '=', insurer)
    .executeTakeFirst();
  const covers = await deskCovers(ctx, rows);
  const now = ctx.clock.now();
  return {
    licensed: await insurerLicensed(ctx, insurer),
    profile: (await readProfiles(ctx)).find(({ profile }) => profile === 'insurer')!,
    bond: { total: bond?.total ?? '0', locked: bond?.locked ?? '0' },
    units: (await ctx.checks.units(insurer)).toString(),
    requests: covers.filter(
      ({ state, backing, cover }) =>
        state === 'offered' && backing.answer === 'asked' && cover.openBy * 1000 >= now,
    ),
    covers: covers.filter(({ state, backing }) => state !== 'offered' || backing.answer === 'signed'),
    order: await pendingOrder(ctx, 'bond', insurer),
  };
}
