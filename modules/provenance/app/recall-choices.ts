/** What a party may recall: its own products with their lots; for a regulator all of them. */
import { parseLotLink } from '@zhenmei/gs1';
import type { ProvenanceContext } from './context.ts';

export interface ProductLots {
  readonly gtin: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly lots: readonly string[];
}

export async function recallChoices(ctx: ProvenanceContext, organisationId: string): Promise<ProductLots[]> {
  const party = await ctx.parties.byId(organisationId);
  if (party?.kind !== 'maker' && party?.kind !== 'regulator') return [];
  let products = ctx.db.selectFrom('provenance.product').select(['gtin', 'body']).orderBy('gtin');
  if (party.kind === 'maker') products = products.where('maker_id', '=', organisationId);
  const rows = await products.execute();
  if (rows.length === 0) return [];
  const lots = await ctx.db
    .selectFrom('provenance.lot')
    .select(['gtin', 'link'])
    .where(
      'gtin',
      'in',
      rows.map(({ gtin }) => gtin),
    )
    .orderBy('registered_at', 'desc')
    .execute();
  return rows.map(({ gtin, body }) => ({
    gtin,
    name: body.name,
    lots: lots.filter((one) => one.gtin === gtin).flatMap(({ link }) => parseLotLink(link)?.lot ?? []),
  }));
}
