/** What a party does with a case by hand: takes it on, sets goods aside, notes something. Only a statement ends it. */
import { AppError } from '@zhenmei/kernel';
import { afterStep, type ExceptionState, type Step } from '../../core/exceptions.ts';
import type { SupplyContext } from './context.ts';
import { addEntry, setState } from './keep-exceptions.ts';

const WHAT = { 'take-on': 'taken-on', quarantine: 'quarantined', note: 'noted' } as const;

/** Throws EXCEPTION_UNKNOWN, EXCEPTION_STEP_WRONG, EXCEPTION_NOTE_MISSING. */
export async function stepException(
  ctx: SupplyContext,
  organisationId: string,
  id: string,
  { step, note }: { readonly step: Step; readonly note?: string | undefined },
): Promise<{ state: ExceptionState }> {
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('provenance.exception')
      .select(['owner_id', 'other_id', 'state'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!row || ![row.owner_id, row.other_id].includes(organisationId))
      throw new AppError('EXCEPTION_UNKNOWN');
    if (step === 'take-on' && row.owner_id !== organisationId) throw new AppError('EXCEPTION_STEP_WRONG');
    const written = note?.trim();
    if (step !== 'take-on' && !written) throw new AppError('EXCEPTION_NOTE_MISSING');
    const state = afterStep(row.state, step);
    if (!state) throw new AppError('EXCEPTION_STEP_WRONG');
    await setState(tx, id, state);
    await addEntry(ctx, tx, id, { what: WHAT[step], organisation: organisationId, note: written });
    return { state };
  });
}

/** The deadline of a case has come. Idempotent: a case says once that it is overdue, until it is opened anew. */
export async function exceptionDue(ctx: SupplyContext, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('provenance.exception')
      .select(['state', 'due_at'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!row || row.state === 'resolved' || row.due_at.getTime() > ctx.clock.now()) return;
    const said = await tx
      .selectFrom('provenance.exception_entry')
      .select('no')
      .where('exception_id', '=', id)
      .where('what', '=', 'overdue')
      .where('at', '>=', row.due_at)
      .executeTakeFirst();
    if (!said) await addEntry(ctx, tx, id, { what: 'overdue' });
  });
}
