/** How an agreement's amounts on the ledger become minor units of its price. */
import type { Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../context.ts';

/** Smallest units of what it is held in, in one minor unit of the price; 1 in the closed loop. */
export async function priceScale(ctx: MoneyContext, agreement: Hex): Promise<bigint> {
  const found = await ctx.tokens?.tokenOf(agreement);
  return found ? 10n ** BigInt(found.digits - 2) : 1n;
}
