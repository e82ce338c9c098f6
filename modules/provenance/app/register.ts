/** A maker states what it makes: lots and their serial numbers. */
import { AppError, canonicalJson } from '@zhenmei/kernel';
import '../core/errors.ts';
import type { ProvenanceContext } from './context.ts';

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
