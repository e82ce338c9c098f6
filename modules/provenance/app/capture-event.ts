/** Captures events: validated, allowed for this party, stored once, and a leaf of the log (type 01). */
import { siteLink } from '@zhenmei/gs1';
import { AppError, canonicalJson, type Hex, type Json } from '@zhenmei/kernel';
import { isObject, type JsonObject } from '../core/checks.ts';
import { eventsOf, type FoundEvent } from '../core/document.ts';
import '../core/errors.ts';
import { eventHash } from '../core/event-hash.ts';
import { type EpcisEvent, eventDigest, eventLeafText, glnOf } from '../core/events.ts';
import { validateDocument, validateEvent } from '../core/validate.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';
import { normalised, withIlmdNames } from './epcis.ts';

/** Key of an event's leaf in the log. */
export function eventLeafKey(digest: Hex): string {
  return `event/${digest}`;
}

export interface Captured {
  /** The safe leaf digest, the event's identity here. */
  readonly digest: Hex;
  /** The event hash of CBV 2.0. */
  readonly eventID: string;
}

/**
 * Captures one event. The same event again changes nothing.
 * @param tx a transaction to take part in; without one it makes its own
 * Throws EVENT_INVALID, EVENT_NOT_YOURS, EVENT_NOT_YOUR_ROLE.
 */
export async function captureEvent(
  ctx: ProvenanceContext,
  organisationId: string,
  input: unknown,
  tx: ProvenanceContext['db'] | null = null,
): Promise<Captured> {
  const [captured] = await captureAll(ctx, organisationId, eventsOf(plain(input)), tx);
  return captured ?? invalid('', 'no event');
}

/** Captures every event of a document, or a bare event; all or none. Throws as `captureEvent`. */
export async function captureDocument(
  ctx: ProvenanceContext,
  organisationId: string,
  input: unknown,
): Promise<Captured[]> {
  const document = plain(input);
  const found = eventsOf(document);
  // a bare event may come without the context that a document must have
  const isDocument = isObject(document) && document.epcisBody !== undefined;
  const issue = isDocument ? validateDocument(document)[0] : undefined;
  if (issue) invalid(issue.pointer, issue.en);
  if (found.length === 0) invalid('', 'no event');
  return captureAll(ctx, organisationId, found, null);
}

function plain(input: unknown): Json {
  return JSON.parse(JSON.stringify(input ?? null)) as Json;
}

function invalid(path: string, reason: string): never {
  throw new AppError('EVENT_INVALID', { path: path || '/', reason });
}

async function captureAll(
  ctx: ProvenanceContext,
  organisationId: string,
  found: readonly FoundEvent[],
  tx: ProvenanceContext['db'] | null,
): Promise<Captured[]> {
  const party = await ctx.parties.byId(organisationId);
  const rows = found.map((one) => prepare(one, party));
  const save = async (db: ProvenanceContext['db']) => {
    for (const row of rows) await store(ctx, db, organisationId, row);
  };
  if (tx) await save(tx);
  else await ctx.db.transaction().execute(save);
  return rows.map(({ digest, hash }) => ({ digest, eventID: hash }));
}

interface Row {
  readonly event: EpcisEvent;
  readonly digest: Hex;
  readonly hash: string;
  readonly eventId: string | null;
  readonly site: string | null;
}

function prepare({ event: written, pointer, prefixes }: FoundEvent, party: Site | null): Row {
  const named = withIlmdNames(written) as JsonObject;
  const issue = validateEvent(named)[0];
  if (issue) invalid(pointer + issue.pointer, issue.en);
  const event = normalised(named, prefixes);
  // two writings of one identifier are seen only now
  const again = validateEvent(event as unknown as Json)[0];
  if (again) invalid(pointer + again.pointer, again.en);
  const site = event.bizLocation?.id ?? event.readPoint?.id ?? null;
  mustBeAllowed(event, site, party);
  const eventId = typeof written.eventID === 'string' ? written.eventID : null;
  return {
    event,
    digest: eventDigest(event),
    hash: eventHash(event as unknown as JsonObject),
    eventId,
    site,
  };
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

async function store(
  ctx: ProvenanceContext,
  db: ProvenanceContext['db'],
  organisationId: string,
  { event, digest, hash, eventId, site }: Row,
): Promise<void> {
  const added = await db
    .insertInto('provenance.event')
    .values({
      digest,
      hash,
      event_id: eventId,
      body: canonicalJson(event),
      biz_step: event.bizStep ?? null,
      event_time: new Date(event.eventTime),
      site,
      captured_by: organisationId,
      captured_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.doNothing())
    .returning('digest')
    .executeTakeFirst();
  if (!added) return;
  const epcs = identifiersOf(event).map(([epc, role]) => ({ epc, role, digest }));
  if (epcs.length > 0) await db.insertInto('provenance.event_epc').values(epcs).execute();
  await ctx.log.append(db, 0x01, eventLeafText(event), eventLeafKey(digest));
}

type Role = 'epc' | 'class' | 'parent' | 'child';

/** Every identifier the event speaks of, once. */
function identifiersOf(event: EpcisEvent): (readonly [string, Role])[] {
  const text = (name: string) =>
    Array.isArray(event[name]) ? (event[name] as unknown[]).filter((one) => typeof one === 'string') : [];
  const classes = (name: string) =>
    Array.isArray(event[name]) ? (event[name] as { epcClass: string }[]).map(({ epcClass }) => epcClass) : [];
  const all: [string, Role][] = [
    ...['epcList', 'inputEPCList', 'outputEPCList'].flatMap(text).map((epc): [string, Role] => [epc, 'epc']),
    ...(event.parentID === undefined ? [] : [[event.parentID, 'parent'] as [string, Role]]),
    ...text('childEPCs').map((epc): [string, Role] => [epc, 'child']),
    ...['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList']
      .flatMap(classes)
      .map((epc): [string, Role] => [epc, 'class']),
  ];
  return [...new Map(all.map(([epc, role]) => [epc, role] as const))];
}
