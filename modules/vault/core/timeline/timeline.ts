/** The vault in the order of time: its items, and what the FHIR files in it say. Pure; narrowed by area, kind and year. */
import type { Item } from '../contents.ts';
import type { Resource } from '../fhir/validate.ts';
import { type Area, areasOfConcept, areasOfZone } from './areas.ts';

export const ENTRY_KINDS = [
  'treatment',
  'photo',
  'finding',
  'allergy',
  'event',
  'consent',
  'document',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface Entry {
  readonly key: string;
  readonly kind: EntryKind;
  /** RFC 3339, or a date as exact as it is known; null if nothing says when. */
  readonly at: string | null;
  /** Null if only a code is given: the kind is shown then. */
  readonly title: string | null;
  /** A value or a remark, in words. */
  readonly text: string | null;
  readonly areas: readonly Area[];
  /** The item that holds it. */
  readonly item: Item;
}

const ITEM_ENTRY: Readonly<Record<Item['kind'], EntryKind | null>> = {
  allergies: 'allergy',
  record: 'treatment',
  photo: 'photo',
  document: 'document',
  // these show what is in them
  fhir: null,
  measures: 'finding',
  receipt: 'consent',
  // the treatment itself is there already
  'sealed-record': null,
  'visit-receipt': 'document',
  trust: null,
  'health-facts': 'finding',
  // a doctor's decision about a visit's gate
  decision: 'document',
  result: 'finding',
};

/** One entry for an item; none for those that show what is in them. */
export function entryOfItem(item: Item): Entry | null {
  const kind = ITEM_ENTRY[item.kind];
  if (!kind) return null;
  const areas = [...new Set(item.zones.flatMap(areasOfZone))];
  return { key: item.object, kind, at: item.at, title: item.title, text: null, areas, item };
}

type Any = { readonly [key: string]: unknown };
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const first = (value: unknown): Any | undefined => (Array.isArray(value) ? (value[0] as Any) : undefined);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Words of a concept; a bare code is no word. */
function words(concept: unknown): string | null {
  const { text: said, coding } = (concept ?? {}) as Any;
  return (
    text(said) ??
    list(coding)
      .map((one) => text((one as Any).display))
      .find((d) => d !== null) ??
    null
  );
}

const day = (resource: Any, ...fields: string[]): string | null => {
  for (const field of fields) {
    const [name, part] = field.split('.') as [string, string?];
    const value = part ? (resource[name] as Any | undefined)?.[part] : resource[name];
    if (text(value)) return text(value);
  }
  return null;
};

function quantity(value: unknown): string | null {
  const { value: amount, unit, code, comparator } = (value ?? {}) as Any;
  if (typeof amount !== 'number') return null;
  return [text(comparator), String(amount), text(unit) ?? text(code)].filter(Boolean).join(' ');
}

const noteOf = (resource: Any): string | null =>
  list(resource.note)
    .map((one) => text((one as Any).text))
    .filter(Boolean)
    .join(' · ') || null;

type Reader = (
  resource: Any,
) => Pick<Entry, 'kind' | 'at' | 'title' | 'text'> & { sites: readonly unknown[] };

const READERS: Readonly<Record<string, Reader>> = {
  Procedure: (r) => ({
    kind: 'treatment',
    at: day(r, 'performedDateTime', 'performedPeriod.start', 'performedPeriod.end'),
    title: words(r.code),
    text: [words(first(r.usedCode)), noteOf(r)].filter(Boolean).join(' · ') || null,
    sites: list(r.bodySite),
  }),
  MedicationAdministration: (r) => ({
    kind: 'treatment',
    at: day(r, 'effectiveDateTime', 'effectivePeriod.start'),
    title: words(r.medicationCodeableConcept),
    text: quantity((r.dosage as Any | undefined)?.dose) ?? noteOf(r),
    sites: [(r.dosage as Any | undefined)?.site],
  }),
  MedicationStatement: (r) => ({
    kind: 'finding',
    at: day(r, 'effectiveDateTime', 'effectivePeriod.start', 'dateAsserted'),
    title: words(r.medicationCodeableConcept) ?? text((r.medicationReference as Any | undefined)?.display),
    text: text(first(r.dosage)?.text) ?? noteOf(r),
    sites: [],
  }),
  DeviceUseStatement: (r) => ({
    kind: 'treatment',
    at: day(r, 'timingDateTime', 'timingPeriod.start', 'recordedOn'),
    title: text((r.device as Any | undefined)?.display),
    text: noteOf(r),
    sites: [r.bodySite],
  }),
  Observation: (r) => ({
    kind: 'finding',
    at: day(r, 'effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued'),
    title: words(r.code),
    text: quantity(r.valueQuantity) ?? text(r.valueString) ?? words(r.valueCodeableConcept) ?? noteOf(r),
    sites: [r.bodySite],
  }),
  Condition: (r) => ({
    kind: 'finding',
    at: day(r, 'onsetDateTime', 'onsetPeriod.start', 'recordedDate'),
    title: words(r.code),
    text: noteOf(r),
    sites: list(r.bodySite),
  }),
  QuestionnaireResponse: (r) => ({
    kind: 'finding',
    at: day(r, 'authored'),
    title: null,
    text: null,
    sites: [],
  }),
  AllergyIntolerance: (r) => ({
    kind: 'allergy',
    at: day(r, 'onsetDateTime', 'recordedDate', 'lastOccurrence'),
    title: words(r.code),
    text: noteOf(r) ?? words(first(first(r.reaction)?.manifestation)),
    sites: [],
  }),
  AdverseEvent: (r) => ({
    kind: 'event',
    at: day(r, 'date', 'detected', 'recordedDate'),
    title: words(r.event),
    text: null,
    sites: [],
  }),
  Media: (r) => ({
    kind: 'photo',
    at: day(r, 'createdDateTime', 'createdPeriod.start', 'issued'),
    title: text((r.content as Any | undefined)?.title),
    text: noteOf(r),
    sites: [r.bodySite],
  }),
  DocumentReference: (r) => ({
    kind: 'document',
    at: day(r, 'date'),
    title: text(r.description) ?? words(r.type),
    text: null,
    sites: [],
  }),
  CarePlan: (r) => ({
    kind: 'document',
    at: day(r, 'period.start', 'created'),
    title: text(r.title),
    text: text(r.description),
    sites: [],
  }),
  Consent: (r) => ({ kind: 'consent', at: day(r, 'dateTime'), title: words(r.scope), text: null, sites: [] }),
};

/** Entries for the resources in a FHIR file. @param resources those that are valid */
export function entriesOfFhir(item: Item, resources: readonly Resource[]): readonly Entry[] {
  return resources.flatMap((resource, i) => {
    // what was not taken did not happen
    if (['entered-in-error', 'not-taken'].includes(String(resource.status))) return [];
    const read = READERS[resource.resourceType]?.(resource);
    if (!read) return [];
    const { sites, ...entry } = read;
    const areas = [...new Set(sites.flatMap(areasOfConcept))];
    return [{ ...entry, key: `${item.object}/${i}`, areas, item }];
  });
}

export interface Narrowing {
  readonly area: Area | null;
  readonly kind: EntryKind | null;
  readonly year: string | null;
  /** Every word must occur, in whatever order. */
  readonly search: string;
}
export const EVERYTHING: Narrowing = { area: null, kind: null, year: null, search: '' };

/** The year in which it was, by the calendar of the entry itself. */
export const yearOf = ({ at }: Pick<Entry, 'at'>): string | null => at?.slice(0, 4) ?? null;

const folded = (value: string) => value.normalize('NFKC').toLocaleLowerCase('en');

/** Newest first; what has no time comes last. */
export function narrowed(
  entries: readonly Entry[],
  { area, kind, year, search }: Narrowing,
): readonly Entry[] {
  const wanted = folded(search).split(/\s+/).filter(Boolean);
  return entries
    .filter((entry) => {
      const said = folded([entry.title, entry.text, entry.item.title].filter(Boolean).join(' '));
      return (
        (area === null || entry.areas.includes(area)) &&
        (kind === null || entry.kind === kind) &&
        (year === null || yearOf(entry) === year) &&
        wanted.every((word) => said.includes(word))
      );
    })
    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? '') || a.key.localeCompare(b.key));
}

/** How many entries each choice would leave, if only that one were changed. */
export function countBy<K extends string>(
  entries: readonly Entry[],
  of: (entry: Entry) => readonly (K | null)[],
): ReadonlyMap<K, number> {
  const counts = new Map<K, number>();
  for (const entry of entries)
    for (const key of new Set(of(entry))) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
