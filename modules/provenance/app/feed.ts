/** The feed as every device fetches it: the same bytes for everybody, and nothing about who asks. */
import { AppError } from '@zhenmei/kernel';
import { FEED_RANGE, type FeedHead, type FeedRange } from '../core/feed.ts';
import type { FeedPort } from '../ports.ts';
import type { SafetyContext } from './context.ts';
import { signedOf } from './notices-of.ts';

/** The newest head of each feed: signed once, since the same size is the same list. */
const heads = new WeakMap<FeedPort, { readonly size: number; readonly head: Promise<FeedHead> }>();

export async function feedHead(ctx: SafetyContext): Promise<FeedHead> {
  const row = await ctx.db
    .selectFrom('provenance.notice')
    .select((eb) => eb.fn.countAll<bigint>().as('size'))
    .executeTakeFirstOrThrow();
  const size = Number(row.size);
  if (size === 0) return { format: 'zhenmei-feed/1', size, checkpoint: '' };
  const known = heads.get(ctx.feed);
  if (known?.size === size) return known.head;
  const head = sealed(ctx, size);
  heads.set(ctx.feed, { size, head });
  head.catch(() => heads.delete(ctx.feed));
  return head;
}

async function sealed(ctx: SafetyContext, size: number): Promise<FeedHead> {
  const rows = await ctx.db
    .selectFrom('provenance.notice')
    .select('text')
    .where('seq', '<', size)
    .orderBy('seq')
    .execute();
  return { format: 'zhenmei-feed/1', size, checkpoint: await ctx.feed.seal(rows.map(({ text }) => text)) };
}

/** Entries from `from` up to but not `to`. Throws FEED_RANGE_UNKNOWN. */
export async function feedRange(ctx: SafetyContext, from: number, to: number): Promise<FeedRange> {
  if (from >= to || to - from > FEED_RANGE) throw new AppError('FEED_RANGE_UNKNOWN');
  const rows = await ctx.db
    .selectFrom('provenance.notice')
    .select('text')
    .where('seq', '>=', from)
    .where('seq', '<', to)
    .orderBy('seq')
    .execute();
  if (rows.length !== to - from) throw new AppError('FEED_RANGE_UNKNOWN');
  return { format: 'zhenmei-feed/1', from, entries: rows.map(signedOf) };
}
