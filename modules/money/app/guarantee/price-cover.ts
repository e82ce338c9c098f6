/** What the pool asks for a cover: a line of this epoch's table, computed from public events and signed. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { PriceLine } from '../../backing-api.ts';
import {
  type ChainCover,
  epochOf,
  type Posted,
  recomputed,
  tableOf,
} from '../../core/guarantee-experience.ts';
import { premium } from '../../core/guarantee-math.ts';
import { tableHash } from '../../core/guarantee-price.ts';
import type { MoneyContext } from '../context.ts';
import { assertProfile } from './profiles.ts';
import { coverRows } from './views.ts';

/** Before an epoch ends nothing new is posted for it: the ledger counts a table to the epoch in which it arrives. */
const TURN_MS = 5 * 60_000;

/** Throws POLICY_UNKNOWN, GUARANTEE_PROFILE_OFF, PRICE_TABLE_WAITS. */
export async function priceCover(ctx: MoneyContext, clinic: Hex, id: Hex): Promise<PriceLine> {
  const [row] = await coverRows(ctx.db, { id });
  const cover = row?.offer.cover as { profile: number; sum: string; backer: Hex } | undefined;
  if (!row || row.cover || row.offer.clinic !== clinic || cover?.profile !== 2)
    throw new AppError('POLICY_UNKNOWN');
  await assertProfile(ctx, 'pool', cover.backer);
  const { posted, table } = await tableNow(ctx);
  const cell = ctx.backing.cellOf(clinic, (row.offer.terms as { standard: Hex }).standard);
  const ppm = table.lines.find((line) => line.cell === cell)?.ppm ?? table.collectivePpm;
  const rate = { table: posted.hash, epoch: posted.epoch, ppm, expense: table.expense };
  return {
    rate,
    signature: await ctx.backing.signRate(cell, rate),
    premium: premium(BigInt(cover.sum), BigInt(ppm), BigInt(table.expense)).toString(),
    ready: (await ctx.checks.units(clinic)).toString(),
  };
}

/**
 * The table that stands on the ledger for this epoch, posted if there is none. Whoever else posts at the same moment, the
 * ledger keeps the first; so the table is read back, never assumed. Throws PRICE_TABLE_WAITS.
 */
async function tableNow(ctx: MoneyContext): Promise<ReturnType<typeof recomputed>[number]> {
  // before the covers: what is read in between is later than this block, and does not count
  const { block, time } = await ctx.backing.reached();
  const epoch = epochOf(time);
  const { covers, posted } = await experience(ctx);
  const tables = recomputed(covers, posted);
  const standing = tables.find((one) => one.posted.epoch === epoch);
  if (standing) return standing;
  if (epochOf(time + TURN_MS) !== epoch) throw new AppError('PRICE_TABLE_WAITS');
  const at = { epoch, asOf: block };
  await ctx.backing.postTable(tableHash(tableOf(covers, at, tables.at(-1)?.table ?? null)), at);
  const after = await experience(ctx);
  const found = recomputed(after.covers, after.posted).find((one) => one.posted.epoch === epoch);
  if (!found) throw new AppError('PRICE_TABLE_WAITS');
  return found;
}

async function experience(ctx: MoneyContext): Promise<{ covers: ChainCover[]; posted: Posted[] }> {
  const [covers, tables] = await Promise.all([
    ctx.db.selectFrom('money.cover').selectAll().orderBy('opened_block').execute(),
    ctx.db.selectFrom('money.price_table').selectAll().orderBy('epoch').execute(),
  ]);
  return {
    covers: covers.map((c) => ({
      cell: c.cell,
      openedAt: c.opened_at.getTime(),
      sum: BigInt(c.sum),
      paid: BigInt(c.from_bond ?? 0) + BigInt(c.from_backer ?? 0),
      endedAt: c.settled_block === null ? null : Number(c.settled_block),
    })),
    posted: tables.map(({ epoch, hash, as_of }) => ({ epoch, hash, asOf: Number(as_of) })),
  };
}
