/**
 * Everything in a vault as one FHIR R4 bundle, for systems that read FHIR: the person as a pseudonym, allergies,
 * treatments, and photos, documents, consents and sealed records by the name of the object that travels beside it.
 */
import { type Json, toBase64, utf8 } from '@zhenmei/kernel';
import { type AllergyList, allergyListToFhir } from '../allergy-list.ts';
import { type ConsentReceipt, receiptToFhir } from '../consent/receipt.ts';
import type { Item } from '../contents.ts';
import type { Resource } from '../fhir/validate.ts';
import type { HealthFacts } from '../health/facts.ts';
import { factsToFhir } from '../health/facts-fhir.ts';
import type { AnyRecord } from '../record.ts';
import { zoneConcept } from '../record-parts.ts';

/** What is known of an item beside its bytes; one of them, by its kind. */
export interface Told {
  readonly item: Pick<Item, 'object' | 'kind' | 'title' | 'at' | 'zones' | 'mime' | 'size'>;
  readonly allergies?: AllergyList;
  readonly facts?: HealthFacts;
  readonly record?: AnyRecord;
  readonly consent?: ConsentReceipt;
  /** Who signed each version, and the signature. */
  readonly sealed?: readonly { readonly at: string; readonly author: string; readonly signature: string }[];
}

const BASE = 'https://zhenmei.example/fhir';
const self = { reference: 'Patient/self' };
const objectUrl = (object: string) => `urn:zhenmei:object:${object}`;
/** Ids of FHIR know fewer characters than names of objects. */
const idOf = (prefix: string, n: number) => `${prefix}-${n}`;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
/** A time without a zone says no more than its day to somebody elsewhere. */
const dateTime = (at: string): string => (INSTANT.test(at) ? at : at.slice(0, 10));

const attachment = ({ object, mime, size, title }: Told['item']) => ({
  contentType: mime.split(';')[0]!,
  url: objectUrl(object),
  size,
  ...(title.trim() ? { title } : {}),
});

function mediaOf({ item }: Told, n: number): Json {
  return {
    resourceType: 'Media',
    id: idOf('photo', n),
    status: 'completed',
    subject: self,
    createdDateTime: dateTime(item.at),
    ...(item.zones[0] ? { bodySite: zoneConcept(item.zones[0]) } : {}),
    content: attachment(item),
  };
}

function documentOf({ item }: Told, n: number): Json {
  return {
    resourceType: 'DocumentReference',
    id: idOf('document', n),
    status: 'current',
    subject: self,
    ...(INSTANT.test(item.at) ? { date: item.at } : {}),
    content: [{ attachment: attachment(item) }],
  };
}

function sealedOf({ item, sealed = [] }: Told, n: number): Json[] {
  const document = documentOf({ item }, n) as { [key: string]: Json };
  const target = `DocumentReference/${String(document.id)}`;
  return [
    document,
    ...sealed.map(({ at, author, signature }, i) => ({
      resourceType: 'Provenance',
      id: idOf(`sealed-${n}`, i + 1),
      target: [{ reference: target }],
      recorded: at,
      agent: [{ who: { display: author } }],
      signature: [
        {
          type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }],
          when: at,
          who: { display: author },
          data: toBase64(utf8(signature)),
        },
      ],
    })),
  ];
}

/** A record's parts under ids of their own, so that many records fit into one bundle. */
function recordOf(record: AnyRecord, n: number): Json[] {
  const ids = new Map(
    record.entry.map(({ resource }) => [
      `${resource.resourceType}/${resource.id}`,
      `${resource.resourceType}/${idOf(resource.id, n)}`,
    ]),
  );
  const renamed = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'reference' && typeof inner === 'string' ? (ids.get(inner) ?? inner) : renamed(inner),
      ]),
    );
  };
  return record.entry.map(({ resource }) => ({
    ...(renamed(JSON.parse(JSON.stringify(resource)) as Json) as { [key: string]: Json }),
    id: idOf(resource.id, n),
  }));
}

/** @param told items in the order in which they are to stand */
export function vaultBundle(told: readonly Told[]): Resource {
  const resources: Json[] = [{ resourceType: 'Patient', id: 'self' }];
  for (const [i, one] of told.entries()) {
    const n = i + 1;
    if (one.allergies)
      for (const [k, allergy] of allergyListToFhir(one.allergies).entries())
        resources.push({
          ...(JSON.parse(JSON.stringify(allergy)) as { [key: string]: Json }),
          id: `allergy-${n}-${k + 1}`,
        });
    else if (one.facts)
      for (const [k, fact] of factsToFhir(one.facts).entries())
        resources.push({
          ...(JSON.parse(JSON.stringify(fact)) as { [key: string]: Json }),
          id: `fact-${n}-${k + 1}`,
        });
    else if (one.record) resources.push(...recordOf(one.record, n));
    else if (one.consent) resources.push(JSON.parse(JSON.stringify(receiptToFhir(one.consent))) as Json);
    else if (one.sealed) resources.push(...sealedOf(one, n));
    else if (one.item.kind === 'photo') resources.push(mediaOf(one, n));
    else resources.push(documentOf(one, n));
  }
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => {
      const { resourceType, id } = resource as { resourceType: string; id: string };
      return { fullUrl: `${BASE}/${resourceType}/${id}`, resource };
    }),
  } as unknown as Resource;
}
