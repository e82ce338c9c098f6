/** What provenance needs from outside. */
export type Tx = unknown;

export interface LogPort {
  append(tx: Tx, leafType: number, text: string, key: string): Promise<void>;
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
