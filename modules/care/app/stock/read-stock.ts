/** The shelf as a clinic sees it: units with filters, counts that add up, deliveries on their way, one unit's own story. */

import { parseLotLink } from '@zhenmei/gs1';
import { AppError, DAY } from '@zhenmei/kernel';
import type { Bilingual } from '../../core/quote.ts';
import { ON_SHELF, STOCK_STATES, type StockState } from '../../core/stock.ts';
import '../../core/stock-errors.ts';
import { isExpired } from '../../core/use-gate.ts';
import type { CareContext, StockRow } from '../context.ts';
import { goodsInViews } from './read-goods-in.ts';
import { requestView } from './read-requests.ts';
import { whoDid } from './who-did.ts';

export interface StockFilter {
  readonly state?: StockState | undefined;
  /** Only what lies on the shelf. */
  readonly shelf?: boolean | undefined;
  readonly gtin?: string | undefined;
  /** Part of serial number, lot or product name. */
  readonly q?: string | undefined;
  /** Expires, or may no longer be used, within so many days. */
  readonly withinDays?: number | undefined;
  readonly toxin?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export async function readStock(ctx: CareContext, clinicId: string, filter: StockFilter) {
  const now = ctx.clock.now();
  const all = await ctx.db
    .selectFrom('care.stock_unit')
    .select(['gtin', 'state', (eb) => eb.fn.countAll<string>().as('units')])
    .select((eb) => eb.fn.sum<string>('remaining').as('remaining'))
    .where('clinic_id', '=', clinicId)
    .groupBy(['gtin', 'state'])
    .execute();
  const names = await productNames(
    ctx,
    all.map(({ gtin }) => gtin),
  );
  const rows = await matching(ctx, clinicId, filter, names, now);
  const limit = filter.limit ?? 100;
  const offset = filter.offset ?? 0;
  const counts = Object.fromEntries(
    STOCK_STATES.map((state) => [
      state,
      all.filter((row) => row.state === state).reduce((sum, row) => sum + Number(row.units), 0),
    ]),
  ) as Record<StockState, number>;
  return {
    counts,
    total: rows.length,
    units: rows.slice(offset, offset + limit).map((row) => unitView(row, names.get(row.gtin)!, now)),
    products: [...names.entries()].map(([gtin, name]) => ({
      gtin,
      name,
      onShelf: all
        .filter((row) => row.gtin === gtin && ON_SHELF.includes(row.state))
        .reduce((sum, row) => sum + Number(row.units), 0),
    })),
  };
}

async function productNames(ctx: CareContext, gtins: readonly string[]): Promise<Map<string, Bilingual>> {
  const names = new Map<string, Bilingual>();
  for (const gtin of [...new Set(gtins)].sort()) {
    const product = await ctx.custody.product(gtin);
    names.set(gtin, product?.name ?? { zh: gtin, en: gtin });
  }
  return names;
}

/** First what must be used first: open vials, then by expiry. */
async function matching(
  ctx: CareContext,
  clinicId: string,
  filter: StockFilter,
  names: ReadonlyMap<string, Bilingual>,
  now: number,
): Promise<StockRow[]> {
  let query = ctx.db.selectFrom('care.stock_unit').selectAll().where('clinic_id', '=', clinicId);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.shelf) query = query.where('state', 'in', [...ON_SHELF]);
  if (filter.gtin) query = query.where('gtin', '=', filter.gtin);
  if (filter.toxin) query = query.where('toxin', '=', true);
  const rows = await query
    .orderBy((eb) => eb.case().when('state', '=', 'open').then(0).else(1).end())
    .orderBy('use_by', (o) => o.asc().nullsLast())
    .orderBy('expiry', (o) => o.asc().nullsLast())
    .orderBy('unit')
    .limit(5_000)
    .execute();
  const wanted = filter.q?.trim().toLowerCase();
  const until = filter.withinDays === undefined ? null : now + filter.withinDays * DAY;
  return rows.filter((row) => {
    const name = names.get(row.gtin);
    const texts = [row.serial, row.lot ?? '', row.gtin, name?.zh ?? '', name?.en ?? ''];
    if (wanted && !texts.some((text) => text.toLowerCase().includes(wanted))) return false;
    return until === null || endsBefore(row, until);
  });
}

function endsBefore(row: StockRow, until: number): boolean {
  return isExpired(row.expiry, until) || (row.use_by !== null && row.use_by.getTime() <= until);
}

export function unitView(row: StockRow, name: Bilingual, now: number) {
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    unit: row.unit,
    gtin: row.gtin,
    serial: row.serial,
    lot: row.lot,
    lotNumber: row.lot === null ? null : (parseLotLink(row.lot)?.lot ?? null),
    expiry: row.expiry,
    product: name,
    state: row.state,
    hold: row.hold,
    toxin: row.toxin,
    singleUse: row.single_use,
    amountUnit: row.amount_unit,
    amount: row.amount,
    used: row.used,
    wasted: row.wasted,
    remaining: row.remaining,
    uses: row.uses,
    announcedAt: iso(row.announced_at),
    receivedAt: iso(row.received_at),
    openedAt: iso(row.opened_at),
    useBy: iso(row.use_by),
    expired: isExpired(row.expiry, now),
    /** May it be opened or used again now, as far as stock alone can tell? */
    usable:
      ['in-stock', 'open'].includes(row.state) &&
      !isExpired(row.expiry, now) &&
      (row.use_by === null || row.use_by.getTime() >= now) &&
      !(row.single_use && row.uses > 0),
  };
}

/** One unit with everything that happened to it here. Throws UNIT_NOT_IN_STOCK. */
export async function readUnit(ctx: CareContext, clinicId: string, unit: string) {
  const row = await ctx.db
    .selectFrom('care.stock_unit')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('unit', '=', unit)
    .executeTakeFirst();
  if (!row) throw new AppError('UNIT_NOT_IN_STOCK');
  const [product, movements, who, requests, scans] = await Promise.all([
    ctx.custody.product(row.gtin),
    ctx.db
      .selectFrom('care.stock_movement')
      .selectAll()
      .where('clinic_id', '=', clinicId)
      .where('unit', '=', unit)
      .orderBy('sequence')
      .execute(),
    whoDid(ctx, clinicId, [unit]),
    ctx.db
      .selectFrom('care.stock_request')
      .selectAll()
      .where('clinic_id', '=', clinicId)
      .where('unit', '=', unit)
      .where('withdrawn_at', 'is', null)
      .orderBy('asked_at')
      .execute(),
    goodsInViews(ctx, clinicId, { unit }),
  ]);
  const supplier = (await ctx.custody.sites()).find(({ gln }) => gln === row.supplier);
  return {
    unit: unitView(row, product?.name ?? { zh: row.gtin, en: row.gtin }, ctx.clock.now()),
    supplier: supplier?.name ?? null,
    movements: movements.map((movement) => ({
      kind: movement.kind,
      at: movement.at.toISOString(),
      amount: movement.amount,
      remaining: movement.remaining,
      reason: movement.reason,
      event: movement.event,
      by: who.get(movement.event)?.by ?? null,
      second: who.get(movement.event)?.second ?? null,
    })),
    requests: requests.map((request) => requestView(request, null)),
    scans,
  };
}

/** What was sent here and not received yet, by shipment. */
export async function readDeliveries(ctx: CareContext, clinicId: string) {
  const rows = await ctx.db
    .selectFrom('care.stock_unit')
    .select(['shipment', 'supplier', 'announced_at', 'gtin', 'container'])
    .select((eb) => eb.fn.countAll<string>().as('units'))
    .where('clinic_id', '=', clinicId)
    .where('state', '=', 'announced')
    .groupBy(['shipment', 'supplier', 'announced_at', 'gtin', 'container'])
    .orderBy('announced_at')
    .execute();
  const names = await productNames(
    ctx,
    rows.map(({ gtin }) => gtin),
  );
  const sites = await ctx.custody.sites();
  const shipments = new Map<string, typeof rows>();
  for (const row of rows) shipments.set(row.shipment!, [...(shipments.get(row.shipment!) ?? []), row]);
  return [...shipments.entries()].map(([shipment, parts]) => ({
    shipment,
    from: sites.find(({ gln }) => gln === parts[0]!.supplier)?.name ?? null,
    sentAt: parts[0]!.announced_at!.toISOString(),
    boxes: [...new Set(parts.flatMap(({ container }) => (container === null ? [] : [container])))],
    items: parts.map(({ gtin, units }) => ({ gtin, name: names.get(gtin)!, units: Number(units) })),
  }));
}
