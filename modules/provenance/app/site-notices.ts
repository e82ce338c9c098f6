/** Recalls as a site sees them: only those that concern what it holds, used or expects. */
import { AppError } from '@zhenmei/kernel';
import { inForce } from '../core/notice.ts';
import type { ProvenanceContext } from './context.ts';
import { signedOf } from './notices-of.ts';
import { type NoticeView, readNoticeView } from './read-notice.ts';
import { recallReach, type SiteReach } from './recall-reach.ts';

export interface SiteNotice extends NoticeView {
  /** What of it is at this site. */
  readonly here: SiteReach;
  readonly acknowledgedAt: Date | null;
  readonly locked: number | null;
}

/** Recalls that concern what a site holds, used or expects. Reading them is noted as seen. */
export async function noticesForSite(ctx: ProvenanceContext, organisationId: string): Promise<SiteNotice[]> {
  const party = await ctx.parties.byId(organisationId);
  if (!party) return [];
  const rows = await ctx.db.selectFrom('provenance.notice').selectAll().orderBy('seq').execute();
  const views: SiteNotice[] = [];
  for (const signed of inForce(rows.map(signedOf)).filter(({ notice }) => notice.kind === 'recall')) {
    const { sites } = await recallReach(ctx, signed.notice);
    const here = sites.find(({ gln }) => gln === party.gln);
    if (!here) continue;
    const told = await seen(ctx, signed.notice.id, organisationId);
    views.push({
      ...(await readNoticeView(ctx, signed.notice.id)),
      here,
      acknowledgedAt: told.acknowledged_at,
      locked: told.locked,
    });
  }
  return views;
}

async function seen(ctx: ProvenanceContext, notice: string, organisation: string) {
  await ctx.db
    .insertInto('provenance.acknowledgement')
    .values({
      notice,
      organisation,
      seen_at: new Date(ctx.clock.now()),
      acknowledged_at: null,
      locked: null,
    })
    .onConflict((c) => c.doNothing())
    .execute();
  return ctx.db
    .selectFrom('provenance.acknowledgement')
    .selectAll()
    .where('notice', '=', notice)
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow();
}

/** A site states how many units it took out of its stock. Throws NOTICE_UNKNOWN if the recall does not concern it. */
export async function acknowledgeNotice(
  ctx: ProvenanceContext,
  organisationId: string,
  id: string,
  locked: number,
): Promise<{ acknowledgedAt: Date }> {
  const concerned = await noticesForSite(ctx, organisationId);
  if (!concerned.some(({ signed }) => signed.notice.id === id)) throw new AppError('NOTICE_UNKNOWN');
  const at = new Date(ctx.clock.now());
  await ctx.db
    .updateTable('provenance.acknowledgement')
    .set({ acknowledged_at: at, locked })
    .where('notice', '=', id)
    .where('organisation', '=', organisationId)
    .execute();
  return { acknowledgedAt: at };
}
