/** What keeps storage quick and small without anybody asking: partitions ahead of time, and forgetting what is over. */
import { DAY } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { prepareMonths } from '../adapters/months.ts';
import type { JsonObject } from '../core/checks.ts';
import { eventHash } from '../core/event-hash.ts';
import { hashWithin } from '../core/record.ts';
import type { ProvenanceContext } from './context.ts';

const PORTION = 500;
/** How long one can ask how a capture went. */
const KEEP_JOBS = 90 * DAY;

export async function tidyStorage(ctx: ProvenanceContext): Promise<void> {
  const now = ctx.clock.now();
  await prepareMonths(ctx.db, now);
  await ctx.db.deleteFrom('provenance.ended_token').where('until', '<', new Date(now)).execute();
  await ctx.db
    .deleteFrom('provenance.capture_job')
    .where('finished_at', '<', new Date(now - KEEP_JOBS))
    .execute();
  for (;;) {
    const bare = await ctx.db
      .selectFrom('provenance.event')
      .select(['no', 'event_time', 'body'])
      .where('hash', 'is', null)
      .limit(PORTION)
      .execute();
    if (bare.length === 0) return;
    const hashes = bare.map(({ body }) => hashWithin(eventHash(body as unknown as JsonObject)));
    await sql`
      update provenance.event e set hash = decode(g.hash, 'hex')
      from unnest(${bare.map(({ event_time }) => event_time)}::timestamptz[], ${bare.map(({ no }) => no)}::bigint[],
        ${hashes}::text[]) as g (event_time, no, hash)
      where e.event_time = g.event_time and e.no = g.no`.execute(ctx.db);
  }
}
