/** A published notice, who said it, and what became of it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { type Notice, noticeDigest, type SignedNotice } from '../core/notice.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';
import { signedOf } from './notices-of.ts';

export interface NoticeView {
  readonly seq: number;
  readonly digest: Hex;
  readonly signed: SignedNotice;
  readonly by: Site['name'];
  readonly publishedAt: Date;
  /** Notices that withdrew or closed it. */
  readonly withdrawn: SignedNotice | null;
  readonly closed: SignedNotice | null;
}

/** Throws NOTICE_UNKNOWN. */
export async function readNoticeView(ctx: ProvenanceContext, id: string): Promise<NoticeView> {
  const row = await ctx.db
    .selectFrom('provenance.notice')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new AppError('NOTICE_UNKNOWN');
  const later = await ctx.db.selectFrom('provenance.notice').select('text').where('about', '=', id).execute();
  const after = (kind: Notice['kind']) =>
    later.map(signedOf).find(({ notice }) => notice.kind === kind) ?? null;
  const sites = await ctx.parties.all();
  const signed = signedOf(row);
  return {
    seq: row.seq,
    digest: noticeDigest(signed),
    signed,
    by: sites.find(({ gln }) => gln === row.issuer)?.name ?? { zh: row.issuer, en: row.issuer },
    publishedAt: row.published_at,
    withdrawn: after('withdrawal'),
    closed: after('closure'),
  };
}

/** Recalls and counterfeits, newest first: of a maker its own products', of a regulator all. */
export async function noticesOfParty(ctx: ProvenanceContext, organisationId: string): Promise<NoticeView[]> {
  const party = await ctx.parties.byId(organisationId);
  let rows = ctx.db
    .selectFrom('provenance.notice as n')
    .select('n.id')
    .where('n.kind', 'in', ['recall', 'counterfeit'])
    .orderBy('n.seq', 'desc')
    .limit(200);
  if (party?.kind !== 'regulator')
    rows = rows
      .innerJoin('provenance.product as p', 'p.gtin', 'n.gtin')
      .where('p.maker_id', '=', organisationId);
  return Promise.all((await rows.execute()).map(({ id }) => readNoticeView(ctx, id)));
}
