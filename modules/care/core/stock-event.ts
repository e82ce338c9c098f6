/** Custody events as stock reads and writes them: the members of EPCIS 2.0 that say something about a unit on a shelf. */
import type { Hex } from '@zhenmei/kernel';

export interface StockEvent {
  /** Digest of the event, its identity in log and database. */
  readonly digest: Hex;
  readonly type: string;
  readonly eventTime: string;
  readonly action?: string | undefined;
  readonly bizStep?: string | undefined;
  readonly disposition?: string | undefined;
  readonly persistentDisposition?: { readonly set?: readonly string[]; readonly unset?: readonly string[] };
  readonly epcList?: readonly string[];
  readonly quantityList?: readonly { readonly epcClass: string }[];
  readonly parentID?: string;
  readonly childEPCs?: readonly string[];
  readonly readPoint?: { readonly id: string };
  readonly bizLocation?: { readonly id: string };
  readonly sourceList?: readonly { readonly source?: string }[];
  readonly destinationList?: readonly { readonly destination?: string }[];
  readonly 'zm:procedureCommitment'?: string;
  readonly 'zm:amountUsed'?: number;
  readonly 'zm:amountWasted'?: number;
  readonly 'zm:reason'?: string;
}

/** A part of a unit is thrown away and the rest kept; CBV has no term for it (`destroying` ends the whole). */
export const WASTING = 'https://zhenmei.example/epcis/wasting';

/** The 13 digits of a GLN in the address of a site. */
export function glnOf(address: string | undefined): string | undefined {
  return address === undefined
    ? undefined
    : (/^(?:https:\/\/id\.gs1\.org\/41[47]\/)?(\d{13})(?:\/254\/[^/]+)?$/.exec(address)?.[1] ?? address);
}

export const siteOf = (event: StockEvent): string | undefined =>
  glnOf(event.bizLocation?.id ?? event.readPoint?.id);

export const destinationsOf = (event: StockEvent): string[] =>
  (event.destinationList ?? []).flatMap(({ destination }) => glnOf(destination) ?? []);

export const sourcesOf = (event: StockEvent): string[] =>
  (event.sourceList ?? []).flatMap(({ source }) => glnOf(source) ?? []);

const PRODUCT_UNIT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([^/]+)$/;

/** Is it the address of one unit of a product? */
export const isUnit = (address: string): boolean => PRODUCT_UNIT.test(address);

/** GTIN and serial number in the address of a unit. */
export function unitParts(unit: string): { readonly gtin: string; readonly serial: string } | null {
  const match = PRODUCT_UNIT.exec(unit);
  return match ? { gtin: match[1]!, serial: decodeURIComponent(match[2]!) } : null;
}
