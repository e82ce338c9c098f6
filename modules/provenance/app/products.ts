/** Products: a maker states its master data anew, every version stays, and anybody may read them. */
import { toGtin14 } from '@zhenmei/gs1';
import { AppError, canonicalJson } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { approvalsOf, derivedLists, neverThisWay } from '../core/approvals.ts';
import '../core/errors.ts';
import type { ProductBody } from '../core/product.ts';
import type { ProvenanceContext } from './context.ts';

/**
 * Throws PRODUCT_EXISTS if another maker holds the number, NOT_A_MAKER, PRODUCT_WRONG with the field. The same content
 * again changes nothing; other content is a new version.
 * @param authorisation the regulator's signed authorisation; without one the last stays
 */
export async function registerProduct(
  ctx: ProvenanceContext,
  makerId: string,
  given: ProductBody,
  authorisation?: string,
  note?: string,
): Promise<{ gtin: string }> {
  const product = checked(given);
  const { gtin } = product;
  const maker = await ctx.parties.byId(makerId);
  return ctx.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`product/${gtin}`}, 0))`.execute(tx);
    const known = await tx
      .selectFrom('provenance.product')
      .selectAll()
      .where('gtin', '=', gtin)
      .executeTakeFirst();
    if (known && known.maker_id !== makerId) throw new AppError('PRODUCT_EXISTS');
    if (maker?.kind !== 'maker') throw new AppError('NOT_A_MAKER');
    const now = new Date(ctx.clock.now());
    const body = JSON.stringify(product);
    const kept = authorisation ?? known?.authorisation ?? null;
    await tx
      .insertInto('provenance.product')
      .values({ gtin, maker_id: makerId, registered_at: now, body, authorisation: kept })
      .onConflict((c) => c.column('gtin').doUpdateSet({ body, authorisation: kept }))
      .execute();
    const { last } = await tx
      .selectFrom('provenance.product_version')
      .select((eb) => eb.fn.coalesce(eb.fn.max('version'), sql<number>`0`).as('last'))
      .where('gtin', '=', gtin)
      .executeTakeFirstOrThrow();
    if (known && canonicalJson(known.body) === canonicalJson(product)) return { gtin };
    await tx
      .insertInto('provenance.product_version')
      .values({ gtin, version: last + 1, body, note: note ?? null, changed_by: makerId, changed_at: now })
      .execute();
    return { gtin };
  });
}

function checked(product: ProductBody): ProductBody {
  const wrong = (field: string, rule: string, params: Record<string, string> = {}): never => {
    throw new AppError(`PRODUCT_${rule}`, { field, ...params });
  };
  if (toGtin14(product.gtin) !== product.gtin) wrong('gtin', 'GTIN_WRONG');
  if (product.contains && toGtin14(product.contains.gtin) !== product.contains.gtin)
    wrong('contains.gtin', 'GTIN_WRONG');
  const { minC, maxC, maxMinutesOut, maxMeanKineticC } = product.storage;
  if (minC >= maxC || maxMinutesOut < 0) wrong('storage', 'STORAGE_WRONG');
  if (maxMeanKineticC !== undefined && (maxMeanKineticC < minC || maxMeanKineticC > maxC))
    wrong('storage.maxMeanKineticC', 'STORAGE_WRONG');
  if (!product.approvals?.length) return product;
  for (const use of approvalsOf(product)) {
    if (use.routes.length === 0) wrong('approvals', 'ROUTE_MISSING', { region: use.region });
    const never = use.routes.find((route) => neverThisWay(use.class, route));
    if (never) wrong('approvals', 'ROUTE_WRONG', { region: use.region, class: use.class, route: never });
  }
  return { ...product, ...derivedLists(product) };
}

/** @param at milliseconds since the epoch: as it was stated then. Throws PRODUCT_UNKNOWN. */
export async function readProduct(ctx: ProvenanceContext, gtin: string, at?: number) {
  const row = await ctx.db
    .selectFrom('provenance.product')
    .selectAll()
    .where('gtin', '=', gtin)
    .executeTakeFirst();
  if (!row) throw new AppError('PRODUCT_UNKNOWN');
  const maker = await ctx.parties.byId(row.maker_id);
  const then = at === undefined ? undefined : await versionAt(ctx, gtin, at);
  return {
    product: then ?? row.body,
    maker: maker?.name ?? { zh: '', en: '' },
    makerId: row.maker_id,
    authorisation: row.authorisation,
  };
}

async function versionAt(ctx: ProvenanceContext, gtin: string, at: number): Promise<ProductBody | undefined> {
  const row = await ctx.db
    .selectFrom('provenance.product_version')
    .select('body')
    .where('gtin', '=', gtin)
    .orderBy((eb) => eb('changed_at', '<=', new Date(at)), 'desc')
    .orderBy(sql`abs(extract(epoch from changed_at - ${new Date(at)}))`)
    .orderBy('version', 'desc')
    .executeTakeFirst();
  return row?.body;
}

export interface ProductLine {
  readonly product: ProductBody;
  readonly makerId: string;
  readonly maker: { readonly zh: string; readonly en: string };
  readonly version: number;
  readonly changedAt: Date;
}

const PAGE = 100;

/** @param query matches names, number and registration, in any case */
export async function listProducts(
  ctx: ProvenanceContext,
  { maker, query }: { readonly maker?: string | undefined; readonly query?: string | undefined },
): Promise<{ products: ProductLine[]; more: boolean }> {
  const words = (query ?? '').trim().toLowerCase().split(/\s+/).filter(Boolean);
  let rows = ctx.db
    .selectFrom('provenance.product as p')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('provenance.product_version as v')
          .select(['v.version', 'v.changed_at'])
          .whereRef('v.gtin', '=', 'p.gtin')
          .orderBy('v.version', 'desc')
          .limit(1)
          .as('v'),
      (join) => join.onTrue(),
    )
    .select(['p.gtin', 'p.maker_id', 'p.body', 'v.version', 'v.changed_at']);
  if (maker) rows = rows.where('p.maker_id', '=', maker);
  for (const word of words) {
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    rows = rows.where(
      sql<boolean>`lower(p.gtin || ' ' || (p.body -> 'name' ->> 'zh') || ' ' || (p.body -> 'name' ->> 'en') || ' ' || (p.body ->> 'registration')) like ${like}`,
    );
  }
  const found = await rows
    .orderBy('p.gtin')
    .limit(PAGE + 1)
    .execute();
  const sites = await ctx.parties.all();
  return {
    more: found.length > PAGE,
    products: found.slice(0, PAGE).map((row) => ({
      product: row.body,
      makerId: row.maker_id,
      maker: sites.find(({ id }) => id === row.maker_id)?.name ?? { zh: '', en: '' },
      version: row.version,
      changedAt: row.changed_at,
    })),
  };
}

export interface ProductVersion {
  readonly version: number;
  readonly body: ProductBody;
  readonly note: string | null;
  readonly changedAt: Date;
}

/** Every version, the newest first. Throws PRODUCT_UNKNOWN. */
export async function productHistory(ctx: ProvenanceContext, gtin: string): Promise<ProductVersion[]> {
  const rows = await ctx.db
    .selectFrom('provenance.product_version')
    .selectAll()
    .where('gtin', '=', gtin)
    .orderBy('version', 'desc')
    .execute();
  if (rows.length === 0) throw new AppError('PRODUCT_UNKNOWN');
  return rows.map(({ version, body, note, changed_at }) => ({ version, body, note, changedAt: changed_at }));
}
