/** How an agreement's amounts on the ledger become minor units of its price. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../context.ts';

/** Smallest units of what it is held in, in one minor unit of the price; 1 in the closed loop. Throws COIN_SCALE_UNKNOWN. */
export async function priceScale(ctx: MoneyContext, agreement: Hex): Promise<bigint> {
  const facts = await ctx.agreement(agreement);
  if (!facts) throw new AppError('COIN_SCALE_UNKNOWN');
  return facts.coin?.scale ?? 1n;
}
