/** Handlers of notices and their feed. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { NoticeView as NoticeJson, RecallApi } from '../api/recall.ts';
import type { SafetyContext } from '../app/context.ts';
import { feedHead, feedRange } from '../app/feed.ts';
import { publishNotice } from '../app/publish-notice.ts';
import { type NoticeView, noticesOfParty, readNoticeView } from '../app/read-notice.ts';
import { recallChoices } from '../app/recall-choices.ts';
import { mustConcern, recallProgress } from '../app/recall-progress.ts';
import { recallReach } from '../app/recall-reach.ts';
import { acknowledgeNotice, noticesForSite } from '../app/site-notices.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('NOTICE_NOT_YOURS');
  return input.caller.organisationId;
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const viewOf = ({ publishedAt, ...view }: NoticeView): NoticeJson => ({
  ...view,
  publishedAt: publishedAt.toISOString(),
});

export function recallHandlers(ctx: SafetyContext): Handlers<RecallApi> {
  return {
    publishNotice: (input) => publishNotice(ctx, organisation(input), input.body),
    listNotices: async (input) => ({
      notices: (await noticesOfParty(ctx, organisation(input))).map(viewOf),
    }),
    recallChoices: async (input) => ({
      products: (await recallChoices(ctx, organisation(input))).map((one) => ({
        ...one,
        lots: [...one.lots],
      })),
    }),
    readNotice: async ({ params }) => viewOf(await readNoticeView(ctx, params.id)),
    recallReach: async (input) => {
      await mustConcern(ctx, organisation(input), input.body.gtin);
      const { sites, ...rest } = await recallReach(ctx, input.body);
      return { ...rest, sites: [...sites] };
    },
    recallProgress: async (input) => {
      const progress = await recallProgress(ctx, organisation(input), input.params.id);
      return {
        ...viewOf(progress),
        reach: progress.reach,
        blockedLots: [...progress.blockedLots],
        sites: progress.sites.map((site) => ({
          ...site,
          seenAt: iso(site.seenAt),
          acknowledgedAt: iso(site.acknowledgedAt),
        })),
      };
    },
    siteNotices: async (input) => ({
      notices: (await noticesForSite(ctx, organisation(input))).map(({ acknowledgedAt, ...notice }) => ({
        ...notice,
        publishedAt: notice.publishedAt.toISOString(),
        acknowledgedAt: iso(acknowledgedAt),
      })),
    }),
    acknowledgeNotice: async (input) => {
      const { id } = input.params;
      const done = await acknowledgeNotice(ctx, organisation(input), id, input.body.locked);
      return { acknowledgedAt: done.acknowledgedAt.toISOString() };
    },
    feedHead: () => feedHead(ctx),
    feedRange: ({ params }) => feedRange(ctx, params.from, params.to),
  };
}
