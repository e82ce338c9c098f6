/** Handlers of named queries and subscriptions, by the names of the contract. */
import { AppError, type Handlers, isId } from '@zhenmei/kernel';
import type { queriesApi } from '../api/epcis-queries.ts';
import type { EpcisContext } from '../app/context.ts';
import { createQuery, deleteQuery, namedQueries, readNamedQuery } from '../app/named-queries.ts';
import { pageAfter } from '../app/page-tokens.ts';
import { queryEvents } from '../app/query-events.ts';
import { readSubscription, subscribe, subscriptions, unsubscribe } from '../app/subscriptions.ts';
import { type Input, linkNext, organisationOf, queryDocument } from './epcis-answers.ts';
import { readHeaders } from './epcis-headers.ts';

const nothing = async (): Promise<null> => null;
const MOST_PER_PAGE = 1_000;
/** What asks for a subscription over this connection. */
const LIVE = [
  'stream',
  'second',
  'minute',
  'hour',
  'dayOfMonth',
  'month',
  'dayOfWeek',
  'reportIfEmpty',
  'initialRecordTime',
];

export function queriesHandlers(ctx: EpcisContext): Handlers<typeof queriesApi> {
  return {
    discoverQueries: nothing,
    discoverQuery: nothing,
    discoverQueryEvents: nothing,
    discoverSubscriptions: nothing,
    discoverSubscription: nothing,
    async queries(input) {
      const organisation = organisationOf(input);
      readHeaders(input.http);
      const { perPage, nextPageToken } = input.query;
      const page = await pageAfter(
        ctx,
        'queries',
        nextPageToken,
        Math.min(perPage, MOST_PER_PAGE),
        (after, limit) => namedQueries(ctx, organisation, after ?? '', limit),
      );
      linkNext(
        input as Input,
        '/queries',
        page.next(({ name }) => name),
      );
      return page.items.map(({ name, query }) => ({ name, query: { ...query } }));
    },
    async createQuery(input) {
      readHeaders(input.http);
      await createQuery(ctx, organisationOf(input), input.body);
      input.http?.header('location', `/queries/${encodeURIComponent(input.body.name)}`);
      return null;
    },
    async readQuery(input) {
      readHeaders(input.http);
      const { name, query } = await readNamedQuery(ctx, organisationOf(input), input.params.queryName);
      return { name, query: { ...query } };
    },
    async deleteQuery(input) {
      readHeaders(input.http);
      return deleteQuery(ctx, organisationOf(input), input.params.queryName);
    },
    async queryEvents(input) {
      const { format, extensions } = readHeaders(input.http);
      const { name, query } = await readNamedQuery(ctx, organisationOf(input), input.params.queryName);
      const { perPage, nextPageToken, ...others } = input.query as Record<string, unknown>;
      if (LIVE.some((one) => others[one] !== undefined)) throw new AppError('SUBSCRIPTION_BY_WEBHOOK');
      const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
      if (other !== undefined) throw new AppError('QUERY_PARAMETER_UNKNOWN', { name: other.slice(0, 100) });
      const page = await queryEvents(
        ctx,
        {
          ...query,
          ...(perPage === undefined ? {} : { perPage }),
          ...(nextPageToken === undefined ? {} : { nextPageToken }),
        },
        extensions,
      );
      linkNext(input as Input, `/queries/${encodeURIComponent(name)}/events`, page.next);
      return queryDocument(page.events, name, format, ctx.clock.now());
    },
    async subscriptions(input) {
      const organisation = organisationOf(input);
      readHeaders(input.http);
      const { queryName } = input.params;
      const { perPage, nextPageToken } = input.query;
      const page = await pageAfter(
        ctx,
        `subscriptions/${queryName}`,
        nextPageToken,
        Math.min(perPage, MOST_PER_PAGE),
        (after, limit) => subscriptions(ctx, organisation, queryName, after ?? '', limit),
        isId,
      );
      linkNext(
        input as Input,
        `/queries/${encodeURIComponent(queryName)}/subscriptions`,
        page.next(({ subscriptionID }) => subscriptionID),
      );
      return [...page.items];
    },
    async subscribe(input) {
      const organisation = organisationOf(input);
      const { format } = readHeaders(input.http);
      const { queryName } = input.params;
      const made = await subscribe(ctx, organisation, queryName, { ...input.body, epcFormat: format });
      input.http?.header(
        'location',
        `/queries/${encodeURIComponent(queryName)}/subscriptions/${made.subscriptionID}`,
      );
      return made;
    },
    async readSubscription(input) {
      readHeaders(input.http);
      const { queryName, subscriptionID } = input.params;
      return readSubscription(ctx, organisationOf(input), queryName, subscriptionID);
    },
    async unsubscribe(input) {
      readHeaders(input.http);
      const { queryName, subscriptionID } = input.params;
      return unsubscribe(ctx, organisationOf(input), queryName, subscriptionID);
    },
  };
}
