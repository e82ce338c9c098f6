/** Where the events of a document are, and which prefixes hold for them. */
import type { Json } from '@zhenmei/kernel';
import { at, isObject, type JsonObject } from './checks.ts';
import { type Prefixes, STANDARD, withContext, ZM } from './context.ts';

export interface FoundEvent {
  readonly event: JsonObject;
  readonly pointer: string;
  readonly prefixes: Prefixes;
}

/** Prefixes of events that come without a context of their own, as this house's own screens send them. */
export const HOUSE: Prefixes = { ...STANDARD, zm: ZM };

/** The events of a document, of a query's result, a list, or a bare event; in document order. */
export function eventsOf(document: Json): FoundEvent[] {
  if (!isObject(document)) return [];
  const prefixes = withContext(HOUSE, document['@context']);
  const body = isObject(document.epcisBody) ? document.epcisBody : undefined;
  if (!body) return [{ event: document, pointer: '', prefixes }];
  const results =
    isObject(body.queryResults) && isObject(body.queryResults.resultsBody)
      ? body.queryResults.resultsBody
      : undefined;
  const list = (results ?? body).eventList;
  const base = results ? '/epcisBody/queryResults/resultsBody/eventList' : '/epcisBody/eventList';
  return Array.isArray(list)
    ? list.flatMap((event, i) => (isObject(event) ? [{ event, pointer: at(base, i), prefixes }] : []))
    : [];
}
