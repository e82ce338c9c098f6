/** An event of a sender as it will be written down, if it is valid and this party may state it. */
import { canonicalLink, lotLink, parseUnitLink, siteLink } from '@zhenmei/gs1';
import { AppError, fromHex, type Json, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { JsonObject } from '../core/checks.ts';
import type { FoundEvent } from '../core/document.ts';
import '../core/errors.ts';
import { eventHash } from '../core/event-hash.ts';
import { type EpcisEvent, eventLeafText, glnOf } from '../core/events.ts';
import { withIlmdNames } from '../core/ilmd-names.ts';
import { namesOf } from '../core/names.ts';
import { normaliseEvent } from '../core/normalise.ts';
import { type EventRow, hashWithin } from '../core/record.ts';
import { validateEvent } from '../core/validate.ts';
import type { Site } from '../ports.ts';

/** A leaf of the log holds no more. */
const LONGEST = 65_000;

/** @param party who states it; null is nobody. Throws EVENT_INVALID, EVENT_TOO_LARGE, EVENT_NOT_YOURS, EVENT_NOT_YOUR_ROLE. */
export function prepareEvent({ event: given, pointer, prefixes }: FoundEvent, party: Site | null): EventRow {
  const named = withIlmdNames(given) as JsonObject;
  mustBeValid(named, pointer);
  const written: Record<string, string> = {};
  const event = normaliseEvent(named, prefixes, (iri) => {
    const link = canonicalLink(iri);
    if (link !== null && link !== iri) written[link] = iri;
    return link;
  }) as unknown as EpcisEvent;
  // two writings of one identifier are seen only now
  mustBeValid(event as unknown as JsonObject, pointer);
  const site = event.bizLocation?.id ?? event.readPoint?.id ?? null;
  mustBeAllowed(event, site, party);
  const text = eventLeafText(event);
  if (text.length > LONGEST || utf8(text).length > LONGEST)
    throw new AppError('EVENT_TOO_LARGE', { path: pointer || '/', limit: LONGEST });
  if (NUL.test(text) || eventIdOf(given)?.includes('\0'))
    throw new AppError('EVENT_INVALID', { path: pointer || '/', reason: 'holds the character U+0000' });
  const hash = hashWithin(eventHash(event as unknown as JsonObject))!;
  const eventId = eventIdOf(given);
  return {
    event,
    text,
    digest: toHex0x(sha256(utf8(text))),
    hash: fromHex(hash),
    eventId: eventId !== null && hashWithin(eventId) === hash ? null : eventId,
    eventTime: event.eventTime,
    site,
    corrects: event.errorDeclaration !== undefined,
    names: namesOf(event, lotAddress),
    written: Object.keys(written).length === 0 ? null : JSON.stringify(written),
  };
}

/** No text of the database has this character; canonical JSON writes it escaped. */
const NUL = /(?<!\\)(?:\\\\)*\\u0000/;

const eventIdOf = ({ eventID }: JsonObject): string | null => (typeof eventID === 'string' ? eventID : null);

function mustBeValid(event: JsonObject, pointer: string): void {
  const issue = validateEvent(event as Json)[0];
  if (issue) throw new AppError('EVENT_INVALID', { path: pointer + issue.pointer || '/', reason: issue.en });
}

function lotAddress(unit: string, lot: string): string | null {
  const product = parseUnitLink(unit);
  return product && lotLink(product.gtin, lot);
}

/** Who may say what: each at its own site; only makers bring units into the world, only clinics use them. */
function mustBeAllowed(event: EpcisEvent, site: string | null, party: Site | null): void {
  if (!party || (site !== null && glnOf(site) !== party.gln && site !== siteLink(party.gln)))
    throw new AppError('EVENT_NOT_YOURS');
  const step = event.bizStep ?? event.type;
  const recalls =
    event.disposition === 'recalled' || (event.persistentDisposition?.set?.includes('recalled') ?? false);
  const allowed =
    step === 'commissioning'
      ? ['maker']
      : step === 'dispensing'
        ? ['clinic']
        : recalls
          ? ['maker', 'regulator']
          : null;
  if (allowed && !allowed.includes(party.kind))
    throw new AppError('EVENT_NOT_YOUR_ROLE', { step: recalls ? 'recalled' : step });
}
