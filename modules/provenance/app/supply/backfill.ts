/** Follows the goods of events that were captured before goods were followed. */
import { sql } from 'kysely';
import { capturedAfter } from '../../adapters/trace.ts';
import type { SupplyContext } from './context.ts';
import { followGoods } from './follow-goods.ts';

/** Kind and key of the durable work. */
export const BACKFILL = 'backfill-goods';

const PAGE = 50;

/** Puts the work in where there are events and nothing follows from them yet. */
export async function scheduleBackfill(ctx: SupplyContext): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ needed: boolean }>`
      SELECT EXISTS (SELECT FROM provenance.event) AND NOT EXISTS (SELECT FROM provenance.item) AS needed`.execute(
      tx,
    );
    if (rows[0]!.needed)
      await ctx.deadlines.schedule(tx, {
        kind: BACKFILL,
        key: BACKFILL,
        payload: null,
        dueAt: ctx.clock.now(),
      });
  });
}

/** In order of capture. Done again it changes nothing, so it may begin anew after a crash. */
export async function backfillGoods(ctx: SupplyContext): Promise<void> {
  for (let after = 0n; ; ) {
    const page = await capturedAfter(ctx.db, after, PAGE);
    if (page.length === 0) return;
    await ctx.db.transaction().execute((tx) =>
      followGoods(
        ctx,
        tx,
        page.map(({ digest, body }) => ({ digest, event: body })),
      ),
    );
    after = page.at(-1)!.no;
  }
}
