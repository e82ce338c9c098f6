/** What happened on chain moves the visit on: money held, unit opened, claimed, released, review right given. */
import { type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Updateable } from 'kysely';
import type { CareDatabase } from '../adapters/schema.ts';
import { STEP_DATA } from '../core/step-data.ts';
import { type StepType, transitionOn } from '../core/visit.ts';
import { applyTransition } from './apply-transition.ts';
import type { CareContext, CareTx, VisitRow } from './context.ts';
import { lastPaid, partOf, settlePart } from './course.ts';
import { effects } from './effects/index.ts';
import { lockVisit } from './take-step.ts';

export interface ChainEvent {
  readonly name: string;
  /** Set for events of the escrow and the review groups. */
  readonly agreement?: Hex;
  /** Of which milestone it tells, and whether the clinic got something for it. */
  readonly milestone?: number;
  readonly paid?: boolean;
  /** Set for events of the unit registry. */
  readonly unit?: Hex;
  readonly use?: number;
  readonly commitment?: Hex;
  readonly block: number;
  readonly logIndex: number;
}

/**
 * Applies an event inside the indexer's transaction. Unknown agreements and repeated events change nothing.
 * @returns whether the visit has come to an end of which there will be a review right and a receipt
 */
export async function onChainEvent(ctx: CareContext, tx: CareTx, event: ChainEvent): Promise<boolean> {
  const visit = event.agreement ? await byAgreement(tx, event.agreement) : await byUnit(tx, event);
  if (!visit || (event.milestone !== undefined && event.milestone !== visit.part)) return false;
  const part = partOf(visit);
  const done = part.last && event.paid === true && part.kind !== 'deposit';
  const ends = done || (event.name === 'AgreementClosed' && part.paid);
  const transition = transitionOn(visit.state, event.name, part);
  if (!transition) {
    // the last part is divided: the visit goes on with the closing that follows
    if (event.name === 'MilestoneRuled' && visit.state === 'disputed' && part.several)
      await settlePart(ctx, tx, visit, event.paid === true);
    return ends;
  }
  const record = { name: event.name, block: event.block, logIndex: event.logIndex };
  if (transition.trigger.by === 'signatures-then-chain') {
    const pending = await tx
      .selectFrom('care.pending_step')
      .selectAll()
      .where('visit_id', '=', visit.id)
      .executeTakeFirst();
    if (!pending?.signatures.patient || !pending.signatures.clinic) return false;
    const { step, attachments, signatures } = pending;
    const data = STEP_DATA.unseal.parse(step.data);
    const input = {
      ctx,
      tx,
      visit,
      step,
      data: data as never,
      attachments,
      by: 'clinic' as const,
      lang: 'zh-CN' as const,
    };
    await applyTransition(ctx, tx, visit, transition, {
      step,
      signatures,
      event: record,
      patch: await effects.unseal.patch(input),
    });
  } else {
    const patch = await patchOf(ctx, tx, visit, transition.type, event);
    await applyTransition(ctx, tx, visit, transition, { event: record, patch });
  }
  await ctx.notices.visitChanged(tx, visit.id);
  return ends;
}

/** What an agreement of several parts changes with its money. */
async function patchOf(
  ctx: CareContext,
  tx: CareTx,
  visit: VisitRow,
  type: StepType,
  event: ChainEvent,
): Promise<Updateable<CareDatabase['care.visit']>> {
  if (!partOf(visit).several) return {};
  if (type === 'next-part' || type === 'release') return settlePart(ctx, tx, visit, event.paid === true);
  if (type === 'end-early' || type === 'settle') return lastPaid(tx, visit);
  return {};
}

async function byAgreement(tx: CareTx, agreement: Hex): Promise<VisitRow | undefined> {
  const row = await tx
    .selectFrom('care.visit')
    .select('id')
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();
  return row && lockVisit(tx, row.id);
}

/** The visit whose pending step names this unit, this use and this commitment. */
async function byUnit(tx: CareTx, event: ChainEvent): Promise<VisitRow | undefined> {
  const candidates = await tx
    .selectFrom('care.pending_step')
    .select(['visit_id', 'step'])
    .where((eb) =>
      eb(eb.ref('step', '->').key('data').key('commitment'), '=', JSON.stringify(event.commitment) as never),
    )
    .execute();
  const match = candidates.find(
    ({ step }) =>
      step.type === 'unseal' &&
      toHex0x(keccak256(utf8(String(step.data.unit)))) === event.unit &&
      step.data.use === event.use,
  );
  return match && lockVisit(tx, match.visit_id);
}
