import type { Hex } from '@zhenmei/kernel';
import type { InsurerDesk } from '../../backing-api.ts';
import type { CoverJson } from '../../core/guarantee-cover.ts';
import { pendingOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { insurerLicensed, readProfiles } from './profiles.ts';
import { deskCovers } from './read-desk.ts';
import { coverRows } from './views.ts';

/** Promises of a page. */
const PAGE = 100;

/**
 * An insurer's bond, all requests that wait for it, and what it stands behind with its verdicts, the newest first.
 * @param page of what it stands behind
 */
export async function readInsurerDesk(
  ctx: MoneyContext,
  insurer: Hex,
  { limit = PAGE, offset = 0 }: { limit?: number | undefined; offset?: number | undefined } = {},
): Promise<InsurerDesk> {
  const now = ctx.clock.now();
  const rows = await coverRows(ctx.db, { profile: 'insurer', backer: insurer });
  const waiting = rows.filter(
    ({ offer, cover, answer }) => !cover && !answer && (offer.cover as CoverJson).openBy * 1000 >= now,
  );
  const behind = rows.filter(({ cover, answer }) => cover || answer?.signature);
  const bond = await ctx.db
    .selectFrom('money.bond')
    .selectAll()
    .where('provider', '=', insurer)
    .executeTakeFirst();
  return {
    licensed: await insurerLicensed(ctx, insurer),
    profile: (await readProfiles(ctx)).find(({ profile }) => profile === 'insurer')!,
    bond: { total: bond?.total ?? '0', locked: bond?.locked ?? '0' },
    units: (await ctx.checks.units(insurer)).toString(),
    requests: await deskCovers(ctx, waiting),
    covers: await deskCovers(ctx, behind.slice(offset, offset + limit)),
    total: behind.length,
    order: await pendingOrder(ctx, 'bond', insurer),
  };
}
