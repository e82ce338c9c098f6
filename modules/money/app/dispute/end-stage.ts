/** A side says that talk, or the mediator, leads nowhere: the next stage begins at once. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Party } from '../../core/dispute.ts';
import type { MoneyContext } from '../context.ts';
import { standing } from './read-dispute.ts';

/** Saying it twice changes nothing. Throws DISPUTE_UNKNOWN, DISPUTE_STAGE_WRONG. */
export async function endStage(
  ctx: MoneyContext,
  agreement: Hex,
  by: Party,
  stage: 'talk' | 'mediation',
): Promise<void> {
  const { row, standing: now } = await standing(ctx, agreement);
  if (now.stage !== stage) throw new AppError('DISPUTE_STAGE_WRONG');
  await ctx.db
    .insertInto('money.dispute_stage')
    .values({
      agreement_id: agreement,
      milestone: row.milestone,
      stage,
      ended_by: by,
      ended_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.doNothing())
    .execute();
}
