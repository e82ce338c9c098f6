/** What a verdict is made from, and the unit's own story within it. */
import { canonicalJson, type Hex } from '@zhenmei/kernel';
import type { ApprovedUse } from './approvals.ts';
import type { EventSignature } from './event-signature.ts';
import { type EpcisEvent, eventDigest, masterData, siteOf, timeOf } from './events.ts';
import type { KnownParty } from './party.ts';
import type { Package, Warning } from './warnings.ts';

export type { KnownParty } from './party.ts';

export interface Master {
  readonly gtin: string;
  /** Class of the medical device, e.g. `III`, or `drug`. */
  readonly class?: string | undefined;
  readonly approvedRoutes: readonly string[];
  readonly approvedRegions: readonly string[];
  /** What each authority approved; where it is given it decides, and the two lists follow from it. */
  readonly approvals?: readonly ApprovedUse[] | undefined;
  /** Degrees Celsius, and minutes over the unit's whole life. */
  readonly storage: {
    readonly minC: number;
    readonly maxC: number;
    readonly maxMinutesOut: number;
    readonly maxMeanKineticC?: number | undefined;
  };
  readonly singleUse: boolean;
  readonly isToxin: boolean;
  readonly makerOnboarded: boolean;
  readonly maxAmountPerUnit?: number | undefined;
  readonly amountUnit?: string | undefined;
  readonly useWithinHours?: number | undefined;
  /** What a box holds. */
  readonly contains?: { readonly gtin: string; readonly count: number } | undefined;
}

export interface Facts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Offset of the clock that asks, e.g. `+08:00`; a day ends where it is asked. UTC without it. */
  readonly zone?: string;
  readonly master: Master | null;
  readonly parties: readonly KnownParty[];
  /** Normalised events, in any order, repeated or not. */
  readonly events: readonly EpcisEvent[];
  /** Canonical address of the unit; empty if the code names none. */
  readonly unit: string;
  /** The product number of the code, where it names no unit. */
  readonly gtin?: string;
  readonly label: {
    readonly lot?: string;
    readonly expiry?: string;
    /** Content and ingredient as a person reads them on the label. */
    readonly dose?: string;
    readonly ingredient?: string;
  };
  /** Notices in force about the product. */
  readonly warnings?: readonly Warning[];
  /** Signatures of those who stated the events. Without them, a hand-over counts that both sides stated. */
  readonly signatures?: readonly EventSignature[] | undefined;
  readonly purpose: 'before-use' | 'after-use' | 'public';
  /** Site of the scan: its address or GLN. */
  readonly place?: string;
  readonly procedureCommitment?: string;
  readonly intendedRoute?: string;
  readonly region?: string;
  /** Canonical address of the unit found inside the package; `unreadable` if its code is wrong. */
  readonly inner?: string;
  /** How often the unit was opened by the registry on chain, where it was asked. */
  readonly openings?: number;
  /** What a check of the log proofs said, where it was made. */
  readonly proof?: { readonly valid: boolean; readonly checkpointAt?: number };
}

export const isMaker = (role: string): boolean => /^(?:maker|manufacturer)$/i.test(role);

/** Role of who stated an event; empty for a site that is not listed. */
export const roleOf = ({ parties }: Facts, event: EpcisEvent): string =>
  parties.find(({ gln }) => gln === siteOf(event))?.role ?? '';

/** Only a maker brings serial numbers into the world; a site that nobody listed may be one. */
export const mayMake = (facts: Facts, event: EpcisEvent): boolean =>
  isMaker(roleOf(facts, event)) || roleOf(facts, event) === '';

/** The unit's events in order, each once, without those that were declared wrong. */
export interface Story {
  /** Custody and use of the unit, directly or inside its containers. */
  readonly own: readonly EpcisEvent[];
  /** Statements about its lot or product. */
  readonly ofLot: readonly EpcisEvent[];
  /** Everything else that was given, e.g. readings of a refrigerator. */
  readonly others: readonly EpcisEvent[];
  /** Production records: those of makers first, whatever others say. */
  readonly commissioned: readonly EpcisEvent[];
  readonly lot: string | undefined;
  readonly expiry: string | undefined;
  /** What lies in the unit, if it is a box. */
  readonly children: readonly string[];
}

/** What comes first of several steps at one moment; storage keeps the same order. */
export const ORDER = [
  'commissioning',
  'packing',
  'shipping',
  'departing',
  'arriving',
  'receiving',
  'accepting',
  'unpacking',
  'storing',
  'stocking',
  'sensor_reporting',
  'inspecting',
  'holding',
  'dispensing',
  'destroying',
  'decommissioning',
];
const rank = (event: EpcisEvent): number => {
  const at = ORDER.indexOf(event.bizStep ?? '');
  return at < 0 ? ORDER.length : at;
};

/** Each event once, without those declared wrong, by time; ties by what must come first, then by digest. */
export function settled(events: readonly EpcisEvent[]): EpcisEvent[] {
  const once = new Map<string, { event: EpcisEvent; wrong: boolean }>();
  for (const event of events) {
    const { errorDeclaration, ...said } = event;
    // the same statement from a clock of another zone is the same statement
    const { eventTimeZoneOffset: zone, ...rest } = said;
    const key = canonicalJson(rest);
    const known = once.get(key);
    once.set(key, {
      event: known && known.event.eventTimeZoneOffset <= zone ? known.event : (said as EpcisEvent),
      wrong: (known?.wrong ?? false) || errorDeclaration !== undefined,
    });
  }
  return [...once.values()]
    .filter(({ wrong }) => !wrong)
    .map(({ event }) => ({ event, digest: eventDigest(event) as Hex }))
    .sort(
      (a, b) =>
        timeOf(a.event) - timeOf(b.event) || rank(a.event) - rank(b.event) || (a.digest < b.digest ? -1 : 1),
    )
    .map(({ event }) => event);
}

export function tellStory(facts: Facts): Story {
  const events = settled(facts.events);
  const own: EpcisEvent[] = [];
  const rest: EpcisEvent[] = [];
  const parents = new Map<string, string>();
  const children = new Set<string>();
  for (const event of events) {
    if (event.type === 'AggregationEvent' || event.type === 'AssociationEvent')
      aggregate(event, parents, children, facts.unit);
    if (concerns(event, facts.unit, parents)) own.push(event);
    else rest.push(event);
  }
  const everyone = own.filter(
    (event) => event.bizStep === 'commissioning' && event.epcList?.includes(facts.unit),
  );
  const commissioned = [
    ...everyone.filter((event) => mayMake(facts, event)),
    ...everyone.filter((event) => !mayMake(facts, event)),
  ];
  const made = commissioned[0];
  const lot = (made && (masterData(made, 'lotNumber') ?? lotOf(made['zm:lot']))) ?? facts.label.lot;
  const ofLot = aboutLot(rest, gtinOf(facts.unit), lot);
  return {
    own,
    ofLot,
    others: rest.filter((event) => !ofLot.includes(event)),
    commissioned,
    lot,
    expiry: (made && masterData(made, 'itemExpirationDate')) ?? facts.label.expiry,
    children: [...children],
  };
}

function aggregate(
  event: EpcisEvent,
  parents: Map<string, string>,
  children: Set<string>,
  unit: string,
): void {
  const { parentID, childEPCs = [], action } = event;
  if (parentID === undefined) return;
  const listed =
    childEPCs.length > 0
      ? childEPCs
      : [...parents].filter(([, parent]) => parent === parentID).map(([child]) => child);
  for (const child of listed) {
    if (action === 'DELETE') parents.delete(child);
    else parents.set(child, parentID);
    // what was once packed into a box stays what belongs in it, also after it is taken out
    if (parentID === unit && action !== 'DELETE') children.add(child);
  }
}

/** Does it speak of the unit, or of something the unit is in at that time? */
function concerns(event: EpcisEvent, unit: string, parents: ReadonlyMap<string, string>): boolean {
  if (event.childEPCs?.includes(unit) || event.parentID === unit) return true;
  const epcs = event.epcList ?? [];
  const seen = new Set<string>();
  for (let at: string | undefined = unit; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (epcs.includes(at)) return true;
    seen.add(at);
  }
  return false;
}

const PRODUCT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})(?:\/(\d+)\/([^/]+))?$/;

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // an address that cannot be decoded equals only itself
    return text;
  }
}

export const gtinOf = (address: string): string | undefined => PRODUCT.exec(address)?.[1];

/** What the code and the label say, and the records where they know better. */
export function packageOf(facts: Facts, recordedLot?: string): Package {
  const match = PRODUCT.exec(facts.unit);
  const { dose, ingredient } = facts.label;
  return {
    gtin: match?.[1] ?? facts.gtin,
    serial: match?.[2] === '21' ? plain(match[3]!) : undefined,
    lots: [facts.label.lot, recordedLot].filter((lot) => lot !== undefined),
    dose,
    ingredient,
  };
}

function lotOf(address: string | undefined): string | undefined {
  const match = address === undefined ? null : PRODUCT.exec(address);
  return match?.[2] === '10' ? plain(match[3]!) : undefined;
}

/** Statements about a lot, or about its product as a whole. */
export function aboutLot(
  events: readonly EpcisEvent[],
  gtin: string | undefined,
  lot: string | undefined,
): EpcisEvent[] {
  return events.filter((event) =>
    event.quantityList?.some(({ epcClass }) => gtin !== undefined && coversLot(epcClass, gtin, lot)),
  );
}

function coversLot(epcClass: string, gtin: string, lot: string | undefined): boolean {
  const match = PRODUCT.exec(epcClass);
  if (!match || match[1] !== gtin) return false;
  return match[2] === undefined || (match[2] === '10' && lot !== undefined && plain(match[3]!) === lot);
}
