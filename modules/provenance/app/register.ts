/** A maker states what it makes: master data, lots and their serial numbers. */
import { AppError, canonicalJson } from '@zhenmei/kernel';
import '../core/errors.ts';
import type { ProductBody } from '../core/product.ts';
import type { ProvenanceContext } from './context.ts';

/** Throws PRODUCT_EXISTS if another maker holds the number. The same maker may state it anew. */
export async function registerProduct(
  ctx: ProvenanceContext,
  makerId: string,
  product: ProductBody,
  authorisation?: string,
) {
  const known = await ctx.db
    .selectFrom('provenance.product')
    .select('maker_id')
    .where('gtin', '=', product.gtin)
    .executeTakeFirst();
  if (known && known.maker_id !== makerId) throw new AppError('PRODUCT_EXISTS');
  const row = { body: JSON.stringify(product), authorisation: authorisation ?? null };
  await ctx.db
    .insertInto('provenance.product')
    .values({ gtin: product.gtin, maker_id: makerId, registered_at: new Date(ctx.clock.now()), ...row })
    .onConflict((c) => c.column('gtin').doUpdateSet(row))
    .execute();
  return { gtin: product.gtin };
}

/** Throws PRODUCT_UNKNOWN, LOT_EXISTS. */
export async function registerLot(
  ctx: ProvenanceContext,
  makerId: string,
  lot: { link: string; gtin: string; units: string[] },
) {
  const product = await ctx.db
    .selectFrom('provenance.product')
    .select('maker_id')
    .where('gtin', '=', lot.gtin)
    .executeTakeFirst();
  if (product?.maker_id !== makerId) throw new AppError('PRODUCT_UNKNOWN');
  const known = await ctx.db
    .selectFrom('provenance.lot')
    .select('units')
    .where('link', '=', lot.link)
    .executeTakeFirst();
  if (known && canonicalJson(known.units) !== canonicalJson(lot.units)) throw new AppError('LOT_EXISTS');
  if (!known)
    await ctx.db
      .insertInto('provenance.lot')
      .values({
        link: lot.link,
        gtin: lot.gtin,
        units: JSON.stringify(lot.units),
        registered_at: new Date(ctx.clock.now()),
      })
      .execute();
  return { link: lot.link, units: lot.units.length };
}

/** Throws PRODUCT_UNKNOWN. */
export async function readLot(ctx: ProvenanceContext, link: string) {
  const row = await ctx.db
    .selectFrom('provenance.lot')
    .selectAll()
    .where('link', '=', link)
    .executeTakeFirst();
  if (!row) throw new AppError('PRODUCT_UNKNOWN');
  return { link: row.link, gtin: row.gtin, units: row.units };
}

/** Throws PRODUCT_UNKNOWN. */
export async function readProduct(ctx: ProvenanceContext, gtin: string) {
  const row = await ctx.db
    .selectFrom('provenance.product')
    .selectAll()
    .where('gtin', '=', gtin)
    .executeTakeFirst();
  if (!row) throw new AppError('PRODUCT_UNKNOWN');
  const maker = await ctx.parties.byId(row.maker_id);
  return { product: row.body, maker: maker?.name ?? { zh: '', en: '' }, authorisation: row.authorisation };
}
