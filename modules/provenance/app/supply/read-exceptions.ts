/** The inbox of an organisation: its cases, those it is concerned by, and for a regulator all. */
import { AppError, type Hex, noneFor } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { SupplyDatabase } from '../../adapters/supply-schema.ts';
import { type EpcisEvent, eventDigest, siteOf } from '../../core/events.ts';
import { destinationOf, sourceOf } from '../../core/item.ts';
import type { Site } from '../../ports.ts';
import { readProduct } from '../products.ts';
import type { SupplyContext } from './context.ts';
import { coldChainOf } from './excursions.ts';
import { readEvents } from './found.ts';
import { makersOf } from './makers.ts';

type Row = Selectable<SupplyDatabase['provenance.exception']>;
export type Part = 'owner' | 'other' | 'watching';

const SHOWN_UNITS = 500;
const PAGE = 100;

export interface ExceptionLine {
  readonly row: Row;
  readonly part: Part;
  readonly units: number;
  readonly owner: Site | null;
  readonly other: Site | null;
  readonly productName: { readonly zh: string; readonly en: string } | null;
}

/** Throws EVENT_NOT_YOURS for a party that is not here. */
async function reader(ctx: SupplyContext, organisationId: string): Promise<Site> {
  const site = await ctx.parties.byId(organisationId);
  if (!site) throw new AppError('EVENT_NOT_YOURS');
  return site;
}

const partOf = (row: Row, site: Site): Part | null =>
  row.owner_id === site.id
    ? 'owner'
    : row.other_id === site.id
      ? 'other'
      : site.kind === 'regulator'
        ? 'watching'
        : null;

/** The most pressing first. @param over those that are resolved instead, the latest first */
export async function listExceptions(
  ctx: SupplyContext,
  organisationId: string,
  over: boolean,
): Promise<{ lines: ExceptionLine[]; more: boolean }> {
  const site = await reader(ctx, organisationId);
  let query = ctx.db
    .selectFrom('provenance.exception as e')
    .selectAll('e')
    .select((eb) =>
      eb
        .selectFrom('provenance.exception_item as i')
        .select((b) => b.fn.countAll<string>().as('n'))
        .whereRef('i.exception_id', '=', 'e.id')
        .as('units'),
    )
    .where('e.state', over ? '=' : '<>', 'resolved');
  if (site.kind !== 'regulator')
    query = query.where((eb) => eb.or([eb('e.owner_id', '=', site.id), eb('e.other_id', '=', site.id)]));
  const rows = await query
    .orderBy(over ? 'e.resolved_at' : 'e.due_at', over ? 'desc' : 'asc')
    .orderBy('e.id')
    .limit(PAGE + 1)
    .execute();
  const sites = await ctx.parties.all();
  const lines = await Promise.all(
    rows.slice(0, PAGE).map(async (row) => line(ctx, row, Number(row.units), site, sites)),
  );
  return { lines, more: rows.length > PAGE };
}

async function line(
  ctx: SupplyContext,
  row: Row,
  units: number,
  site: Site,
  sites: readonly Site[],
): Promise<ExceptionLine> {
  const by = (id: string | null) => sites.find((one) => one.id === id) ?? null;
  const product = row.gtin ? await readProduct(ctx, row.gtin).catch(noneFor('PRODUCT_UNKNOWN')) : null;
  return {
    row,
    part: partOf(row, site) ?? 'watching',
    units,
    owner: by(row.owner_id),
    other: by(row.other_id),
    productName: product?.product.name ?? null,
  };
}

export interface ExceptionDetail extends ExceptionLine {
  readonly epcs: readonly string[];
  readonly lots: readonly string[];
  readonly event: {
    readonly digest: Hex;
    readonly body: EpcisEvent;
    readonly site: string | null;
    readonly source: string | null;
    readonly destination: string | null;
  } | null;
  readonly entries: readonly Selectable<SupplyDatabase['provenance.exception_entry']>[];
  readonly cold: {
    readonly minutesOut: number;
    readonly minutesAllowed: number;
    readonly meanKineticLimit: number | null;
    /** Digests of the events whose readings are out of range: what a release names. */
    readonly reports: readonly Hex[];
  } | null;
}

/** Throws EXCEPTION_UNKNOWN, also for a case that does not concern the reader. */
export async function readException(
  ctx: SupplyContext,
  organisationId: string,
  id: string,
): Promise<ExceptionDetail> {
  const site = await reader(ctx, organisationId);
  const row = await ctx.db
    .selectFrom('provenance.exception')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || !partOf(row, site)) throw new AppError('EXCEPTION_UNKNOWN');
  const items = await ctx.db
    .selectFrom('provenance.exception_item as x')
    .leftJoin('provenance.item as i', 'i.epc', 'x.epc')
    .select(['x.epc', 'i.lot'])
    .where('x.exception_id', '=', id)
    .orderBy('x.epc')
    .execute();
  const entries = await ctx.db
    .selectFrom('provenance.exception_entry')
    .selectAll()
    .where('exception_id', '=', id)
    .orderBy('no')
    .execute();
  const body = (await readEvents(ctx.db, [row.event])).get(row.event);
  const epcs = items.map(({ epc }) => epc);
  return {
    ...(await line(ctx, row, epcs.length, site, await ctx.parties.all())),
    epcs: epcs.slice(0, SHOWN_UNITS),
    lots: [...new Set([...(row.lot ? [row.lot] : []), ...items.flatMap(({ lot }) => lot ?? [])])].sort(),
    event: body
      ? {
          digest: row.event,
          body,
          site: siteOf(body) ?? null,
          source: sourceOf(body),
          destination: destinationOf(body),
        }
      : null,
    entries,
    cold: row.kind === 'excursion' ? await coldOf(ctx, epcs) : null,
  };
}

async function coldOf(ctx: SupplyContext, epcs: readonly string[]): Promise<ExceptionDetail['cold']> {
  const [unit] = epcs;
  if (unit === undefined) return null;
  const makers = await makersOf(ctx, [unit]);
  const cold = await coldChainOf(ctx, unit, makers);
  const storage = makers.product(unit)?.storage;
  if (!cold || !storage) return null;
  return {
    minutesOut: cold.minutesOut,
    minutesAllowed: storage.maxMinutesOut,
    meanKineticLimit: storage.maxMeanKineticC ?? null,
    reports: cold.reports.map(eventDigest),
  };
}

/** Cases per organisation that wait for it, for the mark on the section. */
export async function openCount(ctx: SupplyContext, organisationId: string): Promise<number> {
  const { n } = await ctx.db
    .selectFrom('provenance.exception')
    .select(sql<number>`count(*)::int`.as('n'))
    .where('owner_id', '=', organisationId)
    .where('state', '<>', 'resolved')
    .executeTakeFirstOrThrow();
  return n;
}
