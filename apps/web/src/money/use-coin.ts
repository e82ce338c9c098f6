/** Agreements that are held in a coin: which one, and their terms as the price says them. */
import { useQuery } from '@tanstack/react-query';
import { type Coin, coinOfTerms, pricedTerms } from '@zhenmei/client/coin-frame.ts';
import type { PlainTerms } from '@zhenmei/money/core/plain-terms.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { patientApi } from '../state/apis.ts';

export const useConfig = () =>
  useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });

/** Null in the closed loop, and while it is not known. */
export function useCoin(terms: unknown): Coin | null {
  const coins = useConfig().data?.coins;
  return coins && terms ? coinOfTerms(coins, terms as PlainTerms) : null;
}

/** Null while it is not known, and for terms that are of no price. */
export function usePriced(terms: unknown): PlainTerms | null {
  const coins = useConfig().data?.coins;
  return coins && terms ? pricedTerms(coins, terms as PlainTerms) : null;
}
