/** A visit's parts in the database: which one is present, and what becomes of it once its money is settled. */
import { AppError, toIso } from '@zhenmei/kernel';
import type { Updateable } from 'kysely';
import type { CareDatabase } from '../adapters/schema.ts';
import type { VisitView } from '../api.ts';
import { presentPart } from '../core/course.ts';
import { type PartKind, planParts } from '../core/plan.ts';
import { quoteTotal } from '../core/quote.ts';
import type { TermsJson } from '../core/terms.ts';
import type { AgreementAccount } from '../ports.ts';
import type { CareContext, CareTx, VisitRow } from './context.ts';

type Patch = Updateable<CareDatabase['care.visit']>;

export const partOf = (visit: Pick<VisitRow, 'quote' | 'part' | 'parts_paid'>) =>
  presentPart(visit.quote.plan, visit.part, visit.parts_paid);

/** The present part is settled: it is kept as it was done, and the next one becomes present. @param paid wholly or in part */
export async function settlePart(
  ctx: CareContext,
  tx: CareTx,
  visit: VisitRow,
  paid: boolean,
): Promise<Patch> {
  const { kind, last } = partOf(visit);
  await tx
    .insertInto('care.visit_part')
    .values({
      visit_id: visit.id,
      part: visit.part,
      slot_id: kind === 'deposit' ? null : visit.slot_id,
      treatment: visit.treatment && JSON.stringify(visit.treatment),
      paid,
      settled_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.columns(['visit_id', 'part']).doNothing())
    .execute();
  if (last) return {};
  const next = presentPart(visit.quote.plan, visit.part + 1, 0).kind;
  return {
    part: visit.part + 1,
    parts_paid: visit.parts_paid + (paid && kind !== 'deposit' ? 1 : 0),
    needs_time: kind !== 'deposit',
    // a follow-up is about what was done last
    ...(next === 'follow-up' ? {} : { treatment: null }),
  };
}

/** Closed before its end: the receipt is about the last part that was paid; a time that was booked after it is free. */
export async function lastPaid(tx: CareTx, visit: VisitRow): Promise<Patch> {
  const rows = await tx
    .selectFrom('care.visit_part')
    .select(['treatment', 'slot_id'])
    .where('visit_id', '=', visit.id)
    .where('paid', '=', true)
    .orderBy('part', 'desc')
    .execute();
  const found = rows.find(({ treatment }) => treatment?.unit);
  if (!found) return {};
  const { treatment, slot_id: slot } = found;
  const taken =
    slot === null || slot === visit.slot_id
      ? null
      : await tx
          .selectFrom('care.visit')
          .select('id')
          .where('slot_id', '=', slot)
          .where('state', 'not in', ['cancelled', 'refused', 'expired'])
          .executeTakeFirst();
  return {
    treatment: JSON.stringify(treatment),
    needs_time: false,
    ...(slot && !taken ? { slot_id: slot } : {}),
  };
}

/** Throws DEPOSIT_NOT_SETTLED, SESSION_TIME_MISSING. */
export function assertPartReady(visit: VisitRow): void {
  if (partOf(visit).kind === 'deposit') throw new AppError('DEPOSIT_NOT_SETTLED');
  if (visit.needs_time) throw new AppError('SESSION_TIME_MISSING');
}

/** The parts as both sides see them; null where there is one. */
export async function partsView(
  ctx: CareContext,
  visit: VisitRow,
  account: AgreementAccount | null,
): Promise<VisitView['parts']> {
  const { plan } = visit.quote;
  if (!plan) return null;
  const slot = await ctx.db
    .selectFrom('care.slot')
    .select('starts_at')
    .where('id', '=', visit.slot_id)
    .executeTakeFirstOrThrow();
  const rows = await ctx.db
    .selectFrom('care.visit_part as p')
    .leftJoin('care.slot as s', 's.id', 'p.slot_id')
    .select(['p.part', 'p.paid', 'p.settled_at', 'p.treatment', 's.starts_at'])
    .where('p.visit_id', '=', visit.id)
    .execute();
  const terms = visit.terms as unknown as TermsJson | null;
  const planned = await plannedParts(ctx, visit, slot.starts_at.getTime());
  const present = partOf(visit);
  const appointment = present.kind === 'deposit' ? visit.part + 1 : visit.part;
  return {
    present: visit.part,
    kind: present.kind,
    n: present.n,
    of: plan.sessions,
    needsTime: visit.needs_time,
    done: visit.parts_paid,
    list: planned.map(({ kind, n, amount, dueBy }, i) => {
      const row = rows.find(({ part }) => part === i);
      const due = terms?.milestones[i]?.dueBy ?? dueBy;
      const starts = row ? row.starts_at : i === appointment && !visit.needs_time ? slot.starts_at : null;
      return {
        kind,
        n,
        // of the price; the terms say the same in the unit of what it is held in
        amount: amount.toString(),
        dueBy: due === null ? null : toIso(due * 1000),
        state: row ? (row.paid ? 'paid' : 'returned') : stateOf(i, visit, account),
        settledAt: row?.settled_at.toISOString() ?? null,
        startsAt: starts?.toISOString() ?? null,
        unit: (kind === 'session' && row?.treatment?.unit) || null,
        lot: (kind === 'session' && row?.treatment?.lot) || null,
      };
    }),
  };
}

type PartState = NonNullable<VisitView['parts']>['list'][number]['state'];

function stateOf(i: number, visit: VisitRow, account: AgreementAccount | null): PartState {
  if (!account) return 'planned';
  if (account.state === 'closed') return 'returned';
  if (i !== visit.part) return 'held';
  return account.state === 'claimed' || account.state === 'disputed' ? account.state : 'now';
}

interface Planned {
  readonly kind: PartKind;
  readonly n: number;
  readonly amount: bigint;
  readonly dueBy: number | null;
}

/** As the offer will have them, before there is one. */
async function plannedParts(
  ctx: CareContext,
  visit: VisitRow,
  startsAt: number,
): Promise<readonly Planned[]> {
  const service = await ctx.db
    .selectFrom('care.service as v')
    .innerJoin('care.standard as s', (join) =>
      join
        .on((eb) => eb('s.id', '=', eb.ref('v.body', '->>').key('standard').key('id') as never))
        .on((eb) => eb('s.version', '=', eb.ref('v.body', '->>').key('standard').key('version') as never)),
    )
    .select('s.body')
    .where('v.id', '=', visit.service_id)
    .executeTakeFirstOrThrow();
  const { plan } = visit.quote;
  const total = quoteTotal(visit.quote);
  return planParts({ total, plan, startsAt: Math.floor(startsAt / 1000), standard: service.body });
}
