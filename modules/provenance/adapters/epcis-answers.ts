/** Answers of the binding: query documents, collections, and the links to their next pages. */
import { linkToUrn } from '@zhenmei/gs1';
import { AppError, type RouteContract, type RouteInput, toIso } from '@zhenmei/kernel';
import type { QueryDocument } from '../api/epcis-frame.ts';
import type { EventPage } from '../app/query-events.ts';
import '../core/errors.ts';
import { CONTEXT, type EpcFormat, Presenter } from '../core/present.ts';

export type Input = RouteInput<RouteContract>;

/** The organisation of a desk or key. Throws EVENT_NOT_YOURS. */
export function organisationOf({ caller }: Pick<Input, 'caller'>): string {
  if (!caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return caller.organisationId;
}

export interface Next {
  readonly token: string;
  readonly until: number;
}

/** `Link: <…>; rel="next"` (RFC 8288) and how long it is good for. @param path of this page, parameters escaped */
export function linkNext(input: Input, path: string, next: Next | null): void {
  if (!next) return;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>))
    if (name !== 'nextPageToken' && value !== undefined)
      for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  query.set('nextPageToken', next.token);
  input.http?.header('link', `<${path}?${query}>; rel="next"`);
  input.http?.header('gs1-next-page-token-expires', toIso(next.until));
}

export function queryDocument(
  events: EventPage['events'],
  queryName: string,
  format: EpcFormat,
  now: number,
): QueryDocument {
  const presenter = new Presenter(format, linkToUrn);
  const eventList = events.map((event) => presenter.event(event));
  return {
    '@context': presenter.context(),
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate: toIso(now),
    epcisBody: { queryResults: { queryName, resultsBody: { eventList } } },
  };
}

export const collection = (member: readonly string[]) => ({
  '@context': [CONTEXT],
  type: 'Collection' as const,
  member: [...member],
});
