/** Provenance's handlers, by the names of its contract. */
import { AppError, type Handlers, type RouteContract, type RouteInput, toIso } from '@zhenmei/kernel';
import type { SupplyApi } from '../api/supply.ts';
import type { ProvenanceApi } from '../api.ts';
import { askedUnit, type VerifyContext } from '../app/ask-unit.ts';
import { captureDocument } from '../app/capture-event.ts';
import { readProduct, registerProduct } from '../app/products.ts';
import { queryEvents } from '../app/query-events.ts';
import { readLot, registerLot } from '../app/register.ts';
import { ZM } from '../core/context.ts';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return input.caller.organisationId;
}

/** Those of what moves goods are in `supply-http.ts`. */
export function provenanceHandlers(ctx: VerifyContext): Handlers<Omit<ProvenanceApi, keyof SupplyApi>> {
  return {
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
