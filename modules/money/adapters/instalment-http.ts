/** The handlers of instalments, by the names of their contract. */
import { AppError, type Handlers } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { agreeToLoan, applyForLoan } from '../app/instalment/apply-for-loan.ts';
import { offerLoan } from '../app/instalment/offer-loan.ts';
import { orderCapital, orderInstalment, readCapital } from '../app/instalment/order-payment.ts';
import { readLenderDesk } from '../app/instalment/read-desk.ts';
import { readLoan } from '../app/instalment/read-loan.ts';
import type { InstalmentApi } from '../instalment-api.ts';

export function instalmentHandlers(ctx: MoneyContext): Handlers<InstalmentApi> {
  const lender = (caller: { organisationId?: string | null } | null): string => {
    if (!caller?.organisationId) throw new AppError('LOAN_UNKNOWN');
    return caller.organisationId;
  };
  return {
    readLoan: ({ params }) => readLoan(ctx, params.id),
    applyForLoan: ({ params, body: { signature, ...asked }, lang }) =>
      applyForLoan(ctx, { agreement: params.id, ...asked }, signature, lang),
    agreeToLoan: ({ params, body }) => agreeToLoan(ctx, params.id, body.signature),
    orderInstalment: ({ params, body }) => orderInstalment(ctx, params.id, body.what),
    lenderLoans: ({ caller }) => readLenderDesk(ctx, lender(caller)),
    offerLoan: ({ caller, body, lang }) =>
      offerLoan(ctx, lender(caller), body.plan, body.signature, body.affordable, lang),
    orderCapital: ({ caller, body }) => orderCapital(ctx, lender(caller), body.amount),
    readCapital: ({ caller, params }) => readCapital(ctx, lender(caller), params.reference),
  };
}
