/** Provenance's handlers, by the names of its contract. */
import { unitLink } from '@zhenmei/gs1';
import { AppError, type Handlers, type RouteContract, type RouteInput, toIso } from '@zhenmei/kernel';
import type { ProvenanceApi } from '../api.ts';
import { captureDocument } from '../app/capture-event.ts';
import type { ProvenanceContext } from '../app/context.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import { queryEvents } from '../app/query-events.ts';
import { readLot, readProduct, registerLot, registerProduct } from '../app/register.ts';
import { ZM } from '../core/context.ts';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return input.caller.organisationId;
}

export function provenanceHandlers(ctx: ProvenanceContext): Handlers<ProvenanceApi> {
  return {
    registerProduct: (input) =>
      registerProduct(ctx, organisation(input), input.body.product, input.body.authorisation),
    readProduct: ({ params }) => readProduct(ctx, params.gtin),
    registerLot: (input) => registerLot(ctx, organisation(input), input.body),
    readLot: ({ query }) => readLot(ctx, query.link),
    capture: async (input) => {
      const events = await captureDocument(ctx, organisation(input), input.body);
      return { digest: events[0]!.digest, events };
    },
    events: async ({ query }) => {
      const {
        MATCH_anyEPC: epc,
        EQ_bizStep: bizStep,
        GE_eventTime: from,
        LT_eventTime: before,
        perPage,
        nextPageToken,
      } = query;
      const page = await queryEvents(ctx, { epc, bizStep, from, before, perPage, nextPageToken });
      return {
        '@context': [CONTEXT, { zm: ZM }],
        type: 'EPCISQueryDocument',
        schemaVersion: '2.0',
        creationDate: toIso(ctx.clock.now()),
        epcisBody: {
          queryResults: {
            queryName: 'SimpleEventQuery',
            resultsBody: { eventList: page.events.map((event) => ({ ...event })) },
          },
        },
        'zm:nextPageToken': page.nextPageToken,
      };
    },
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
