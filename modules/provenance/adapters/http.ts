/** Provenance's handlers, by the names of its contract. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { ProvenanceApi } from '../api.ts';
import { captureEvent } from '../app/capture-event.ts';
import type { ProvenanceContext } from '../app/context.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import { readLot, readProduct, registerLot, registerProduct } from '../app/register.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return input.caller.organisationId;
}

export function provenanceHandlers(ctx: ProvenanceContext): Handlers<ProvenanceApi> {
  return {
    registerProduct: (input) => registerProduct(ctx, organisation(input), input.body.product, input.body.authorisation),
    readProduct: ({ params }) => readProduct(ctx, params.gtin),
    registerLot: (input) => registerLot(ctx, organisation(input), input.body),
    readLot: ({ query }) => readLot(ctx, query.link),
    capture: (input) => captureEvent(ctx, organisation(input), input.body),
    verify: async ({ query }) => (await judgeUnit(ctx, { code: query.code, purpose: 'public', region: query.region, route: query.route })).view,
  };
}
