/** Handlers of the EPCIS 2.0 REST binding: capture, events and what they are of; by the names of the contract. */
import { linkToUrn } from '@zhenmei/gs1';
import { AppError, type Handlers, isId, type Json, type Lang } from '@zhenmei/kernel';
import type { captureApi } from '../api/epcis-capture.ts';
import type { eventsApi } from '../api/epcis-events.ts';
import { exceptionOf, type QueryDocument } from '../api/epcis-frame.ts';
import { browse, type Collection, memberOf } from '../app/browse.ts';
import { captureEvent } from '../app/capture-event.ts';
import type { EpcisContext } from '../app/context.ts';
import { mustBeTame, readDocument } from '../app/epcis.ts';
import { type ErrorBehaviour, openCaptureJob } from '../app/open-capture-job.ts';
import { endToken, pageAfter } from '../app/page-tokens.ts';
import { queryEvents } from '../app/query-events.ts';
import { type CaptureJobView, captureJobs, readCaptureJob } from '../app/read-capture-job.ts';
import { readStored } from '../app/read-stored.ts';
import { Presenter } from '../core/present.ts';
import type { Parameters } from '../core/query/parameters.ts';
import { collection, type Input, linkNext, organisationOf, queryDocument } from './epcis-answers.ts';
import { readHeaders } from './epcis-headers.ts';

const nothing = async (): Promise<null> => null;
const MOST_PER_PAGE = 1_000;

export function captureHandlers(ctx: EpcisContext): Handlers<typeof captureApi> {
  return {
    discoverCapture: nothing,
    discoverCaptureJob: nothing,
    async capture(input) {
      const organisation = organisationOf(input);
      readHeaders(input.http);
      const document = documentOf(input.body);
      const id = await openCaptureJob(ctx, organisation, document, behaviourOf(input));
      input.http?.header('location', `/capture/${id}`);
      return null;
    },
    async captureJobs(input) {
      const organisation = organisationOf(input);
      readHeaders(input.http);
      const { perPage, nextPageToken } = input.query;
      const size = Math.min(perPage, MOST_PER_PAGE);
      const page = await pageAfter(
        ctx,
        'capture',
        nextPageToken,
        size,
        (after, limit) =>
          captureJobs(ctx, organisation, { ...(after === null ? {} : { before: after }), limit }),
        isId,
      );
      linkNext(
        input,
        '/capture',
        page.next((job) => job.captureID),
      );
      return page.items.map((job) => jobView(job, input.lang));
    },
    async captureJob(input) {
      readHeaders(input.http);
      return jobView(await readCaptureJob(ctx, organisationOf(input), input.params.captureID), input.lang);
    },
    async captureEvent(input) {
      const organisation = organisationOf(input);
      const { format } = readHeaders(input.http);
      mustBeTame(input.body as Json);
      const { digest } = await captureEvent(ctx, organisation, input.body);
      const stored = await readStored(ctx, digest);
      const presenter = new Presenter(format, linkToUrn);
      const event = presenter.event(stored);
      input.http?.header('location', `/events/${encodeURIComponent(stored.eventID)}`);
      input.http?.header('zm-event-digest', digest);
      return { '@context': presenter.context(), ...event };
    },
  };
}

function documentOf(body: unknown): Json {
  if (typeof body === 'string') return readDocument(body);
  mustBeTame(body as Json);
  return body as Json;
}

function behaviourOf({ http }: Input): ErrorBehaviour {
  const given = http?.headers['gs1-capture-error-behaviour'] ?? 'rollback';
  if (given !== 'rollback' && given !== 'proceed')
    throw new AppError('EPCIS_HEADER_INVALID', { name: 'GS1-Capture-Error-Behaviour' });
  return given;
}

function jobView({ errors, ...job }: CaptureJobView, lang: Lang) {
  return {
    ...job,
    errors: errors.map(({ code, params, position, pointer }) => {
      const error = new AppError(code, params);
      const texts = { 'zh-CN': { detail: error.text('zh-CN') }, en: { detail: error.text('en') } };
      const type = exceptionOf(code, error.status);
      const title = type.slice(type.indexOf(':') + 1);
      return { type, title, status: error.status, ...texts[lang], code, position, pointer, texts };
    }),
  };
}

/** The parameter that a collection stands for. */
const PARAMETERS: Readonly<Record<Collection, string>> = {
  eventTypes: 'eventType',
  epcs: 'MATCH_anyEPC',
  bizSteps: 'EQ_bizStep',
  bizLocations: 'EQ_bizLocation',
  readPoints: 'EQ_readPoint',
  dispositions: 'EQ_disposition',
};

export function eventsHandlers(ctx: EpcisContext): Handlers<typeof eventsApi> {
  const answer = async (
    input: Input,
    path: string,
    parameters: Parameters,
    queryName = 'SimpleEventQuery',
  ): Promise<QueryDocument> => {
    const { format, extensions } = readHeaders(input.http);
    const page = await queryEvents(ctx, parameters, extensions);
    linkNext(input, path, page.next);
    return queryDocument(page.events, queryName, format, ctx.clock.now());
  };
  const list = (name: Collection) => async (input: Input) => {
    const { format } = readHeaders(input.http);
    const { perPage, nextPageToken } = input.query as { perPage: number; nextPageToken?: string };
    const page = await browse(ctx, name, { perPage: Math.min(perPage, MOST_PER_PAGE), nextPageToken });
    linkNext(input, `/${name}`, page.next);
    const presenter = new Presenter(format, linkToUrn);
    return collection(page.members.map((one) => presenter.identifier(one)));
  };
  const member = (name: Collection) => async (input: Input) => {
    const { extensions } = readHeaders(input.http);
    await memberOf(ctx, name, (input.params as { value: string }).value, extensions);
    return collection(['events']);
  };
  const eventsOf = (name: Collection) => async (input: Input) => {
    const { extensions } = readHeaders(input.http);
    const { value } = input.params as { value: string };
    const form = await memberOf(ctx, name, value, extensions);
    const query = input.query as Parameters;
    const parameter = PARAMETERS[name];
    if (query[parameter] !== undefined) throw new AppError('QUERY_INVALID', { name: parameter });
    return answer(input, `/${name}/${encodeURIComponent(value)}/events`, { ...query, [parameter]: [form] });
  };
  const every = (name: Collection) => ({ list: list(name), member: member(name), events: eventsOf(name) });
  const [types, epcs, steps, locations, points, dispositions] = [
    every('eventTypes'),
    every('epcs'),
    every('bizSteps'),
    every('bizLocations'),
    every('readPoints'),
    every('dispositions'),
  ];
  return {
    discoverRoot: nothing,
    async root(input) {
      readHeaders(input.http);
      return collection(TOP);
    },
    discoverEvents: nothing,
    events: (input) => answer(input as Input, '/events', input.query as Parameters),
    discoverEvent: nothing,
    async event(input) {
      const { eventID } = input.params;
      const document = await answer(input as Input, '/events', {
        EQ_eventID: [eventID],
        perPage: MOST_PER_PAGE,
      });
      if (document.epcisBody.queryResults.resultsBody.eventList.length === 0)
        throw new AppError('EVENT_UNKNOWN');
      return document;
    },
    discoverEventTypes: nothing,
    eventTypes: types.list as never,
    discoverEventType: nothing,
    eventType: types.member as never,
    discoverEventTypeEvents: nothing,
    eventTypeEvents: types.events as never,
    discoverEpcs: nothing,
    epcs: epcs.list as never,
    discoverEpc: nothing,
    epc: epcs.member as never,
    discoverEpcEvents: nothing,
    epcEvents: epcs.events as never,
    discoverBizSteps: nothing,
    bizSteps: steps.list as never,
    discoverBizStep: nothing,
    bizStep: steps.member as never,
    discoverBizStepEvents: nothing,
    bizStepEvents: steps.events as never,
    discoverBizLocations: nothing,
    bizLocations: locations.list as never,
    discoverBizLocation: nothing,
    bizLocation: locations.member as never,
    discoverBizLocationEvents: nothing,
    bizLocationEvents: locations.events as never,
    discoverReadPoints: nothing,
    readPoints: points.list as never,
    discoverReadPoint: nothing,
    readPoint: points.member as never,
    discoverReadPointEvents: nothing,
    readPointEvents: points.events as never,
    discoverDispositions: nothing,
    dispositions: dispositions.list as never,
    discoverDisposition: nothing,
    disposition: dispositions.member as never,
    discoverDispositionEvents: nothing,
    dispositionEvents: dispositions.events as never,
    endPageToken: ({ params }) => endToken(ctx, params.token),
  };
}

const TOP = [
  'events',
  'eventTypes',
  'epcs',
  'bizSteps',
  'bizLocations',
  'readPoints',
  'dispositions',
  'capture',
  'queries',
];
