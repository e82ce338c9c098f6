/** Captures events: validated, allowed for this party, stored once, and a leaf of the log. */
import { AppError, type Hex, type Json, toHex } from '@zhenmei/kernel';
import { enterIdentifiers, type Ids, insertEvents } from '../adapters/event-store.ts';
import { ensureMonths } from '../adapters/months.ts';
import { transact } from '../adapters/transaction.ts';
import { isObject } from '../core/checks.ts';
import { eventsOf, type FoundEvent } from '../core/document.ts';
import '../core/errors.ts';
import { eventLeafType } from '../core/events.ts';
import { type EventRow, hashUri } from '../core/record.ts';
import { validateDocument } from '../core/validate.ts';
import type { ProvenanceContext } from './context.ts';
import { prepareEvent } from './prepare-event.ts';

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

/** Events written by one statement at most. */
const BATCH = 500;

/**
 * Captures one event. The same event again changes nothing.
 * @param tx a transaction to take part in (`read committed` or `serializable`); without one it makes its own
 * Throws EVENT_INVALID, EVENT_TOO_LARGE, EVENT_NOT_YOURS, EVENT_NOT_YOUR_ROLE, EVENT_EXISTS.
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
  const rows = found.map((one) => prepareEvent(one, party));
  if (tx) await storeEvents(ctx, tx, organisationId, rows);
  else {
    const ids = await makeRoom(ctx, rows);
    await transact(ctx.db, (own) => storeEvents(ctx, own, organisationId, rows, ids));
  }
  return rows.map(({ digest, hash }) => ({ digest, eventID: hashUri(toHex(hash)) }));
}

/** Partitions and identifiers for these events, before the transaction that needs them: so that it holds nobody up. */
export async function makeRoom(ctx: ProvenanceContext, rows: readonly EventRow[]): Promise<Ids> {
  await ensureMonths(
    ctx.db,
    rows.map(({ eventTime }) => Date.parse(eventTime)),
    ctx.clock.now(),
  );
  return enterIdentifiers(ctx.db, rows);
}

/** Writes prepared events and their leaves. @param ids from `makeRoom`, if that was called. Throws EVENT_EXISTS. */
export async function storeEvents(
  ctx: ProvenanceContext,
  tx: ProvenanceContext['db'],
  organisationId: string,
  rows: readonly EventRow[],
  ids: Ids | null = null,
): Promise<void> {
  const by = { organisationId, at: ctx.clock.now() };
  for (let from = 0; from < rows.length; from += BATCH) {
    const { added, conflicting } = await insertEvents(tx, rows.slice(from, from + BATCH), by, ids);
    if (conflicting)
      throw new AppError('EVENT_EXISTS', { eventID: conflicting.eventId!, digest: conflicting.digest });
    if (added.length === 0) continue;
    const leaves = added.map(({ row }) => ({
      type: eventLeafType(row.event),
      text: row.text,
      key: eventLeafKey(row.digest),
    }));
    await ctx.log.appendMany(tx, leaves);
    const captured = added.map(({ row: { digest, event } }) => ({ digest, event }));
    for (const tell of ctx.listeners ?? []) await tell(tx, captured);
  }
}
