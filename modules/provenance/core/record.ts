/** A captured event as it is written down. */
import type { Hex } from '@zhenmei/kernel';
import type { EpcisEvent } from './events.ts';
import type { Named } from './names.ts';

export interface EventRow {
  readonly event: EpcisEvent;
  /** Canonical JSON of the event: what is hashed, logged and stored. */
  readonly text: string;
  readonly digest: Hex;
  /** SHA-256 within the event hash of CBV 2.0. */
  readonly hash: Uint8Array;
  /** The eventID the sender chose, if it is not that hash. */
  readonly eventId: string | null;
  /** UTC, to the millisecond. */
  readonly eventTime: string;
  /** Where it happened. */
  readonly site: string | null;
  /** It declares an event of the same content wrong. */
  readonly corrects: boolean;
  readonly names: readonly Named[];
  /** JSON: canonical form → what the sender wrote, where they differ. */
  readonly written: string | null;
}

const HASH_URI = /^ni:\/\/\/sha-256;([0-9a-f]{64})\?ver=CBV2\.0$/;

/** The hexadecimal part of an event hash, or null for other identifiers. */
export const hashWithin = (eventId: string): string | null => HASH_URI.exec(eventId)?.[1] ?? null;
export const hashUri = (hex: string): string => `ni:///sha-256;${hex}?ver=CBV2.0`;
