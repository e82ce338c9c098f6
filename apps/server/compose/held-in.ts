/** What an agreement is held in, and how its amounts become minor units of its price. */
import { type Quote, quoteTotal } from '@zhenmei/care/core/quote.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { scaleOfOffer } from '@zhenmei/money/core/coin-amounts.ts';
import { type Coin, coinAt, scaleOf } from './coins.ts';
import type { ModuleDeps } from './deps.ts';

interface Offer {
  readonly terms: { readonly token: string; readonly milestones: readonly { readonly amount: string }[] };
  readonly quote: unknown;
}

/**
 * Null in the closed loop. A coin that the operator no longer names keeps the scale that its offer was made with: the offer
 * was taken only with parts that add up to its quote. Throws COIN_SCALE_UNKNOWN where not even that says it.
 */
export function heldIn(
  { terms, quote }: Offer,
  { protocol, coins }: Pick<ModuleDeps, 'protocol' | 'coins'>,
): { readonly token: Hex; readonly scale: bigint; readonly coin: Coin | null } | null {
  const token = terms.token.toLowerCase() as Hex;
  if (token === protocol.contracts.SettlementUnit.toLowerCase()) return null;
  const coin = coinAt(coins, token);
  const scale = coin ? scaleOf(coin) : scaleOfOffer(terms, quoteTotal(quote as Quote));
  if (scale === null) throw new AppError('COIN_SCALE_UNKNOWN');
  return { token, scale, coin };
}
