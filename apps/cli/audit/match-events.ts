/** Public events and the entries of the log, one for one. */
import { AppError, type Json, toHex } from '@zhenmei/kernel';
import type { JsonObject } from '@zhenmei/provenance/core/checks.ts';
import { eventHash } from '@zhenmei/provenance/core/event-hash.ts';
import { type Finding, finding } from '@zhenmei/tlog/core/audit-findings.ts';
import { auditLeaf } from '@zhenmei/tlog/core/audit-leaf.ts';
import { entryRecord, eventRecord, match, type Unmatched } from '@zhenmei/tlog/core/audit-match.ts';
import { decodeBundle } from '@zhenmei/tlog/core/bundle.ts';
import { TILE_WIDTH, tilePath, tileWidth } from '@zhenmei/tlog/core/tile-path.ts';
import type { Source } from './http.ts';
import type { Memory } from './memory.ts';
import { Parts } from './parts.ts';
import { numberDigest, type PublicEvent, publicEvents } from './public-events.ts';

export interface Matching {
  readonly source: Source;
  readonly memory: Memory;
  /** Entries under the checkpoint. */
  readonly size: number;
  /** Entries before it were matched an earlier time, as were the events before `page`. */
  readonly first: number;
  readonly page: string | null;
  /** Events seen before without an entry, and when each was first seen. */
  readonly waiting: ReadonlyMap<string, number>;
  /** How long a new event may wait for its entry, in milliseconds. */
  readonly grace: number;
  readonly now: number;
  /** For what does not fit into memory. */
  readonly folder: string;
  progress(events: number): void;
}

export interface Matched {
  readonly findings: readonly Finding[];
  readonly events: number;
  /** Events published under a number that their sender chose: nothing is known of those numbers. */
  readonly ownNumbers: number;
  readonly waiting: ReadonlyMap<string, number>;
  readonly page: string | null;
}

/** A longer list of differences says no more. */
const MOST = 1000;
/** More events than a house captures before it publishes the next checkpoint. */
const YOUNG = 20_000;

/** Throws AUDIT_UNREACHABLE. */
export async function matchEvents(on: Matching): Promise<Matched> {
  const entries = new Parts(on.folder, 'entries');
  for (const { index, digest } of on.memory.events(on.size)) entries.add(entryRecord(digest, index));
  const events = new Parts(on.folder, 'events');
  const findings: Finding[] = [];
  const young = new Map<string, string>();
  let count = 0;
  let ownNumbers = 0;
  let page = on.page;
  for await (const event of publicEvents(on.source, on.page)) {
    page = event.page;
    count++;
    if (count % 10_000 === 0) on.progress(count);
    const fault = faultOf(event);
    if (fault && findings.length < MOST) findings.push(fault);
    if (!event.eventID.startsWith('ni:')) ownNumbers++;
    if (!event.digest) continue;
    events.add(eventRecord(event.digest, numberDigest(event.eventID), event.nth));
    if (event.told - event.recordTime < on.grace && young.size < YOUNG)
      young.set(toHex(event.digest), event.page);
  }
  const alone = unmatched(entries, events, on.first);
  const waiting = new Map<string, number>();
  const orphans = alone.events.filter(({ digest }) => {
    const since = on.waiting.get(toHex(digest)) ?? on.now;
    const mayWait = young.has(toHex(digest)) && on.now - since < on.grace;
    if (mayWait) waiting.set(toHex(digest), since);
    return !mayWait;
  });
  findings.push(...(await explain(on, { ...alone, events: orphans })));
  // what waits is met again on its page
  const [oldest] = waiting.keys();
  return { findings, events: count, ownNumbers, waiting, page: (oldest && young.get(oldest)) ?? page };
}

function faultOf({ nth, digest, reason, eventID, expected }: PublicEvent): Finding | null {
  if (!digest) return finding('AUDIT_EVENT_UNREADABLE', { nth, reason });
  const wrong = eventID.startsWith('ni:') && eventID !== expected;
  return wrong ? finding('AUDIT_EVENT_ID_WRONG', { event: eventID.slice(0, 120), expected }) : null;
}

interface Alone {
  readonly entries: Unmatched['entries'][number][];
  readonly events: Unmatched['events'][number][];
  readonly entriesTwice: Unmatched['entriesTwice'][number][];
  readonly eventsTwice: Unmatched['eventsTwice'][number][];
}

function unmatched(entries: Parts, events: Parts, first: number): Alone {
  const alone: Alone = { entries: [], events: [], entriesTwice: [], eventsTwice: [] };
  for (let part = 0; part < Parts.count; part++) {
    const found = match(entries.read(part), events.read(part));
    alone.entries.push(...found.entries.filter(({ index }) => index >= first));
    alone.events.push(...found.events);
    alone.entriesTwice.push(...found.entriesTwice.filter(({ index }) => index >= first));
    alone.eventsTwice.push(...found.eventsTwice);
  }
  alone.entries.sort((a, b) => a.index - b.index);
  alone.events.sort((a, b) => a.nth - b.nth);
  return alone;
}

/** An entry and an event that carry one number but differ belong together: one of them was changed. */
async function explain(on: Matching, alone: Alone): Promise<Finding[]> {
  const findings: Finding[] = [];
  const events = new Map(alone.events.map((event) => [event.nth, event]));
  const byNumber = new Map(alone.events.map((event) => [toHex(event.published), event]));
  const leafAt = leafReader(on);
  for (const { index, digest } of alone.entries.slice(0, MOST)) {
    const key = `event/0x${toHex(digest)}`;
    const event = events.size > 0 ? byNumber.get(numberOf(await leafAt(index))) : undefined;
    if (event) events.delete(event.nth);
    findings.push(
      event
        ? finding('AUDIT_EVENT_DIFFERS', { index, key, event: nameOf(event) })
        : finding('AUDIT_EVENT_WITHHELD', { index, key }),
    );
  }
  for (const event of [...events.values()].slice(0, MOST))
    findings.push(finding('AUDIT_EVENT_NOT_LOGGED', { event: nameOf(event) }));
  for (const { digest, index, first } of alone.entriesTwice.slice(0, MOST))
    findings.push(finding('AUDIT_ENTRY_TWICE', { index, first, key: `event/0x${toHex(digest)}` }));
  for (const { nth } of alone.eventsTwice.slice(0, MOST))
    findings.push(finding('AUDIT_EVENT_TWICE', { event: `#${nth}` }));
  return findings;
}

function nameOf({ published, nth }: Unmatched['events'][number]): string {
  return published.some((byte) => byte !== 0) ? `ni:///sha-256;${toHex(published)}?ver=CBV2.0` : `#${nth}`;
}

/** The number that an entry's event must be published under, in hex; empty if it has none. */
function numberOf(leaf: Uint8Array | null): string {
  try {
    const value: Json = leaf && auditLeaf(0, leaf).value;
    return value === null ? '' : toHex(numberDigest(eventHash(value as JsonObject)));
  } catch {
    // whatever stands there, it is no event that could be numbered
    return '';
  }
}

function leafReader({ source, size }: Matching): (index: number) => Promise<Uint8Array | null> {
  let held: { readonly n: number; readonly leaves: readonly Uint8Array[] } | null = null;
  return async (index) => {
    const n = Math.floor(index / TILE_WIDTH);
    if (held?.n !== n) {
      const width = tileWidth(0, n, size);
      const reply = await source.get(`log/${tilePath({ level: 'entries', n, width })}`);
      held = { n, leaves: reply ? leavesOf(reply.bytes, width) : [] };
    }
    return held.leaves[index % TILE_WIDTH] ?? null;
  };
}

function leavesOf(bundle: Uint8Array, width: number): Uint8Array[] {
  try {
    return decodeBundle(bundle, width);
  } catch (error) {
    // the reading of the log has said so already
    if (error instanceof AppError) return [];
    throw error;
  }
}
