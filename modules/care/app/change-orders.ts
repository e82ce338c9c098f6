/**
 * What a clinic proposes beside an agreement. It changes nothing of the agreement and nothing is done or paid today: who
 * accepts it books another day, with an agreement and a cooling-off of its own.
 */
import { AppError, DAY, newId } from '@zhenmei/kernel';
import type { Bilingual, Quote } from '../core/quote.ts';
import type { VisitState } from '../core/visit.ts';
import type { CareContext, CareTx } from './context.ts';
import { loadReadable, type Reader } from './read-visit.ts';

const OPEN: readonly VisitState[] = ['held', 'ready', 'checked-in', 'unsealed', 'performed', 'claimed'];
const LASTS = 14 * DAY;

export interface Proposed {
  readonly items: Quote['items'];
  readonly excluded: Quote['excluded'];
  readonly reason: Bilingual;
}

/** Throws VISIT_UNKNOWN, CHANGE_ORDER_NOT_NOW. */
export async function proposeChange(
  ctx: CareContext,
  clinicId: string,
  visitId: string,
  { items, excluded, reason }: Proposed,
): Promise<{ id: string }> {
  const visit = await ctx.db
    .selectFrom('care.visit')
    .select(['state', 'quote'])
    .where('id', '=', visitId)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst();
  if (!visit) throw new AppError('VISIT_UNKNOWN');
  if (!OPEN.includes(visit.state)) throw new AppError('CHANGE_ORDER_NOT_NOW');
  const now = ctx.clock.now();
  const id = newId(now, ctx.random.bytes(10));
  const lapses = new Date(now + LASTS);
  const quote: Quote = { currency: visit.quote.currency, items, excluded, validUntil: lapses.toISOString() };
  await ctx.db
    .insertInto('care.change_order')
    .values({
      id,
      visit_id: visitId,
      state: 'proposed',
      quote: JSON.stringify(quote),
      reason: JSON.stringify(reason),
      proposed_at: new Date(now),
      lapses_at: lapses,
      answered_at: null,
    })
    .execute();
  return { id };
}

/** The change orders of a visit, the newest first. Throws VISIT_UNKNOWN. */
export async function readChanges(ctx: CareContext, visitId: string, reader: Reader) {
  const visit = await loadReadable(ctx, visitId, reader);
  const rows = await ctx.db
    .selectFrom('care.change_order')
    .selectAll()
    .where('visit_id', '=', visit.id)
    .orderBy('proposed_at', 'desc')
    .limit(20)
    .execute();
  const now = ctx.clock.now();
  return rows.map((row) => ({
    id: row.id,
    state: row.state === 'proposed' && row.lapses_at.getTime() < now ? ('lapsed' as const) : row.state,
    currency: row.quote.currency,
    items: row.quote.items,
    excluded: row.quote.excluded,
    reason: row.reason,
    proposedAt: row.proposed_at.toISOString(),
    lapsesAt: row.lapses_at.toISOString(),
  }));
}

/** The patient says no; nothing else happens. Throws VISIT_UNKNOWN, CHANGE_ORDER_UNKNOWN. */
export async function declineChange(ctx: CareContext, id: string, token: string | null): Promise<void> {
  const order = await ctx.db
    .selectFrom('care.change_order')
    .select('visit_id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (!order) throw new AppError('CHANGE_ORDER_UNKNOWN');
  await loadReadable(ctx, order.visit_id, { token, organisationId: null });
  await answer(ctx, ctx.db, id, 'declined');
}

/** The quote of an open change order for the same service. Throws CHANGE_ORDER_UNKNOWN. */
export async function quoteOfChange(
  ctx: CareContext,
  id: string,
  serviceId: string,
  validUntil: string,
): Promise<Quote> {
  const row = await ctx.db
    .selectFrom('care.change_order as o')
    .innerJoin('care.visit as v', 'v.id', 'o.visit_id')
    .select('o.quote')
    .where('o.id', '=', id)
    .where('v.service_id', '=', serviceId)
    .executeTakeFirst();
  if (!row) throw new AppError('CHANGE_ORDER_UNKNOWN');
  return { ...row.quote, validUntil };
}

/** In the booking's transaction: one change order becomes one booking. Throws CHANGE_ORDER_UNKNOWN. */
export const acceptChange = (ctx: CareContext, tx: CareTx, id: string): Promise<void> =>
  answer(ctx, tx, id, 'accepted');

async function answer(
  ctx: CareContext,
  tx: CareTx,
  id: string,
  state: 'accepted' | 'declined',
): Promise<void> {
  const now = new Date(ctx.clock.now());
  const row = await tx
    .updateTable('care.change_order')
    .set({ state, answered_at: now })
    .where('id', '=', id)
    .where('state', '=', 'proposed')
    .where('lapses_at', '>=', now)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('CHANGE_ORDER_UNKNOWN');
}
