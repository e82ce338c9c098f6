/** How a recall goes on: which sites it concerns, which have seen it, and what they took out of their stock. */
import { lotLink } from '@zhenmei/gs1';
import { AppError, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Notice } from '../core/notice.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';
import { type NoticeView, readNoticeView } from './read-notice.ts';
import { type Reach, recallReach, type SiteReach } from './recall-reach.ts';

export interface SiteProgress extends SiteReach {
  readonly seenAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly locked: number | null;
}

export interface Progress extends NoticeView {
  readonly reach: Omit<Reach, 'sites'>;
  readonly sites: readonly SiteProgress[];
  /** Lots that the unit registry on chain lets nobody open any more. */
  readonly blockedLots: readonly string[];
}

/** For who said it, the maker of the product, and regulators. Throws NOTICE_UNKNOWN, NOTICE_NOT_YOURS. */
export async function recallProgress(
  ctx: ProvenanceContext,
  organisationId: string,
  id: string,
): Promise<Progress> {
  const view = await readNoticeView(ctx, id);
  const { notice } = view.signed;
  await mustConcern(ctx, organisationId, notice.gtin);
  const reach = await recallReach(ctx, notice);
  const told = await ctx.db
    .selectFrom('provenance.acknowledgement')
    .selectAll()
    .where('notice', '=', id)
    .execute();
  const parties = await ctx.parties.all();
  const { sites, ...rest } = reach;
  return {
    ...view,
    reach: rest,
    blockedLots: await blockedLots(ctx, notice),
    sites: sites.map((site) => {
      const party = parties.find(({ gln }) => gln === site.gln);
      const row = told.find(({ organisation }) => organisation === party?.id);
      return {
        ...site,
        seenAt: row?.seen_at ?? null,
        acknowledgedAt: row?.acknowledged_at ?? null,
        locked: row?.locked ?? null,
      };
    }),
  };
}

/** Throws NOTICE_NOT_YOURS unless it is the maker of the product or a regulator. */
export async function mustConcern(
  ctx: ProvenanceContext,
  organisationId: string,
  gtin: string,
): Promise<Site> {
  const party = await ctx.parties.byId(organisationId);
  if (party?.kind === 'regulator') return party;
  const product = await ctx.db
    .selectFrom('provenance.product')
    .select('maker_id')
    .where('gtin', '=', gtin)
    .executeTakeFirst();
  if (!party || product?.maker_id !== party.id) throw new AppError('NOTICE_NOT_YOURS');
  return party;
}

async function blockedLots(ctx: ProvenanceContext, { gtin, lots }: Notice): Promise<string[]> {
  if (lots.length === 0) return [];
  const keys = new Map(lots.map((lot) => [toHex0x(keccak256(utf8(lotLink(gtin, lot)))), lot]));
  const rows = await ctx.db
    .selectFrom('provenance.chain_lot')
    .select('lot')
    .where('lot', 'in', [...keys.keys()])
    .execute();
  return rows.map(({ lot }) => keys.get(lot)!);
}
