/** The custody events that a clinic states about its stock. CBV terms where CBV has them; see docs/care.md. */
import { WASTING } from './stock-event.ts';

const OFFSET = '+08:00';
const siteAddress = (gln: string): string => `https://id.gs1.org/414/${gln}`;

interface At {
  /** GLN of the clinic. */
  readonly site: string;
  /** RFC 3339. */
  readonly at: string;
}

const object = ({ site, at }: At, bizStep: string, units: readonly string[], more: object) => ({
  type: 'ObjectEvent',
  eventTime: new Date(at).toISOString(),
  eventTimeZoneOffset: OFFSET,
  action: 'OBSERVE',
  epcList: [...units],
  bizStep,
  readPoint: { id: siteAddress(site) },
  bizLocation: { id: siteAddress(site) },
  ...more,
});

const party = (role: 'source' | 'destination', gln: string) => [
  { type: 'possessing_party', [role]: siteAddress(gln) },
];

export interface LoggerReading {
  readonly minC: number;
  readonly maxC: number;
  /** RFC 3339: the time the logger covers. */
  readonly from: string;
  readonly until: string;
}

/** Taken over from `supplier`; with what the temperature logger of the delivery showed. */
export function receiving(
  at: At,
  units: readonly string[],
  supplier: string | null,
  reading: LoggerReading | null,
) {
  return object(at, 'receiving', units, {
    disposition: 'in_progress',
    ...(supplier === null ? {} : { sourceList: party('source', supplier) }),
    destinationList: party('destination', at.site),
    ...(reading === null
      ? {}
      : {
          sensorElementList: [
            {
              sensorMetadata: { startTime: reading.from, endTime: reading.until },
              sensorReport: [
                { type: 'Temperature', minValue: reading.minC, maxValue: reading.maxC, uom: 'CEL' },
              ],
            },
          ],
        }),
  });
}

/** Taken out of the box it came in. */
export function unpacking({ site, at }: At, box: string, units: readonly string[]) {
  return {
    type: 'AggregationEvent',
    eventTime: new Date(at).toISOString(),
    eventTimeZoneOffset: OFFSET,
    action: 'DELETE',
    parentID: box,
    childEPCs: [...units],
    bizStep: 'unpacking',
    readPoint: { id: siteAddress(site) },
    bizLocation: { id: siteAddress(site) },
  };
}

const HELD: Readonly<Record<string, string>> = {
  'data-mismatch': 'mismatch_instance',
  'not-sent-here': 'no_pedigree_match',
};

/** Set apart until somebody has looked into it. */
export const holding = (at: At, units: readonly string[], reason: string) =>
  object(at, 'holding', units, { disposition: HELD[reason] ?? 'non_sellable_other', 'zm:reason': reason });

/** Looked into, and put on the shelf. */
export const stocking = (at: At, unit: string, reason: string) =>
  object(at, 'stocking', [unit], { disposition: 'available', 'zm:reason': reason });

/** Thrown away: the whole or its rest ends here; of a part the rest stays. */
export function wasting(
  at: At,
  unit: string,
  waste: {
    readonly amount: number;
    readonly remaining: number;
    readonly amountUnit: string;
    readonly reason: string;
  },
) {
  const all = waste.amount === waste.remaining;
  return object(at, all ? 'destroying' : WASTING, [unit], {
    action: all ? 'DELETE' : 'OBSERVE',
    disposition: all ? 'destroyed' : 'partially_dispensed',
    'zm:amountWasted': waste.amount,
    'zm:amountUnit': waste.amountUnit,
    'zm:reason': waste.reason,
  });
}

/** Sent back to where it came from. */
export const returning = (at: At, unit: string, to: string, reason: string) =>
  object(at, 'shipping', [unit], {
    disposition: 'returned',
    sourceList: party('source', at.site),
    destinationList: party('destination', to),
    'zm:reason': reason,
  });

/** Looked for and not found: its number is blocked for everybody. */
export const losing = (at: At, unit: string, reason: string) =>
  object(at, 'stock_taking', [unit], { disposition: 'stolen', 'zm:reason': reason });

export const counting = (at: At, units: readonly string[]) => object(at, 'stock_taking', units, {});

/** Put to work as a device of this clinic. */
export const installing = (at: At, unit: string) =>
  object(at, 'installing', [unit], { disposition: 'active' });

/** A handpiece or tip is fitted to a console, or taken off. */
export function fitting({ site, at }: At, console: string, part: string, on: boolean) {
  return {
    type: 'AssociationEvent',
    eventTime: new Date(at).toISOString(),
    eventTimeZoneOffset: OFFSET,
    action: on ? 'ADD' : 'DELETE',
    parentID: console,
    childEPCs: [part],
    bizStep: on ? 'installing' : 'removing',
    readPoint: { id: siteAddress(site) },
    bizLocation: { id: siteAddress(site) },
  };
}

/** A device was inspected; the result is signed by who inspected it. */
export const inspecting = (
  at: At,
  unit: string,
  result: {
    readonly kind: string;
    readonly passed: boolean;
    readonly validUntil: string | null;
    readonly certificate: string;
    readonly inspector: string;
    readonly signature: string;
  },
) =>
  object(at, 'inspecting', [unit], {
    disposition: result.passed ? 'conformant' : 'non_conformant',
    'zm:inspection': result.kind,
    ...(result.validUntil === null ? {} : { 'zm:validUntil': result.validUntil }),
    'zm:certificate': `urn:zhenmei:certificate:${encodeURIComponent(result.certificate)}`,
    'zm:inspector': siteAddress(result.inspector),
    'zm:signature': `urn:zhenmei:es256:${result.signature.slice(2)}`,
  });

/** It was proposed to open a unit that the record says was used. */
export const reuseAttempt = (at: At, unit: string) =>
  object(at, 'inspecting', [unit], { disposition: 'non_conformant', 'zm:alert': 'reuse-attempt' });

/** The same statement, declared wrong; what replaces it, if anything, is named by its event hash. */
export function declaredWrong(event: object, at: string, reason: 'did_not_occur' | 'incorrect_data') {
  return { ...event, errorDeclaration: { declarationTime: new Date(at).toISOString(), reason } };
}
