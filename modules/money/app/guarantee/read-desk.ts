import type { Hex } from '@zhenmei/kernel';
import { type CoverEvent, cellsOf } from '../../core/guarantee-experience.ts';
import { priceTable } from '../../core/guarantee-price.ts';
import type { DeskCover } from '../../guarantee-api.ts';
import { pledgesOfClinic } from '../absence/read-pledges.ts';
import type { MoneyContext } from '../context.ts';
import { pendingBondOrder } from './order-bond.ts';
import { type CoverRow, coverRows, coverView } from './views.ts';

async function deskCovers(ctx: MoneyContext, rows: readonly CoverRow[]): Promise<DeskCover[]> {
  return Promise.all(
    rows.map(async (row) => ({
      ...coverView(row, ctx.guarantee.panel),
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
    arbiter: await ctx.guarantee.arbiter(),
    covers: await deskCovers(ctx, rows),
    experience: experienceOf(rows),
    order: await pendingBondOrder(ctx, clinic),
    pledges: await pledgesOfClinic(ctx, clinic),
  };
}

/** Everything that was promised, and whether there is enough for it. */
export async function readGuaranteeBook(ctx: MoneyContext) {
  const rows = await coverRows(ctx.db, {});
  const bonds = await ctx.db.selectFrom('money.bond').selectAll().execute();
  const all = (list: readonly (string | null)[]) => list.reduce((sum, one) => sum + BigInt(one ?? 0), 0n);
  const live = rows.filter(({ cover }) => cover?.state === 'open' || cover?.state === 'claimed');
  const exposure = all(live.map(({ cover }) => cover!.price));
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
      paid: all(rows.map(({ cover }) => cover?.from_bond ?? null)).toString(),
      enough: locked >= exposure,
    },
    experience: experienceOf(rows),
  };
}
