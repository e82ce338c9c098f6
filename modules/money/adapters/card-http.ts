/** Handlers of the ways to pay beside the custodian. */
import { AppError, type Handlers, type Hex } from '@zhenmei/kernel';
import { answerCardDispute, listCardDisputes } from '../app/card/answer-dispute.ts';
import { beginCardPayment } from '../app/card/begin-card-payment.ts';
import { takeCardEvent } from '../app/card/follow-cards.ts';
import { readClinicRails, readRails, setClinicRails } from '../app/card/read-rails.ts';
import type { MoneyContext } from '../app/context.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import type { RailsApi } from '../rails-api.ts';
import { ownAgreement } from './own-agreement.ts';

const DONE = { done: true } as const;

/** @param accountOf the account on chain of a signed-in organisation */
export function railsHandlers(
  ctx: MoneyContext,
  accountOf: (organisationId: string) => Promise<Hex | null>,
): Handlers<RailsApi> {
  const clinic = async (caller: { organisationId?: string | null } | null): Promise<Hex> => {
    const account = caller?.organisationId ? await accountOf(caller.organisationId) : null;
    if (!account) throw new AppError('PAYMENT_UNKNOWN');
    return account;
  };
  const own = ownAgreement(ctx);
  return {
    readRails: async (input) => readRails(ctx, await own(input)),
    payByCard: async (input) => beginCardPayment(ctx, await own(input)),
    takeCardEvent: async ({ body }) => {
      await takeCardEvent(ctx, body);
      if (ctx.rail) await readEntries(ctx);
      return DONE;
    },
    readClinicRails: async ({ caller }) => readClinicRails(ctx, await clinic(caller)),
    setClinicRails: async ({ caller, body }) => setClinicRails(ctx, await clinic(caller), body.card),
    readCardDisputes: () => listCardDisputes(ctx),
    answerCardDispute: async ({ params, body }) => {
      await answerCardDispute(ctx, params.id, body.answer);
      return DONE;
    },
  };
}
