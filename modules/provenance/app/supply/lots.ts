/** A maker plans a lot with its serial numbers; what is recorded and published of it can be read by anyone. */
import { checkDigit, lotLink, parseUnitLink } from '@zhenmei/gs1';
import { AppError, canonicalJson, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { containersFor, type LotPlan } from '../../core/commission.ts';
import '../../core/supply-errors.ts';
import { guessable, isSerial } from '../../core/serials.ts';
import type { ProvenanceContext } from '../context.ts';
import { registerLot } from '../register.ts';
import type { SupplyContext } from './context.ts';

export interface LotOrder {
  readonly gtin: string;
  readonly lot: string;
  readonly expiry: string;
  readonly madeAt: string;
  readonly offset: string;
  readonly units: readonly string[];
  readonly packing: {
    readonly companyPrefix: string;
    readonly perBox: number;
    readonly boxesPerCase: number;
  } | null;
}

export const lotIdOf = (link: string): Hex => toHex0x(keccak256(utf8(link)));

/**
 * Publishes the serial numbers and fixes what will be stated of them. The same order again gives the same plan.
 * Throws PRODUCT_UNKNOWN, LOT_EXISTS, LOT_UNITS_WRONG, LOT_SERIALS_GUESSABLE, LOT_SERIALS_TAKEN, LOT_DATES_WRONG,
 * LOT_PREFIX_WRONG.
 */
export async function planLot(ctx: SupplyContext, makerId: string, order: LotOrder) {
  const link = lotLink(order.gtin, order.lot);
  const maker = await ctx.parties.byId(makerId);
  if (!maker) throw new AppError('PRODUCT_UNKNOWN');
  check(order);
  return ctx.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`lot/${link}`}, 0))`.execute(tx);
    const known = await tx
      .selectFrom('provenance.lot_plan')
      .selectAll()
      .where('link', '=', link)
      .executeTakeFirst();
    // the product's maker, and the very same numbers: checked first, also for what is known
    await registerLot({ ...ctx, db: tx }, makerId, { link, gtin: order.gtin, units: [...order.units] });
    if (known) return { link, plan: sameOrder(known.plan, order) };
    await mustBeNew(tx, order.units);
    const plan: LotPlan = {
      gtin: order.gtin,
      lot: order.lot,
      expiry: order.expiry,
      madeAt: order.madeAt,
      gln: maker.gln,
      offset: order.offset,
      packing: order.packing && (await containers(tx, maker.gln, order.units.length, order.packing)),
    };
    await tx
      .insertInto('provenance.lot_plan')
      .values({
        link,
        lot_id: lotIdOf(link),
        gtin: order.gtin,
        maker_id: makerId,
        plan: JSON.stringify(plan),
        planned_at: new Date(ctx.clock.now()),
      })
      .execute();
    return { link, plan };
  });
}

function check(order: LotOrder): void {
  const serials = order.units.map((unit) => {
    const parts = parseUnitLink(unit);
    if (parts?.gtin !== order.gtin || !isSerial(parts.serial))
      throw new AppError('LOT_UNITS_WRONG', { unit });
    return parts.serial;
  });
  if (new Set(serials).size !== serials.length) throw new AppError('LOT_UNITS_WRONG', { unit: '×2' });
  if (guessable(serials)) throw new AppError('LOT_SERIALS_GUESSABLE');
  if (Date.parse(order.expiry) <= Date.parse(order.madeAt)) throw new AppError('LOT_DATES_WRONG');
}

function sameOrder(plan: LotPlan, order: LotOrder): LotPlan {
  const { lot, expiry, madeAt, packing } = plan;
  const same =
    canonicalJson({ lot, expiry, madeAt, box: packing?.perBox ?? 0, case: packing?.boxesPerCase ?? 0 }) ===
    canonicalJson({
      lot: order.lot,
      expiry: order.expiry,
      madeAt: order.madeAt,
      box: order.packing?.perBox ?? 0,
      case: order.packing?.boxesPerCase ?? 0,
    });
  if (!same) throw new AppError('LOT_EXISTS');
  return plan;
}

async function mustBeNew(tx: ProvenanceContext['db'], units: readonly string[]): Promise<void> {
  const { rows } = await sql<{ epc: string }>`
    SELECT epc FROM provenance.item WHERE epc = any(${sql.val([...units])}::text[]) LIMIT 1`.execute(tx);
  if (rows[0]) throw new AppError('LOT_SERIALS_TAKEN', { unit: rows[0].epc });
}

async function containers(
  tx: ProvenanceContext['db'],
  gln: string,
  units: number,
  { companyPrefix, perBox, boxesPerCase }: NonNullable<LotOrder['packing']>,
): Promise<LotPlan['packing']> {
  if (!gln.startsWith(companyPrefix)) throw new AppError('LOT_PREFIX_WRONG', { prefix: companyPrefix });
  const need = containersFor(units, perBox, boxesPerCase);
  const all = need.boxes + need.cases;
  const { next } = await tx
    .insertInto('provenance.sscc_counter')
    .values({ company_prefix: companyPrefix, next: all })
    .onConflict((c) =>
      c
        .column('company_prefix')
        .doUpdateSet((eb) => ({ next: eb('provenance.sscc_counter.next', '+', all) })),
    )
    .returning('next')
    .executeTakeFirstOrThrow();
  const first = Number(next) - all;
  // extension digit 0 and the serial reference fill 17 digits around the company prefix
  const width = 16 - companyPrefix.length;
  if (Number(next) > 10 ** width) throw new AppError('LOT_PREFIX_WRONG', { prefix: companyPrefix });
  const sscc = Array.from({ length: all }, (_, i) => {
    const body = `0${companyPrefix}${String(first + i).padStart(width, '0')}`;
    return `https://id.gs1.org/00/${body}${checkDigit(body)}`;
  });
  return { perBox, boxesPerCase, boxes: sscc.slice(0, need.boxes), cases: sscc.slice(need.boxes) };
}

export interface LotLine {
  readonly link: string;
  readonly gtin: string;
  readonly plan: LotPlan | null;
  readonly plannedAt: Date;
  readonly units: number;
  /** Units whose making is recorded, and containers whose packing is. */
  readonly made: number;
  readonly packed: number;
  readonly root: {
    readonly root: Hex;
    readonly maker: Hex;
    readonly block: number;
    readonly blocked: boolean;
    readonly at: Date;
  } | null;
}

const PAGE = 100;

/** Lots of a maker or of a product, the latest first. */
export async function listLots(
  ctx: SupplyContext,
  filter: { readonly maker?: string; readonly gtin?: string; readonly link?: string },
): Promise<{ lots: LotLine[]; more: boolean }> {
  let query = ctx.db
    .selectFrom('provenance.lot as l')
    .innerJoin('provenance.product as p', 'p.gtin', 'l.gtin')
    .leftJoin('provenance.lot_plan as n', 'n.link', 'l.link')
    .select([
      'l.link',
      'l.gtin',
      'l.registered_at',
      'n.plan',
      sql<number>`jsonb_array_length(l.units)`.as('units'),
      sql<number>`(SELECT count(*)::int FROM provenance.item i WHERE i.lot = l.link AND i.made IS NOT NULL)`.as(
        'made',
      ),
      sql<number>`(SELECT count(DISTINCT i.epc)::int FROM provenance.item i WHERE i.epc IN (
        SELECT jsonb_array_elements_text((n.plan -> 'packing' -> 'boxes') || (n.plan -> 'packing' -> 'cases'))))`.as(
        'packed',
      ),
    ]);
  if (filter.maker) query = query.where('p.maker_id', '=', filter.maker);
  if (filter.gtin) query = query.where('l.gtin', '=', filter.gtin);
  if (filter.link) query = query.where('l.link', '=', filter.link);
  const rows = await query
    .orderBy('l.registered_at', 'desc')
    .orderBy('l.link')
    .limit(PAGE + 1)
    .execute();
  const page = rows.slice(0, PAGE);
  const ids = page.map(({ link }) => lotIdOf(link));
  const roots =
    ids.length === 0
      ? []
      : await ctx.db.selectFrom('provenance.lot_root').selectAll().where('lot_id', 'in', ids).execute();
  return {
    more: rows.length > PAGE,
    lots: page.map((row, i) => {
      const root = roots.find(({ lot_id }) => lot_id === ids[i]);
      return {
        link: row.link,
        gtin: row.gtin,
        plan: row.plan ?? null,
        plannedAt: row.registered_at,
        units: row.units,
        made: row.made,
        packed: row.packed,
        root: root
          ? {
              root: root.root,
              maker: root.maker,
              block: Number(root.block),
              blocked: root.blocked,
              at: root.at,
            }
          : null,
      };
    }),
  };
}

/** Throws LOT_UNKNOWN. */
export async function readLotStatus(ctx: SupplyContext, link: string): Promise<LotLine> {
  const { lots } = await listLots(ctx, { link });
  if (!lots[0]) throw new AppError('LOT_UNKNOWN');
  return lots[0];
}
