/**
 * Every public event has exactly one entry, and every entry that is an event is public. Works on fixed records, a part
 * of all digests at a time, so that it needs no more memory than the largest part.
 */
import { concat, toHex } from '@zhenmei/kernel';

/** Entry: digest of its event, index. Event: digest, digest in the number it is published under (or zeros), place in the list. */
export const RECORD = { entry: 40, event: 72 } as const;
const DIGEST = 32;

function place(n: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n));
  return bytes;
}
const placeOf = (bytes: Uint8Array): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));

export const entryRecord = (digest: Uint8Array, index: number): Uint8Array => concat(digest, place(index));
export const eventRecord = (digest: Uint8Array, published: Uint8Array, nth: number): Uint8Array =>
  concat(digest, published, place(nth));

export interface Unmatched {
  /** Entries whose event is not public. */
  readonly entries: readonly { readonly digest: Uint8Array; readonly index: number }[];
  /** Public events without an entry. */
  readonly events: readonly {
    readonly digest: Uint8Array;
    readonly published: Uint8Array;
    readonly nth: number;
  }[];
  readonly entriesTwice: readonly {
    readonly digest: Uint8Array;
    readonly index: number;
    readonly first: number;
  }[];
  readonly eventsTwice: readonly { readonly digest: Uint8Array; readonly nth: number }[];
}

/** @param entries and @param events records one after the other, of the same part of all digests */
export function match(entries: Uint8Array, events: Uint8Array): Unmatched {
  const known = new Map<string, { index: number; met: boolean }>();
  const entriesTwice: Unmatched['entriesTwice'][number][] = [];
  for (let at = 0; at < entries.length; at += RECORD.entry) {
    const digest = entries.subarray(at, at + DIGEST);
    const index = placeOf(entries.subarray(at + DIGEST, at + RECORD.entry));
    const first = known.get(toHex(digest));
    if (first) entriesTwice.push({ digest, index, first: first.index });
    else known.set(toHex(digest), { index, met: false });
  }
  const alone: Unmatched['events'][number][] = [];
  const eventsTwice: Unmatched['eventsTwice'][number][] = [];
  for (let at = 0; at < events.length; at += RECORD.event) {
    const digest = events.subarray(at, at + DIGEST);
    const nth = placeOf(events.subarray(at + 2 * DIGEST, at + RECORD.event));
    const entry = known.get(toHex(digest));
    if (!entry) alone.push({ digest, published: events.subarray(at + DIGEST, at + 2 * DIGEST), nth });
    else if (entry.met) eventsTwice.push({ digest, nth });
    else entry.met = true;
  }
  const withheld: Unmatched['entries'][number][] = [];
  for (let at = 0; at < entries.length; at += RECORD.entry) {
    const digest = entries.subarray(at, at + DIGEST);
    const entry = known.get(toHex(digest))!;
    const index = placeOf(entries.subarray(at + DIGEST, at + RECORD.entry));
    if (!entry.met && entry.index === index) withheld.push({ digest, index });
  }
  return { entries: withheld, events: alone, entriesTwice, eventsTwice };
}
