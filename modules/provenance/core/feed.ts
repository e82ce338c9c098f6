/** The public feed of notices: a head that is asked for again and again, and ranges that never change. */
import { z } from 'zod';
import { SignedNotice } from './notice.ts';

/** Entries that one answer holds at most. */
export const FEED_RANGE = 256;

export const FeedHead = z.strictObject({
  format: z.literal('zhenmei-feed/1'),
  size: z.int().min(0),
  /** Signed note over origin, size and root (C2SP tlog-checkpoint). Empty while there is no entry. */
  checkpoint: z.string().max(2_000),
});
export type FeedHead = z.infer<typeof FeedHead>;

export const FeedRange = z.strictObject({
  format: z.literal('zhenmei-feed/1'),
  from: z.int().min(0),
  entries: z.array(SignedNotice).max(FEED_RANGE),
});
export type FeedRange = z.infer<typeof FeedRange>;
