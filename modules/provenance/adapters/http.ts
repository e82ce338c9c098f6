/** Provenance's handlers, by the names of its contract. */
import { unitLink } from '@zhenmei/gs1';
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { ProvenanceApi } from '../api.ts';
import type { EpcisContext } from '../app/context.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import { readLot, readProduct, registerLot, registerProduct } from '../app/register.ts';
import { captureHandlers, eventsHandlers } from './epcis-http.ts';
import { queriesHandlers } from './epcis-queries-http.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return input.caller.organisationId;
}

export function provenanceHandlers(ctx: EpcisContext): Handlers<ProvenanceApi> {
  return {
    ...captureHandlers(ctx),
    ...eventsHandlers(ctx),
    ...queriesHandlers(ctx),
    registerProduct: (input) =>
      registerProduct(ctx, organisation(input), input.body.product, input.body.authorisation),
    readProduct: ({ params }) => readProduct(ctx, params.gtin),
    registerLot: (input) => registerLot(ctx, organisation(input), input.body),
    readLot: ({ query }) => readLot(ctx, query.link),
    resolve: async ({ params }) =>
      (await judgeUnit(ctx, { code: unitLink(params.gtin, params.serial), purpose: 'public' })).view,
    verify: async ({ query }) =>
      (
        await judgeUnit(ctx, {
          code: query.code,
          purpose: 'public',
          region: query.region,
          route: query.route,
        })
      ).view,
  };
}
