/** The pure EPCIS core with GS1's identifiers plugged in: what screens, the command line and capture use. */
import { canonicalLink } from '@zhenmei/gs1';
import { AppError, type Json } from '@zhenmei/kernel';
import type { Issue, JsonObject } from '../core/checks.ts';
import { eventsOf, type FoundEvent, HOUSE } from '../core/document.ts';
import '../core/errors.ts';
import { eventHash, preHash } from '../core/event-hash.ts';
import { type EpcisEvent, eventDigest } from '../core/events.ts';
import type { HashProfile } from '../core/hash-order.ts';
import { type Lint, lintEvent } from '../core/lint.ts';
import { normaliseEvent } from '../core/normalise.ts';
import { validateDocument } from '../core/validate.ts';
import { documentFromXml } from '../core/xml-document.ts';

/** A document as text: JSON-LD, or XML 1.2 or 2.0. Throws JSON_INVALID, XML_INVALID, XML_REFUSED, EPCIS_NOT_A_DOCUMENT. */
export function readDocument(text: string): Json {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (/^\s*</.test(body)) return documentFromXml(body);
  let document: Json;
  try {
    // official examples repeat members, so the last one counts, as everywhere
    document = JSON.parse(body) as Json;
  } catch (cause) {
    throw new AppError('JSON_INVALID', { reason: (cause as Error).message.slice(0, 120) }, { cause });
  }
  mustBeTame(document);
  return document;
}

/** Throws JSON_INVALID for what is nested too deep, or names a prototype. */
export function mustBeTame(value: Json, depth = 64): void {
  if (depth < 0) throw new AppError('JSON_INVALID', { reason: 'too deep' });
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) throw new AppError('JSON_INVALID', { reason: '__proto__' });
  for (const item of Object.values(value)) mustBeTame(item, depth - 1);
}

export interface DocumentReport {
  readonly events: number;
  readonly issues: readonly Issue[];
  readonly lints: readonly Lint[];
}

/** Everything that is wrong with a document, and what the event hash would lose of it. */
export function checkDocument(document: Json): DocumentReport {
  const events = eventsOf(document);
  return {
    events: events.length,
    issues: validateDocument(document),
    lints: events.flatMap(({ event, pointer }) => lintEvent(event, pointer)),
  };
}

/** Each event of a document in its one form, in document order. Throws EPCIS_NOT_A_DOCUMENT if there is none. */
export function normalisedEvents(document: Json, half: 'even' | 'up' = 'even'): EpcisEvent[] {
  const found = eventsOf(document).filter(
    ({ event }) => typeof event.type === 'string' && event.eventTime !== undefined,
  );
  if (found.length === 0) throw new AppError('EPCIS_NOT_A_DOCUMENT');
  return found.map(({ event, prefixes }) => normalised(event, prefixes, half));
}

/** One event in its one form; without a context of its own, this house's prefixes hold. */
export function normalised(
  event: JsonObject,
  prefixes: FoundEvent['prefixes'] = HOUSE,
  half: 'even' | 'up' = 'even',
): EpcisEvent {
  return normaliseEvent(event, prefixes, canonicalLink, half) as unknown as EpcisEvent;
}

export interface HashedEvent {
  /** `ni:///sha-256;…?ver=CBV2.0` */
  readonly hash: string;
  readonly preHash: string;
  /** The safe leaf digest. */
  readonly digest: string;
}

export function hashEvents(document: Json, profile: HashProfile = 'ref'): HashedEvent[] {
  return normalisedEvents(document, profile === 'spec' ? 'up' : 'even').map((event) => {
    const json = event as unknown as JsonObject;
    return { hash: eventHash(json, profile), preHash: preHash(json, profile), digest: eventDigest(event) };
  });
}
