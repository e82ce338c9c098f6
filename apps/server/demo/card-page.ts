/** Serves the page of the demo's acquirer, and tells the house of what happened on it by a signed message. */
import type { Handlers } from '@zhenmei/kernel';
import { answerChallenge, messageOf, presentCard, readAcquirerPage, takeCardEvent } from '@zhenmei/money';
import type { demoCardApi } from '../api/demo-card.ts';
import { demoAcquirerOf } from '../compose/card-rail.ts';
import type { ModuleDeps } from '../compose/deps.ts';
import type { Modules } from '../compose/modules.ts';
import { followRail } from '../compose/money.ts';

export function cardPageHandlers(deps: ModuleDeps, { money }: Modules): Handlers<typeof demoCardApi> {
  const acquirer = demoAcquirerOf(deps);
  const tell = async (number: string, state: string) => {
    await takeCardEvent(money, messageOf(acquirer, number, state));
    await followRail(money);
    return readAcquirerPage(acquirer, number);
  };
  return {
    readCardPage: ({ params }) => readAcquirerPage(acquirer, params.number),
    presentCard: async ({ params, body }) =>
      tell(params.number, await presentCard(acquirer, params.number, body.card)),
    answerChallenge: async ({ params, body }) =>
      tell(params.number, await answerChallenge(acquirer, params.number, body.yes)),
  };
}
