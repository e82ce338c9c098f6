/** What provenance needs from outside. */
import type { Hex, Json } from '@zhenmei/kernel';
import type { EpcisEvent } from './core/events.ts';

export type Tx = unknown;

export interface Leaf {
  readonly type: number;
  /** Canonical JSON. */
  readonly text: string;
  readonly key: string;
}

export interface LogPort {
  append(tx: Tx, leafType: number, text: string, key: string): Promise<void>;
  appendMany(tx: Tx, leaves: readonly Leaf[]): Promise<void>;
}

export interface Site {
  readonly id: string;
  readonly gln: string;
  readonly kind: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly city: { readonly zh: string; readonly en: string };
  readonly licensedForToxin: boolean;
  readonly region?: string;
  /** Published keys of its devices: uncompressed P-256 points. */
  readonly keys?: readonly Hex[];
  /** Keys of devices that ended: they state nothing new, and what they signed before counts. */
  readonly pastKeys?: readonly Hex[];
}

export interface PartyPort {
  byId(organisationId: string): Promise<Site | null>;
  all(): Promise<readonly Site[]>;
}

export interface UnitUsePort {
  /** @param unit canonical address of the unit @returns null if the registry does not know it */
  openings(unit: string): Promise<{ readonly openings: number; readonly used: number } | null>;
}

export interface DevicePort {
  /** Keys (uncompressed P-256 points) with which an organisation's devices sign. */
  keysOf(organisationId: string): Promise<readonly Hex[]>;
}

/** The public feed of notices is a log of its own, so that nobody can leave one out unseen. */
export interface FeedPort {
  readonly origin: string;
  /** @param leaves canonical texts, from the first @returns a signed checkpoint (C2SP) over all of them */
  seal(leaves: readonly string[]): Promise<string>;
}

/** Is told of events within the transaction that captured them, each once; throwing refuses them. */
export type CaptureListener = (tx: Tx, captured: readonly CapturedEvent[]) => Promise<void>;

export interface CapturedEvent {
  readonly digest: Hex;
  readonly event: EpcisEvent;
}

/** Durable work with a due time, put in with the caller's change. */
export interface DeadlinePort {
  /** The same key is the same work, for ever. */
  schedule(tx: Tx, work: { kind: string; key: string; payload: Json; dueAt: number }): Promise<void>;
}

/** Files by the SHA-256 of their bytes. */
export interface FilePort {
  put(bytes: Uint8Array): Promise<string>;
  get(key: string): Promise<Uint8Array>;
}

/** Durable work, put in with the caller's transaction and done by `runCaptureJob`. */
export interface JobPort {
  captureLater(tx: Tx, jobId: string, dueAt: number): Promise<void>;
}

/** Calls to addresses that strangers named. */
export interface WebhookPort {
  /** Why this address is never called, or null. What its name leads to is looked at with each call. */
  objection(address: string): string | null;
  /** @returns the status of the answer. Rejects if there was none, or the address must not be called. */
  post(address: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<number>;
}

/** Keeps secrets of others unreadable in the database. */
export interface SealPort {
  seal(text: string): string;
  /** null if it was not sealed here. */
  open(sealed: string): string | null;
}
