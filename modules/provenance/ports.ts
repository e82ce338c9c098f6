/** What provenance needs from outside. */
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
}

export interface PartyPort {
  byId(organisationId: string): Promise<Site | null>;
  all(): Promise<readonly Site[]>;
}

export interface UnitUsePort {
  /** @param unit canonical address of the unit @returns null if the registry does not know it */
  openings(unit: string): Promise<{ readonly openings: number; readonly used: number } | null>;
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
