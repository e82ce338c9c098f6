/** An insurer answers a clinic's request: signs the policy with its price, or declines. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../context.ts';
import { assertProfile } from './profiles.ts';
import { coverRows } from './views.ts';

/** A request to this insurer that is not in force yet. Throws POLICY_UNKNOWN, POLICY_TOO_LATE. */
async function request(ctx: MoneyContext, insurer: Hex, id: Hex) {
  const [row] = await coverRows(ctx.db, { id });
  const cover = row?.offer.cover as { profile: number; backer: Hex; openBy: number } | undefined;
  if (!row || cover?.profile !== 1 || cover.backer !== insurer) throw new AppError('POLICY_UNKNOWN');
  if (row.cover || cover.openBy * 1000 < ctx.clock.now()) throw new AppError('POLICY_TOO_LATE');
  return row;
}

/**
 * Keeps the insurer's signature over `Policy(bytes32 cover)`; the clinic opens the promise with it.
 * @param premium minor units, between insurer and clinic
 * Throws POLICY_UNKNOWN, POLICY_TOO_LATE, POLICY_NOT_SIGNED, GUARANTEE_PROFILE_OFF.
 */
export async function signPolicy(
  ctx: MoneyContext,
  insurer: Hex,
  id: Hex,
  said: { readonly premium: string; readonly signature: Hex },
): Promise<void> {
  const { answer } = await request(ctx, insurer, id);
  await assertProfile(ctx, 'insurer', insurer);
  if (!(await ctx.backing.policySigned(insurer, id, said.signature))) throw new AppError('POLICY_NOT_SIGNED');
  // the signature covers the promise alone: the premium that the clinic has seen beside it stays
  if (answer?.signature) {
    if (answer.premium !== said.premium) throw new AppError('POLICY_TOO_LATE');
    return;
  }
  await keep(ctx, insurer, id, said);
}

/** A signed policy is declined no more: the clinic may have opened the promise with it. Throws POLICY_UNKNOWN, POLICY_TOO_LATE. */
export async function declinePolicy(ctx: MoneyContext, insurer: Hex, id: Hex): Promise<void> {
  const row = await request(ctx, insurer, id);
  if (row.answer?.signature) throw new AppError('POLICY_TOO_LATE');
  await keep(ctx, insurer, id, { premium: null, signature: null });
}

async function keep(
  ctx: MoneyContext,
  insurer: Hex,
  id: Hex,
  { premium, signature }: { readonly premium: string | null; readonly signature: Hex | null },
): Promise<void> {
  const row = { insurer, premium, signature, answered_at: new Date(ctx.clock.now()) };
  await ctx.db
    .insertInto('money.policy_answer')
    .values({ cover_id: id, ...row })
    .onConflict((c) => c.column('cover_id').doUpdateSet(row))
    .execute();
}
