/** What the reconciliation of a running house finds: nothing, if the money fits to the cent. */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { moneyOperatorApi } from '@zhenmei/money';
import type { TestHouse } from './test-house.ts';

export async function differencesIn({ url, house }: TestHouse) {
  const api = apiAt({ baseUrl: url, origin: url, patience: 0 }, 'desk');
  const found = await api.call(moneyOperatorApi.reconcileNow, { bearer: house.operatorToken, body: {} });
  return found.differences;
}
