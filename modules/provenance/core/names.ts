/** What an event speaks of: every identifier with its role, and how containment changes by it. */
import { type EpcisEvent, masterData } from './events.ts';

/** As stored; numbers are never reused. */
export const ROLE = {
  epc: 1,
  child: 2,
  parent: 3,
  input: 4,
  output: 5,
  class: 6,
  inputClass: 7,
  outputClass: 8,
  /** The site that readings are of: they tell of whatever lies there. */
  readings: 9,
} as const;

/** Something was put into a container, or taken out of it; a container was emptied. */
export const IN = 1;
export const OUT = -1;

export interface Named {
  readonly uri: string;
  readonly role: number;
  readonly change: number | null;
  /** What a child was put into. */
  readonly parent: string | null;
  /** Address of the lot that a unit was made in. */
  readonly lot: string | null;
}

type Field = readonly [name: string, role: number];

const LISTS: readonly Field[] = [
  ['epcList', ROLE.epc],
  ['childEPCs', ROLE.child],
  ['inputEPCList', ROLE.input],
  ['outputEPCList', ROLE.output],
];
const QUANTITIES: readonly Field[] = [
  ['quantityList', ROLE.class],
  ['childQuantityList', ROLE.class],
  ['inputQuantityList', ROLE.inputClass],
  ['outputQuantityList', ROLE.outputClass],
];
const CONTAINING = new Set(['AggregationEvent', 'AssociationEvent']);

/** @param lotAddress the address of a lot of this unit's product, or null if the identifier is no unit of a product */
export function namesOf(
  event: EpcisEvent,
  lotAddress: (unit: string, lot: string) => string | null,
): readonly Named[] {
  const { type, action, bizStep, parentID } = event;
  const contains = CONTAINING.has(type) && parentID !== undefined;
  const lotNumber = masterData(event, 'lotNumber');
  const stated = event['zm:lot'] ?? null;
  const lotOf = (unit: string) =>
    (lotNumber === undefined ? null : lotAddress(unit, lotNumber)) ??
    (typeof stated === 'string' ? stated : null);
  const found = new Map<string, Named>();
  const add = (uri: string, role: number, more: Partial<Named> = {}) =>
    void found.set(`${role} ${uri}`, { uri, role, change: null, parent: null, lot: null, ...more });
  for (const [field, role] of LISTS)
    for (const uri of itemsOf(event[field])) {
      if (typeof uri !== 'string') continue;
      if (role === ROLE.child && contains)
        add(uri, role, { change: action === 'DELETE' ? OUT : IN, parent: parentID });
      else if (role === ROLE.epc || role === ROLE.output) add(uri, role, { lot: lotOf(uri) });
      else add(uri, role);
    }
  for (const [field, role] of QUANTITIES)
    for (const item of itemsOf(event[field])) add((item as { epcClass: string }).epcClass, role);
  if (parentID !== undefined) {
    const nothingNamed =
      itemsOf(event.childEPCs).length === 0 && itemsOf(event.childQuantityList).length === 0;
    add(parentID, ROLE.parent, {
      change: contains && action === 'DELETE' && nothingNamed ? OUT : null,
    });
  }
  const site = event.bizLocation?.id ?? event.readPoint?.id;
  if (bizStep === 'sensor_reporting' && site !== undefined) add(site, ROLE.readings);
  return [...found.values()];
}

const itemsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);
