/**
 * Takes one signed step of a visit: load → decide by the one transition table → save with its log leaf.
 * A step that needs both sides is proposed by one and confirmed by the other in its presence.
 */
import { AppError, defineErrors, fromHex, type Hex } from '@zhenmei/kernel';
import type { Signatures } from '../adapters/schema.ts';
import type { Attachments } from '../api.ts';
import { assertPresence } from '../core/presence.ts';
import { type SignedStepType, STEP_DATA } from '../core/step-data.ts';
import { assertFollows, stepHash, type VisitStep, verifyDevice, verifyPatient } from '../core/steps.ts';
import { type Side, transitionFrom } from '../core/visit.ts';
import { applyTransition } from './apply-transition.ts';
import type { CareContext, CareTx, VisitRow } from './context.ts';
import { partOf } from './course.ts';
import { effects } from './effects/index.ts';
import { reportReuse } from './stock/alerts.ts';

defineErrors({
  STEP_NOT_YOURS: {
    status: 403,
    retryable: false,
    zh: '这一步要由另一方来做。',
    en: 'The other side has to take this step.',
  },
});

export interface StepRequest {
  readonly step: VisitStep;
  readonly signature: Hex;
  readonly by: Side;
  readonly code?: string | undefined;
  readonly attachments?: Attachments | undefined;
}

export interface StepCaller {
  /** Organisation of the signed-in desk, or null for the patient. */
  readonly organisationId: string | null;
  readonly lang: 'zh-CN' | 'en';
  /** The same step came before and its outcome is not known: if it was taken, nothing is left to do. */
  readonly again?: boolean;
}

/** Throws one of the codes listed in the route's contract; nothing is kept then. */
export async function takeStep(
  ctx: CareContext,
  visitId: string,
  request: StepRequest,
  caller: StepCaller,
): Promise<void> {
  try {
    await ctx.db.transaction().execute(async (tx) => {
      const visit = await lockVisit(tx, visitId);
      if (caller.again && (await wasTaken(tx, visitId, request))) return;
      await takeStepIn(ctx, tx, visit, request, caller);
      await ctx.notices.visitChanged(tx, visitId);
    });
  } catch (error) {
    await tellOfReuse(ctx, visitId, request, error);
    // two who choose one time at the same moment: the index lets one have it
    if ((error as { constraint?: string }).constraint === 'visit_one_per_slot')
      throw new AppError('SLOT_TAKEN', {}, { cause: error });
    throw error;
  }
}

/** Whoever proposes to open a used unit for another patient is refused, and the regulator is told. */
async function tellOfReuse(
  ctx: CareContext,
  visitId: string,
  { step, by }: StepRequest,
  error: unknown,
): Promise<void> {
  if (!(error instanceof AppError) || step.type !== 'unseal' || by !== 'clinic') return;
  const reuse =
    error.code === 'UNIT_ALREADY_USED' ||
    (error.code === 'UNIT_NOT_CONSISTENT' && String(error.params.codes).includes('ALREADY_USED'));
  if (!reuse) return;
  const visit = await ctx.db
    .selectFrom('care.visit')
    .selectAll()
    .where('id', '=', visitId)
    .executeTakeFirst();
  if (visit) await reportReuse(ctx, visit, String(step.data.unit));
}

export async function lockVisit(tx: CareTx, id: string): Promise<VisitRow> {
  const visit = await tx
    .selectFrom('care.visit')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!visit) throw new AppError('VISIT_UNKNOWN');
  return visit;
}

/** This very step with this very signature: applied, or waiting for the other side or the ledger. */
async function wasTaken(tx: CareTx, visitId: string, { step, signature, by }: StepRequest): Promise<boolean> {
  const hash = stepHash(step);
  const rows = [
    await tx
      .selectFrom('care.visit_step')
      .select('signatures')
      .where('visit_id', '=', visitId)
      .where('hash', '=', hash)
      .executeTakeFirst(),
    await tx
      .selectFrom('care.pending_step')
      .select('signatures')
      .where('visit_id', '=', visitId)
      .where('hash', '=', hash)
      .executeTakeFirst(),
  ];
  return rows.some((row) => row?.signatures[by] === signature);
}

async function takeStepIn(
  ctx: CareContext,
  tx: CareTx,
  visit: VisitRow,
  request: StepRequest,
  caller: StepCaller,
) {
  const { step, by } = request;
  const transition = transitionFrom(visit.state, step.type, partOf(visit));
  if (!transition || transition.trigger.by === 'chain' || transition.trigger.by === 'clock')
    throw new AppError('STEP_NOT_ALLOWED');
  const { sides } = transition.trigger;
  if (!sides.includes(by)) throw new AppError('STEP_NOT_YOURS');
  if (step.visit !== visit.id || (by === 'clinic' && caller.organisationId !== visit.clinic_id))
    throw new AppError('VISIT_UNKNOWN');

  const effect = effects[step.type as SignedStepType];
  const data = STEP_DATA[step.type as SignedStepType].safeParse(step.data);
  if (!data.success)
    throw new AppError('STEP_DATA_WRONG', { field: data.error.issues[0]?.path.join('.') || 'data' });

  const pending = await tx
    .selectFrom('care.pending_step')
    .selectAll()
    .where('visit_id', '=', visit.id)
    .executeTakeFirst();
  const confirms = pending?.hash === stepHash(step) && !pending.signatures[by];
  const attachments = confirms
    ? { ...pending.attachments, ...request.attachments }
    : (request.attachments ?? {});
  const input = { ctx, tx, visit, step, data: data.data as never, attachments, by, lang: caller.lang };

  assertFollows(
    step,
    visit.last_sequence === 0 ? undefined : { sequence: visit.last_sequence, hash: visit.last_hash },
  );
  if (by === 'patient') verifyPatient(step, request.signature, visit.patient_address);
  else verifyDevice(step, request.signature, fromHex(await effect.deviceKey(input)));

  if (sides.length === 1) {
    await effect.check(input);
    await applyTransition(ctx, tx, visit, transition, {
      step,
      signatures: { [by]: request.signature },
      patch: await effect.patch(input),
    });
    return;
  }
  if (!confirms) {
    if (by !== sides[0]) throw new AppError('STEP_NOT_YOURS');
    await effect.check(input);
    await propose(ctx, tx, visit, step, { [by]: request.signature }, attachments);
    return;
  }
  assertPresence(
    visit.id,
    String(step.data.presence),
    request.code ?? '',
    pending.proposed_at.getTime(),
    ctx.clock.now(),
  );
  await effect.check(input);
  await effect.confirm?.(input);
  const signatures: Signatures = { ...pending.signatures, [by]: request.signature };
  if (transition.trigger.by === 'signatures-then-chain') {
    await tx
      .updateTable('care.pending_step')
      .set({ signatures: JSON.stringify(signatures), attachments: JSON.stringify(attachments) })
      .where('visit_id', '=', visit.id)
      .execute();
    return;
  }
  await applyTransition(ctx, tx, visit, transition, { step, signatures, patch: await effect.patch(input) });
}

async function propose(
  ctx: CareContext,
  tx: CareTx,
  visit: VisitRow,
  step: VisitStep,
  signatures: Signatures,
  attachments: Attachments,
) {
  const row = {
    step: JSON.stringify(step),
    hash: stepHash(step),
    signatures: JSON.stringify(signatures),
    attachments: JSON.stringify(attachments),
    proposed_at: new Date(ctx.clock.now()),
  };
  await tx
    .insertInto('care.pending_step')
    .values({ visit_id: visit.id, ...row })
    .onConflict((c) => c.column('visit_id').doUpdateSet(row))
    .execute();
}

/** Takes back a proposal that the other side has not confirmed. Throws STEP_NOT_ALLOWED once both have signed. */
export async function withdrawPending(ctx: CareContext, visitId: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockVisit(tx, visitId);
    const pending = await tx
      .selectFrom('care.pending_step')
      .selectAll()
      .where('visit_id', '=', visitId)
      .executeTakeFirst();
    if (!pending || (pending.signatures.patient && pending.signatures.clinic))
      throw new AppError('STEP_NOT_ALLOWED');
    await tx.deleteFrom('care.pending_step').where('visit_id', '=', visitId).execute();
    await ctx.notices.visitChanged(tx, visitId);
  });
}
