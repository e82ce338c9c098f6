/** The HTTP contract of notices: publishing and following them, and the feed that every device fetches alike. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { FeedHead, FeedRange } from '../core/feed.ts';
import { SignedNotice } from '../core/notice.ts';

const Text = z.object({ zh: z.string(), en: z.string() });
const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Id = z.object({ id: z.uuid() });
const Count = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})$/)
  .transform(Number);

const Lots = z.object({
  gtin: z.string().regex(/^\d{14}$/),
  lots: z.array(z.string().min(1).max(20)).min(1).max(100),
  serials: z.array(z.string().min(1).max(20)).max(1_000),
});

export const SiteReachView = z.object({
  gln: z.string(),
  name: Text,
  kind: z.string(),
  held: z.int(),
  used: z.int(),
  /** On their way to it. */
  coming: z.int(),
});

const Rest = z.object({ units: z.int(), gone: z.int(), unknown: z.int() });

export const NoticeView = z.object({
  seq: z.int(),
  digest: Hex,
  signed: SignedNotice,
  by: Text,
  publishedAt: z.iso.datetime(),
  withdrawn: SignedNotice.nullable(),
  closed: SignedNotice.nullable(),
});
export type NoticeView = z.infer<typeof NoticeView>;

export const SiteNoticeView = NoticeView.extend({
  here: SiteReachView,
  acknowledgedAt: z.iso.datetime().nullable(),
  locked: z.int().nullable(),
});

export const ProgressView = NoticeView.extend({
  reach: Rest,
  sites: z.array(
    SiteReachView.extend({
      seenAt: z.iso.datetime().nullable(),
      acknowledgedAt: z.iso.datetime().nullable(),
      locked: z.int().nullable(),
    }),
  ),
  blockedLots: z.array(z.string()),
});
export type ProgressView = z.infer<typeof ProgressView>;

export const recallApi = {
  publishNotice: defineRoute({
    method: 'POST',
    path: '/api/notices',
    summary: {
      zh: '发布召回、警示，或撤回、结束',
      en: 'Publish a recall or a warning, withdraw or close it',
    },
    auth: 'desk',
    body: z.looseObject({ notice: z.json(), key: z.string(), signature: z.string() }),
    response: { 200: z.object({ id: z.uuid(), seq: z.int(), digest: Hex }) },
    errors: [
      'NOTICE_INVALID',
      'NOTICE_NOT_SIGNED',
      'NOTICE_NOT_YOURS',
      'NOTICE_EXISTS',
      'NOTICE_UNKNOWN',
      'NOTICE_TIME_WRONG',
    ],
  }),
  listNotices: defineRoute({
    method: 'GET',
    path: '/api/notices',
    summary: {
      zh: '本机构产品的公告；监管机构看到全部',
      en: 'Notices about the organisation’s products; a regulator sees all',
    },
    auth: 'desk',
    response: { 200: z.object({ notices: z.array(NoticeView) }) },
    errors: [],
  }),
  recallChoices: defineRoute({
    method: 'GET',
    path: '/api/notices/products',
    summary: { zh: '可以召回的产品与批号', en: 'Products and lots that may be recalled' },
    auth: 'desk',
    response: {
      200: z.object({
        products: z.array(z.object({ gtin: z.string(), name: Text, lots: z.array(z.string()) })),
      }),
    },
    errors: [],
  }),
  readNotice: defineRoute({
    method: 'GET',
    path: '/api/notices/:id',
    summary: { zh: '查看一份公告', en: 'Read a notice' },
    auth: 'public',
    params: Id,
    response: { 200: NoticeView },
    errors: ['NOTICE_UNKNOWN'],
  }),
  recallReach: defineRoute({
    method: 'POST',
    path: '/api/notices/reach',
    summary: {
      zh: '这些批次的产品现在在哪里：按场所，不涉及个人',
      en: 'Where the units of these lots are now: by site, never by person',
    },
    auth: 'desk',
    body: Lots,
    response: { 200: Rest.extend({ sites: z.array(SiteReachView) }) },
    errors: ['NOTICE_NOT_YOURS'],
  }),
  recallProgress: defineRoute({
    method: 'GET',
    path: '/api/notices/:id/progress',
    summary: { zh: '召回的进展', en: 'How a recall goes on' },
    auth: 'desk',
    params: Id,
    response: { 200: ProgressView },
    errors: ['NOTICE_UNKNOWN', 'NOTICE_NOT_YOURS'],
  }),
  siteNotices: defineRoute({
    method: 'GET',
    path: '/api/site/notices',
    summary: { zh: '涉及本场所的召回', en: 'Recalls that concern this site' },
    auth: 'desk',
    response: { 200: z.object({ notices: z.array(SiteNoticeView) }) },
    errors: [],
  }),
  acknowledgeNotice: defineRoute({
    method: 'POST',
    path: '/api/site/notices/:id',
    summary: {
      zh: '确认召回，并说明封存了多少',
      en: 'Acknowledge a recall and say how many units were locked',
    },
    auth: 'desk',
    params: Id,
    body: z.object({ locked: z.int().min(0).max(1_000_000) }),
    response: { 200: z.object({ acknowledgedAt: z.iso.datetime() }) },
    errors: ['NOTICE_UNKNOWN'],
  }),
  feedHead: defineRoute({
    method: 'GET',
    path: '/recalls/head',
    summary: { zh: '公告清单的最新位置（已签名）', en: 'Where the list of notices ends now (signed)' },
    auth: 'public',
    perMinute: 600,
    response: { 200: FeedHead.meta({ cacheControl: 'public, max-age=15' }) },
    errors: [],
  }),
  feedRange: defineRoute({
    method: 'GET',
    path: '/recalls/:from/:to',
    summary: { zh: '公告清单的一段，永不改变', en: 'A stretch of the list of notices; it never changes' },
    auth: 'public',
    perMinute: 600,
    params: z.object({ from: Count, to: Count }),
    response: { 200: FeedRange.meta({ cacheControl: 'public, max-age=31536000, immutable' }) },
    errors: ['FEED_RANGE_UNKNOWN'],
  }),
};
export type RecallApi = typeof recallApi;
