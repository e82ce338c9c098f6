/** Events as this house stores and judges them: EPCIS 2.0 in its one normalised form (see `normalise.ts`). */
import { canonicalJson, type Hex, type Json, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { isObject } from './checks.ts';
import { withIlmdNames } from './ilmd-names.ts';
import { validateEvent } from './validate.ts';

export interface Place {
  readonly id: string;
}

export interface Party {
  readonly type?: string;
  readonly source?: string;
  readonly destination?: string;
}

export interface SensorReport {
  readonly type: string;
  readonly time?: string;
  readonly value?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly meanValue?: number;
  readonly uom?: string;
  readonly exception?: string;
  /** Mean kinetic temperature of the period, in the unit of the report. */
  readonly 'zm:meanKineticValue'?: number;
}

export interface SensorElement {
  readonly sensorMetadata?: {
    readonly time?: string;
    readonly startTime?: string;
    readonly endTime?: string;
    readonly deviceID?: string;
    readonly rawData?: string;
  };
  readonly sensorReport: readonly SensorReport[];
}

export interface EpcisEvent {
  readonly type: string;
  readonly eventTime: string;
  readonly eventTimeZoneOffset: string;
  readonly action?: string;
  readonly epcList?: readonly string[];
  readonly quantityList?: readonly { readonly epcClass: string; readonly quantity?: number }[];
  readonly parentID?: string;
  readonly childEPCs?: readonly string[];
  readonly bizStep?: string;
  readonly disposition?: string;
  readonly persistentDisposition?: { readonly set?: readonly string[]; readonly unset?: readonly string[] };
  readonly readPoint?: Place;
  readonly bizLocation?: Place;
  readonly sourceList?: readonly Party[];
  readonly destinationList?: readonly Party[];
  readonly sensorElementList?: readonly SensorElement[];
  readonly ilmd?: { readonly [name: string]: Json };
  readonly errorDeclaration?: { readonly [name: string]: Json };
  readonly 'zm:procedureCommitment'?: string;
  readonly 'zm:amountUsed'?: number;
  readonly 'zm:amountUnit'?: string;
  readonly 'zm:lot'?: string;
  /** Digests of events whose readings the maker has judged harmless, and why. */
  readonly 'zm:releases'?: readonly string[] | string;
  readonly 'zm:reason'?: string;
  readonly [name: string]: unknown;
}

/** Reads a stored event as it is: valid EPCIS, also in our first writing. */
export const EpcisEvent = {
  safeParse(json: unknown): { success: true; data: EpcisEvent } | { success: false } {
    const valid = isObject(json as Json) && validateEvent(withIlmdNames(json as Json)).length === 0;
    return valid ? { success: true, data: json as EpcisEvent } : { success: false };
  },
};

/** The safe leaf digest: SHA-256 over canonical JSON (RFC 8785) of the normalised event. */
export function eventDigest(event: EpcisEvent): Hex {
  return toHex0x(sha256(utf8(canonicalJson(event))));
}

/** Type of the log leaf: a custody event (01), or a correction (06). */
export function eventLeafType(event: EpcisEvent): number {
  return event.errorDeclaration === undefined ? 0x01 : 0x06;
}

/** Text of the log leaf: the event itself, for custody facts are public. */
export function eventLeafText(event: EpcisEvent): string {
  return canonicalJson(event);
}

const MASTER_DATA = 'urn:epcglobal:cbv:mda:';

/** A master data attribute of the lot or unit that was made, e.g. `lotNumber`. */
export function masterData(event: EpcisEvent, name: string): string | undefined {
  const value = event.ilmd?.[MASTER_DATA + name] ?? event.ilmd?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The 13 digits of a GLN in the address of a site or party, or the GLN itself. */
export function glnOf(address: string | undefined): string | undefined {
  return address === undefined
    ? undefined
    : (/^(?:https:\/\/id\.gs1\.org\/41[47]\/)?(\d{13})(?:\/254\/[^/]+)?$/.exec(address)?.[1] ?? address);
}

/** Where an event happened: the GLN of its site. */
export const siteOf = (event: EpcisEvent): string | undefined =>
  glnOf(event.bizLocation?.id ?? event.readPoint?.id);

export const timeOf = (event: EpcisEvent): number => Date.parse(event.eventTime);

const says = (event: EpcisEvent, disposition: string): boolean =>
  event.disposition === disposition || (event.persistentDisposition?.set?.includes(disposition) ?? false);

export const saysRecalled = (event: EpcisEvent): boolean => says(event, 'recalled');
export const saysExpired = (event: EpcisEvent): boolean => says(event, 'expired');
export const saysStolen = (event: EpcisEvent): boolean => says(event, 'stolen');

/** Stolen, destroyed, or taken out of circulation. */
export const saysGone = (event: EpcisEvent): boolean =>
  saysStolen(event) ||
  says(event, 'destroyed') ||
  event.bizStep === 'destroying' ||
  event.bizStep === 'decommissioning';
