/** Whom a recall of a lot must reach. */
import { canonicalLink } from '@zhenmei/gs1';
import { type SiteOfLot, sitesOfLot } from '../adapters/recall.ts';
import type { ProvenanceContext } from './context.ts';

/** @param lot address of the lot, in any writing @returns every site that had units of it, by address; none if nothing is known of it */
export async function recallSites(ctx: ProvenanceContext, lot: string): Promise<readonly SiteOfLot[]> {
  return sitesOfLot(ctx.db, canonicalLink(lot) ?? lot);
}
