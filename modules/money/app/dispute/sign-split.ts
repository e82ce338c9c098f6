/** An offer to settle: the same split signed by both sides is carried out at once, in every stage. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { type Party, splitFits } from '../../core/dispute.ts';
import type { MoneyContext } from '../context.ts';
import { standing } from './read-dispute.ts';

/** Throws DISPUTE_UNKNOWN, DISPUTE_STAGE_WRONG, DISPUTE_SPLIT_WRONG, CHAIN_REVERTED. */
export async function signSplit(
  ctx: MoneyContext,
  agreement: Hex,
  by: Party,
  refund: bigint,
  signature: Hex,
): Promise<void> {
  const { row, held } = await standing(ctx, agreement);
  if (!row.open) throw new AppError('DISPUTE_STAGE_WRONG');
  const split = { agreement, milestone: row.milestone, refund };
  if (!splitFits(refund, held) || !(await ctx.disputes.splitSigned(split, by, signature)))
    throw new AppError('DISPUTE_SPLIT_WRONG');
  await keep(ctx, split, by, signature);
  const other = await ctx.db
    .selectFrom('money.dispute_split')
    .select(['refund', 'signature'])
    .where('agreement_id', '=', agreement)
    .where('milestone', '=', row.milestone)
    .where('by', '=', by === 'patient' ? 'clinic' : 'patient')
    .executeTakeFirst();
  if (!other?.signature || BigInt(other.refund) !== refund) return;
  const [patient, clinic] = by === 'patient' ? [signature, other.signature] : [other.signature, signature];
  await ctx.disputes.split(agreement, refund, patient, clinic);
}

/** The mediator proposes; nothing is signed by it. Throws DISPUTE_STAGE_WRONG, DISPUTE_SPLIT_WRONG. */
export async function proposeSplit(ctx: MoneyContext, agreement: Hex, refund: bigint): Promise<void> {
  const { row, held, standing: now } = await standing(ctx, agreement);
  if (now.stage !== 'mediation') throw new AppError('DISPUTE_STAGE_WRONG');
  if (!splitFits(refund, held)) throw new AppError('DISPUTE_SPLIT_WRONG');
  await keep(ctx, { agreement, milestone: row.milestone, refund }, 'mediator', null);
}

async function keep(
  ctx: MoneyContext,
  split: { agreement: Hex; milestone: number; refund: bigint },
  by: Party | 'mediator',
  signature: Hex | null,
): Promise<void> {
  const said = { refund: split.refund.toString(), signature, at: new Date(ctx.clock.now()) };
  await ctx.db
    .insertInto('money.dispute_split')
    .values({ agreement_id: split.agreement, milestone: split.milestone, by, ...said })
    .onConflict((c) => c.columns(['agreement_id', 'milestone', 'by']).doUpdateSet(said))
    .execute();
}
