/** Lets bookings and offers lapse when their time is over, so that a silent side never blocks a time. */
import { TRANSITIONS } from '../core/visit.ts';
import { applyTransition } from './apply-transition.ts';
import type { CareContext } from './context.ts';
import { lockVisit } from './take-step.ts';

const EXPIRE = TRANSITIONS.find((t) => t.type === 'expire')!;

/** @returns how many visits lapsed */
export async function expireVisits(ctx: CareContext): Promise<number> {
  const now = new Date(ctx.clock.now());
  const due = await ctx.db
    .selectFrom('care.visit')
    .select('id')
    .where('lapses_at', '<=', now)
    .where('state', 'in', [...EXPIRE.from])
    .limit(100)
    .execute();
  for (const { id } of due)
    await ctx.db.transaction().execute(async (tx) => {
      const visit = await lockVisit(tx, id);
      if (!EXPIRE.from.includes(visit.state) || !visit.lapses_at || visit.lapses_at > now) return;
      await applyTransition(ctx, tx, visit, EXPIRE, { event: { lapsed: visit.lapses_at.toISOString() } });
      await ctx.notices.visitChanged(tx, id);
    });
  return due.length;
}
