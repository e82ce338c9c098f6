/** The organisation pays in what its study promises. */
import { AppError } from '@zhenmei/kernel';
import { orderAmount } from '../../core/pool/pay.ts';
import { openRelease } from '../../core/pool/study.ts';
import type { FundOrder } from '../../ports.ts';
import type { VaultContext } from '../context.ts';
import { assertMayStudy } from './register-study.ts';
import { studyOf } from './studies.ts';

/**
 * The same number of answers again is the same order, as long as it waits.
 * Throws POOL_NOT_ALLOWED, POOL_STUDY_UNKNOWN, POOL_UNPAID, POOL_NOT_OPEN, POOL_FUND_SMALL, RAIL_MISSING.
 */
export async function fundStudy(
  ctx: VaultContext,
  { organisation }: { readonly organisation: string },
  id: string,
  answers: number,
): Promise<FundOrder> {
  await assertMayStudy(ctx, organisation);
  const { plan, organisation_id } = await studyOf(ctx.db, id);
  if (organisation_id !== organisation) throw new AppError('POOL_STUDY_UNKNOWN');
  const amount = orderAmount(plan, await ctx.funds.balance(ctx.db, id), answers);
  if (openRelease(plan, ctx.clock.now()) === null) throw new AppError('POOL_NOT_OPEN');
  const until = Date.parse(plan.releases.at(-1)!);
  return ctx.funds.order(id, amount, plan.payment.currency, until);
}
