/** Who makes what: the GLN of the maker of each unit's product, if it is registered here. */
import { gtinOf } from '../../core/facts.ts';
import type { ProductBody } from '../../core/product.ts';
import type { ProvenanceContext } from '../context.ts';

export interface Makers {
  /** GLN, or null. */
  of(epc: string): string | null;
  product(epc: string): ProductBody | null;
  /** Storage conditions of all these products. */
  ranges(): ProductBody['storage'][];
}

export async function makersOf(ctx: ProvenanceContext, epcs: readonly string[]): Promise<Makers> {
  const gtins = [...new Set(epcs.flatMap((epc) => gtinOf(epc) ?? []))];
  const rows =
    gtins.length === 0
      ? []
      : await ctx.db
          .selectFrom('provenance.product')
          .select(['gtin', 'maker_id', 'body'])
          .where('gtin', 'in', gtins)
          .execute();
  const sites = await ctx.parties.all();
  const known = new Map(
    rows.map((row) => [
      row.gtin,
      { gln: sites.find(({ id }) => id === row.maker_id)?.gln ?? null, body: row.body },
    ]),
  );
  return {
    of: (epc) => known.get(gtinOf(epc) ?? '')?.gln ?? null,
    product: (epc) => known.get(gtinOf(epc) ?? '')?.body ?? null,
    ranges: () => [...known.values()].map(({ body }) => body.storage),
  };
}
