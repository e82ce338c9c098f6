import type { Hex } from '@zhenmei/kernel';
import { type CoverJson, partsOf, profileOf } from '../../core/guarantee-cover.ts';
import { type CoverEvent, cellsOf } from '../../core/guarantee-experience.ts';
import { priceTable } from '../../core/guarantee-price.ts';
import type { DeskCover } from '../../guarantee-api.ts';
import { pledgesOfClinic } from '../absence/read-pledges.ts';
import { pendingOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { readProfiles } from './profiles.ts';
import { backerName, type CoverRow, coverRows, coverView } from './views.ts';

/** As whoever acts on them needs them. */
export async function deskCovers(ctx: MoneyContext, rows: readonly CoverRow[]): Promise<DeskCover[]> {
  return Promise.all(
    rows.map(async (row) => ({
      ...coverView(row, ctx.guarantee.panel, await backerName(ctx, row)),
      policy: row.answer?.signature ?? null,
      clinic: await ctx.guarantee.nameOf(row.offer.clinic),
      terms: row.offer.terms,
    })),
  );
}

/** How many, how much, and what the price table would say of it. */
function experienceOf(rows: readonly CoverRow[]) {
  const opened = rows.flatMap(({ cover }) => (cover ? [cover] : []));
  const events: CoverEvent[] = opened.map((c) => ({
    cell: c.cell,
    openedAt: c.opened_at.getTime(),
    sum: BigInt(c.sum),
    paid: BigInt(c.from_bond ?? 0) + BigInt(c.from_backer ?? 0),
    over: c.state === 'settled' || c.state === 'lapsed',
  }));
  const settled = events.filter(({ over }) => over);
  const table = priceTable(cellsOf(settled), { epoch: 0, asOf: 0, before: new Map() });
  const sum = (list: readonly bigint[]) => list.reduce((all, one) => all + one, 0n).toString();
  return {
    covers: opened.length,
    claims: opened.filter(({ asked }) => asked !== null).length,
    covered: sum(events.map((e) => e.sum)),
    paid: sum(events.map((e) => e.paid)),
    ratePpm: settled.length > 0 ? Math.max(...table.lines.map(({ ppm }) => ppm)) : null,
  };
}

/** A clinic's bond, covers and experience. */
export async function readGuaranteeDesk(ctx: MoneyContext, clinic: Hex) {
  const rows = await coverRows(ctx.db, { clinic });
  const bond = await ctx.db
    .selectFrom('money.bond')
    .selectAll()
    .where('provider', '=', clinic)
    .executeTakeFirst();
  return {
    bond: { total: bond?.total ?? '0', locked: bond?.locked ?? '0' },
    units: (await ctx.checks.units(clinic)).toString(),
    arbiter: await ctx.guarantee.arbiter(),
    authority: await ctx.backing.authority(),
    profiles: await readProfiles(ctx),
    covers: await deskCovers(ctx, rows),
    experience: experienceOf(rows),
    order: await pendingOrder(ctx, 'bond', clinic),
    pledges: await pledgesOfClinic(ctx, clinic),
  };
}

/** What bonds stand for. */
const boundBy = (cover: CoverJson, price: bigint): bigint =>
  profileOf(cover) === 'pool' ? partsOf(cover, price).firstLoss : price;

/** Everything that was promised, and whether there is enough for it. */
export async function readGuaranteeBook(ctx: MoneyContext) {
  const rows = await coverRows(ctx.db, {});
  const bonds = await ctx.db.selectFrom('money.bond').selectAll().execute();
  const all = (list: readonly (string | null)[]) => list.reduce((sum, one) => sum + BigInt(one ?? 0), 0n);
  const live = rows.filter(({ cover }) => cover?.state === 'open' || cover?.state === 'claimed');
  // the pool's part has its own capital and its own measure
  const exposure = live.reduce(
    (sum, { offer, cover }) => sum + boundBy(offer.cover as CoverJson, BigInt(cover!.price)),
    0n,
  );
  const locked = all(bonds.map((b) => b.locked));
  return {
    covers: await deskCovers(ctx, rows),
    solvency: {
      bonds: all(bonds.map((b) => b.total)).toString(),
      locked: locked.toString(),
      exposure: exposure.toString(),
      claimed: all(
        live.filter(({ cover }) => cover!.state === 'claimed').map(({ cover }) => cover!.price),
      ).toString(),
      paid: all(
        rows.flatMap(({ cover }) => [cover?.from_bond ?? null, cover?.from_backer ?? null]),
      ).toString(),
      enough: locked >= exposure,
    },
    experience: experienceOf(rows),
  };
}
