/** Agreements that are held in a coin: which one, and their terms as the price says them. */
import { useQuery } from '@tanstack/react-query';
import { type Coin, coinOfTerms, pricedTerms, scaleOfTerms } from '@zhenmei/client/coin-frame.ts';
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

/** Null while it is not known, for terms that are of no price, and where nobody knows what their amounts are in. */
export function usePriced(terms: unknown): PlainTerms | null {
  const house = useConfig().data;
  return house && terms && !unknownAmounts(house, terms) ? pricedTerms(house, terms as PlainTerms) : null;
}

/** The refusal where terms are in a coin that the house does not name; null otherwise, and while it is not known. */
export function useUnknownAmounts(terms: unknown): unknown {
  const house = useConfig().data;
  return house && terms ? unknownAmounts(house, terms) : null;
}

function unknownAmounts(house: Parameters<typeof scaleOfTerms>[0], terms: unknown): unknown {
  try {
    scaleOfTerms(house, terms as PlainTerms);
    return null;
  } catch (error) {
    return error;
  }
}
