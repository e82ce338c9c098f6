/** Provenance's handlers, by the names of its contract. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { SupplyApi } from '../api/supply.ts';
import type { ProvenanceApi } from '../api.ts';
import { askedUnit, type VerifyContext } from '../app/ask-unit.ts';
import type { EpcisContext } from '../app/context.ts';
import { readProduct, registerProduct } from '../app/products.ts';
import { readLot, registerLot } from '../app/register.ts';
import { captureHandlers, eventsHandlers } from './epcis-http.ts';
import { queriesHandlers } from './epcis-queries-http.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return input.caller.organisationId;
}

/** Those of what moves goods are in `supply-http.ts`. */
export function provenanceHandlers(
  ctx: EpcisContext & VerifyContext,
): Handlers<Omit<ProvenanceApi, keyof SupplyApi>> {
  return {
    ...captureHandlers(ctx),
    ...eventsHandlers(ctx),
    ...queriesHandlers(ctx),
    registerProduct: (input) =>
      registerProduct(
        ctx,
        organisation(input),
        input.body.product,
        input.body.authorisation,
        input.body.note,
      ),
    readProduct: ({ params }) => readProduct(ctx, params.gtin),
    registerLot: (input) => registerLot(ctx, organisation(input), input.body),
    readLot: ({ query }) => readLot(ctx, query.link),
    listPlaces: async () => ({
      places: (await ctx.parties.all())
        .filter(({ kind }) => kind === 'clinic')
        .map(({ gln, name, city }) => ({ gln, name, city })),
    }),
    verify: async ({ query, network, region }) => {
      const { at, ...rest } = query;
      return (await askedUnit(ctx, { ...rest, network, from: region, ...(at ? { place: at } : {}) })).view;
    },
  };
}
