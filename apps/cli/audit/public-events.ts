/** The public events of a house, page by page, each with the digests that its log and its number must have. */
import { AppError, fromHex, fromUtf8, type Json, sha256, strictJson, utf8 } from '@zhenmei/kernel';
import { normalised } from '@zhenmei/provenance/app/epcis.ts';
import { isObject, type JsonObject } from '@zhenmei/provenance/core/checks.ts';
import { eventsOf } from '@zhenmei/provenance/core/document.ts';
import { eventHash } from '@zhenmei/provenance/core/event-hash.ts';
import { eventLeafText } from '@zhenmei/provenance/core/events.ts';
import type { Source } from './http.ts';

export interface PublicEvent {
  /** Place in the list, counted from 1. */
  readonly nth: number;
  /** SHA-256 over its text as an entry of the log holds it; null if it cannot be read as an event. */
  readonly digest: Uint8Array | null;
  readonly reason: string;
  /** The number it is published under. */
  readonly eventID: string;
  /** The number that follows from its content. */
  readonly expected: string;
  /** Milliseconds since the epoch, by the house's own clock. */
  readonly recordTime: number;
  /** When the house wrote the page that it stands on. */
  readonly told: number;
  /** That page, as its address below the house. */
  readonly page: string;
}

const PER_PAGE = 200;
const NUMBER = /^ni:\/\/\/sha-256;([0-9a-f]{64})\?ver=CBV2\.0$/;

/** The digest within a number by content; 32 zeros for a number that its sender chose. */
export function numberDigest(eventID: string): Uint8Array {
  const found = NUMBER.exec(eventID)?.[1];
  return found ? fromHex(found) : new Uint8Array(32);
}

/** In the order of the house, from a page on. Throws AUDIT_UNREACHABLE; what is not JSON or goes in circles is unreachable too. */
export async function* publicEvents(source: Source, from: string | null): AsyncGenerator<PublicEvent> {
  const seen = new Set<string>();
  let next: string | URL | null = from ?? `events?perPage=${PER_PAGE}`;
  let nth = 0;
  while (next !== null) {
    const page = await source.get(next);
    if (!page || seen.has(page.url.href))
      throw new AppError('AUDIT_UNREACHABLE', { url: String(next).slice(0, 200), reason: 'no page' });
    seen.add(page.url.href);
    const document = documentOf(page.bytes, page.url);
    const told = Date.parse(String(isObject(document) ? document.creationDate : ''));
    const on = { told, page: source.relative(page.url) };
    for (const { event, prefixes } of eventsOf(document))
      yield { ...readEvent(event, prefixes), ...on, nth: ++nth };
    next = nextPage(page.url, page.headers.get('link'), document);
  }
}

function documentOf(bytes: Uint8Array, url: URL): Json {
  try {
    return strictJson(fromUtf8(bytes), 64);
  } catch (cause) {
    throw new AppError(
      'AUDIT_UNREACHABLE',
      { url: url.href.slice(0, 200), reason: (cause as Error).message.slice(0, 80) },
      { cause },
    );
  }
}

type Prefixes = ReturnType<typeof eventsOf>[number]['prefixes'];

function readEvent(event: JsonObject, prefixes: Prefixes): Omit<PublicEvent, 'nth' | 'told' | 'page'> {
  const eventID = typeof event.eventID === 'string' ? event.eventID : '';
  const recordTime = typeof event.recordTime === 'string' ? Date.parse(event.recordTime) : Number.NaN;
  const common = { eventID, recordTime };
  try {
    if (typeof event.type !== 'string' || typeof event.eventTime !== 'string') throw new Error('no event');
    const own = normalised(event, prefixes);
    const expected = eventHash(own as unknown as JsonObject);
    return { ...common, digest: sha256(utf8(eventLeafText(own))), reason: '', expected };
  } catch (error) {
    return { ...common, digest: null, reason: (error as Error).message.slice(0, 120), expected: '' };
  }
}

/** The official binding names the next page in a Link header; a token in the document does as well. */
function nextPage(url: URL, link: string | null, document: Json): URL | null {
  const named = /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1];
  if (named !== undefined) {
    const next = new URL(named, url);
    return next.origin === url.origin ? next : null;
  }
  const token = isObject(document) ? document['zm:nextPageToken'] : undefined;
  if (typeof token !== 'string' || token === '') return null;
  const next = new URL(url);
  next.searchParams.set('nextPageToken', token);
  return next;
}
