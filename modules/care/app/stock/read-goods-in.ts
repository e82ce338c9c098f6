/** The running list of goods-in: what each scan said, and whether it can still be taken back. */
import { parseLotLink } from '@zhenmei/gs1';
import { goodsInWords } from '../../core/goods-in-reasons.ts';
import { unitParts } from '../../core/stock-event.ts';
import type { CareContext } from '../context.ts';
import type { GoodsInRow } from './receive-goods.ts';

/** Scans that the running list shows; each of a box has a row for every unit in it. */
const SHOWN = 30;

/** Newest first. */
export async function goodsInViews(
  ctx: CareContext,
  clinicId: string,
  filter: { readonly unit?: string } = {},
) {
  let newest = ctx.db
    .selectFrom('care.goods_in')
    .select('scan')
    .where('clinic_id', '=', clinicId)
    .groupBy('scan')
    .orderBy((eb) => eb.fn.max('recorded_at'), 'desc')
    .limit(SHOWN);
  if (filter.unit !== undefined) newest = newest.where('unit', '=', filter.unit);
  let rows = ctx.db.selectFrom('care.goods_in').selectAll().where('scan', 'in', newest);
  if (filter.unit !== undefined) rows = rows.where('unit', '=', filter.unit);
  const found = await rows
    .orderBy('recorded_at', 'desc')
    .orderBy('scanned_at', 'desc')
    .orderBy('scan')
    .orderBy('position')
    .execute();
  return viewScans(ctx, clinicId, found);
}

export async function viewScans(ctx: CareContext, clinicId: string, rows: readonly GoodsInRow[]) {
  const units = rows.flatMap(({ unit }) => (unit === null ? [] : [unit]));
  const moved =
    units.length === 0
      ? []
      : await ctx.db
          .selectFrom('care.stock_unit')
          .select(['unit', 'moved_by'])
          .where('clinic_id', '=', clinicId)
          .where('unit', 'in', units)
          .execute();
  const newest = new Map(moved.map(({ unit, moved_by }) => [unit, moved_by]));
  const products = new Map<string, { zh: string; en: string } | null>();
  for (const { gtin } of rows)
    if (gtin !== null && !products.has(gtin))
      products.set(gtin, (await ctx.custody.product(gtin))?.name ?? null);
  return rows.map((row) => ({
    scan: row.scan,
    position: row.position,
    code: row.code,
    unit: row.unit,
    serial: row.unit === null ? null : (unitParts(row.unit)?.serial ?? null),
    lotNumber: row.lot === null ? null : (parseLotLink(row.lot)?.lot ?? row.lot),
    expiry: row.expiry,
    product: (row.gtin !== null && products.get(row.gtin)) || null,
    outcome: row.outcome,
    reason: row.reason,
    rule: row.rule,
    ...goodsInWords(row.reason, row.detail),
    at: row.scanned_at.toISOString(),
    /** Digests of what was stated: what the device that received it can sign. */
    events: [...row.events],
    person: row.person,
    undone: row.undone_at !== null,
    /** Nothing else has happened to it since. */
    canUndo:
      row.undone_at === null &&
      row.outcome !== 'refused' &&
      row.unit !== null &&
      (row.events as readonly string[]).includes(newest.get(row.unit) ?? ''),
  }));
}
