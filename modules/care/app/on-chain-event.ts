/** What happened on chain moves the visit on: money held, unit opened, claimed, released, review right given. */
import { type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { STEP_DATA } from '../core/step-data.ts';
import { transitionOn } from '../core/visit.ts';
import { applyTransition } from './apply-transition.ts';
import type { CareContext, CareTx, VisitRow } from './context.ts';
import { effects } from './effects/index.ts';
import { lockVisit } from './take-step.ts';

export interface ChainEvent {
  readonly name: string;
  /** Set for events of the escrow and the review groups. */
  readonly agreement?: Hex;
  /** Set for events of the unit registry. */
  readonly unit?: Hex;
  readonly use?: number;
  readonly commitment?: Hex;
  readonly block: number;
  readonly logIndex: number;
}

/** Applies an event inside the indexer's transaction. Unknown agreements and repeated events change nothing. */
export async function onChainEvent(ctx: CareContext, tx: CareTx, event: ChainEvent): Promise<void> {
  const visit = event.agreement ? await byAgreement(tx, event.agreement) : await byUnit(tx, event);
  if (!visit) return;
  const transition = transitionOn(visit.state, event.name);
  if (!transition) return;
  const record = { name: event.name, block: event.block, logIndex: event.logIndex };
  if (transition.trigger.by === 'signatures-then-chain') {
    const pending = await tx
      .selectFrom('care.pending_step')
      .selectAll()
      .where('visit_id', '=', visit.id)
      .executeTakeFirst();
    if (!pending?.signatures.patient || !pending.signatures.clinic) return;
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
    await applyTransition(ctx, tx, visit, transition, { event: record });
  }
  await ctx.notices.visitChanged(tx, visit.id);
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
