/** Moves a visit along one row of the transition table and keeps the step in its hash chain. */
import { canonicalJson, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Updateable } from 'kysely';
import type { CareDatabase, Signatures } from '../adapters/schema.ts';
import { stepHash, type VisitStep } from '../core/steps.ts';
import { FINAL_STATES, type Transition } from '../core/visit.ts';
import type { CareContext, CareTx, VisitRow } from './context.ts';

export interface Taken {
  /** The signed step, or what happened on chain or by the clock. */
  readonly step?: VisitStep;
  readonly event?: Record<string, string | number>;
  readonly signatures?: Signatures;
  readonly patch?: Updateable<CareDatabase['care.visit']>;
}

export async function applyTransition(
  ctx: CareContext,
  tx: CareTx,
  visit: VisitRow,
  transition: Transition,
  taken: Taken,
): Promise<void> {
  const sequence = visit.last_sequence + 1;
  const hash: Hex = taken.step
    ? stepHash(taken.step)
    : toHex0x(
        sha256(
          utf8(
            canonicalJson({
              visit: visit.id,
              type: transition.type,
              sequence,
              previous: visit.last_hash,
              event: taken.event ?? {},
            }),
          ),
        ),
      );
  const now = new Date(ctx.clock.now());
  await tx
    .insertInto('care.visit_step')
    .values({
      visit_id: visit.id,
      sequence,
      type: transition.type,
      from_state: visit.state,
      to_state: transition.to,
      step: taken.step ? JSON.stringify(taken.step) : null,
      hash,
      signatures: JSON.stringify(taken.signatures ?? {}),
      applied_at: now,
    })
    .execute();
  await tx
    .updateTable('care.visit')
    .set({
      ...taken.patch,
      state: transition.to,
      last_sequence: sequence,
      last_hash: hash,
      updated_at: now,
      ...(FINAL_STATES.includes(transition.to) ? { lapses_at: null } : {}),
    })
    .where('id', '=', visit.id)
    .execute();
  await tx.deleteFrom('care.pending_step').where('visit_id', '=', visit.id).execute();
}
