/** The door for whoever keeps stock: what to lock, and what may be used again. */
import { lotLink, unitLink } from '@zhenmei/gs1';
import { inForce, type SignedNotice } from '../core/notice.ts';
import type { ProvenanceContext } from './context.ts';
import { signedOf } from './notices-of.ts';

export interface RecalledLot {
  /** Address of the lot. */
  readonly lot: string;
  /** Addresses of the units if only some are recalled. */
  readonly units: readonly string[] | null;
  readonly notice: string;
  readonly at: Date;
}

/**
 * For whoever keeps stock: lots that are recalled, and those that a withdrawal freed again, since a place in the feed.
 * @param since the `next` of the last answer; 0 at first
 */
export async function recalledLots(
  ctx: ProvenanceContext,
  since: number,
): Promise<{
  readonly recalled: readonly RecalledLot[];
  readonly freed: readonly RecalledLot[];
  readonly next: number;
}> {
  const rows = await ctx.db.selectFrom('provenance.notice').selectAll().orderBy('seq').execute();
  const lotsOf = (signed: SignedNotice, at: Date): RecalledLot[] => {
    const { gtin, lots, serials, id } = signed.notice;
    const units = serials.length > 0 ? serials.map((serial) => unitLink(gtin, serial)) : null;
    return lots.map((lot) => ({ lot: lotLink(gtin, lot), units, notice: id, at }));
  };
  const all = rows.map((row) => ({ row, signed: signedOf(row) }));
  const recalls = inForce(all.map(({ signed }) => signed)).filter(({ notice }) => notice.kind === 'recall');
  const standing = new Set(recalls.map(({ notice }) => notice.id));
  const held = new Set(recalls.flatMap(({ notice }) => notice.lots.map((lot) => lotLink(notice.gtin, lot))));
  const fresh = all.filter(({ row }) => row.seq >= since);
  return {
    recalled: fresh
      .filter(({ row }) => standing.has(row.id))
      .flatMap(({ signed, row }) => lotsOf(signed, row.published_at)),
    freed: fresh
      .filter(({ row }) => row.kind === 'withdrawal')
      .flatMap(({ row }) => {
        const about = all.find((one) => one.row.id === row.about && one.row.kind === 'recall');
        return about ? lotsOf(about.signed, row.published_at) : [];
      })
      // another recall may still hold the lot
      .filter(({ lot }) => !held.has(lot)),
    next: rows.length,
  };
}
