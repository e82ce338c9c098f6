/** Handlers of prices, quotes and change orders. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import { declineChange, proposeChange, readChanges } from '../app/change-orders.ts';
import type { CareContext } from '../app/context.ts';
import { publishPriceList, readPriceLists, reviseQuote } from '../app/price-lists.ts';
import type { PriceApi } from '../price-api.ts';

const DONE = { done: true } as const;

function clinicOf({ caller }: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!caller?.organisationId) throw new AppError('VISIT_UNKNOWN');
  return caller.organisationId;
}

export function priceHandlers(ctx: CareContext): Handlers<PriceApi> {
  return {
    readPriceLists: async ({ params }) => ({ lists: await readPriceLists(ctx, params.id) }),
    publishPriceList: (input) => publishPriceList(ctx, clinicOf(input), input.body, input.lang),
    reviseQuote: async (input) => {
      await reviseQuote(ctx, clinicOf(input), input.params.id, input.body);
      return DONE;
    },
    proposeChange: (input) => proposeChange(ctx, clinicOf(input), input.params.id, input.body),
    readChanges: async ({ params, bearer, caller }) => ({
      changes: await readChanges(ctx, params.id, {
        token: bearer,
        organisationId: caller?.organisationId ?? null,
      }),
    }),
    declineChange: async ({ params, bearer }) => {
      await declineChange(ctx, params.id, bearer);
      return DONE;
    },
  };
}
