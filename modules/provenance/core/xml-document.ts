/** EPCIS 1.2 and 2.0 XML documents as the JSON-LD document that says the same. */
import { AppError, type Json } from '@zhenmei/kernel';
import type { JsonObject } from './checks.ts';
import './errors.ts';
import { readXml, type XmlElement } from './xml.ts';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
const EPC_LISTS = new Set(['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList']);
const QUANTITY_LISTS = new Set([
  'quantityList',
  'childQuantityList',
  'inputQuantityList',
  'outputQuantityList',
]);
const PAIR_LISTS: Readonly<Record<string, string>> = {
  bizTransactionList: 'bizTransaction',
  sourceList: 'source',
  destinationList: 'destination',
};
const NUMBERS = new Set([
  'quantity',
  'value',
  'minValue',
  'maxValue',
  'meanValue',
  'sDev',
  'percRank',
  'percValue',
]);

/** Throws XML_INVALID, XML_REFUSED, EPCIS_NOT_A_DOCUMENT. */
export function documentFromXml(text: string): JsonObject {
  const root = readXml(text);
  const body = within(root, 'EPCISBody');
  const results = body && within(body, 'QueryResults');
  const holder = results ? within(results, 'resultsBody') : body;
  const list = holder && within(holder, 'EventList');
  if (!list || !/^EPCIS(?:Query)?Document$/.test(root.name)) throw new AppError('EPCIS_NOT_A_DOCUMENT');
  const eventList = flat(list).map((element) => event(element));
  const attribute = (name: string) => root.attributes.find((a) => a.name === name)?.value;
  const prefixes = Object.fromEntries(
    Object.entries({ ...root.prefixes, ...list.prefixes }).filter(
      ([prefix]) => prefix !== '' && prefix !== 'xml',
    ),
  );
  const named = results && within(results, 'queryName')?.text;
  return {
    '@context': [CONTEXT, prefixes],
    type: results ? 'EPCISQueryDocument' : 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: attribute('creationDate') ?? '',
    epcisBody: results
      ? { queryResults: { queryName: named ?? '', resultsBody: { eventList } } }
      : { eventList },
  };
}

const own = (element: XmlElement): boolean =>
  element.namespace === '' || element.namespace.startsWith('urn:epcglobal:epcis');

const within = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((child) => child.name === name);

/** The standard's extension points are wrappers without meaning. */
function flat(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) =>
    own(child) && (child.name === 'extension' || child.name === 'baseExtension') ? flat(child) : [child],
  );
}

function event(element: XmlElement): JsonObject {
  const out: JsonObject = { type: element.name };
  for (const child of flat(element)) put(out, keyOf(child), own(child) ? standard(child) : extension(child));
  return out;
}

function standard(element: XmlElement): Json {
  const { name } = element;
  const items = flat(element);
  if (EPC_LISTS.has(name)) return items.map(({ text }) => text);
  if (QUANTITY_LISTS.has(name)) return items.map(fields);
  const value = PAIR_LISTS[name];
  if (value)
    return items.map((item) => ({
      ...Object.fromEntries(item.attributes.map((a) => [a.name, a.value])),
      [value]: item.text,
    }));
  if (name === 'persistentDisposition') return several(items);
  if (name === 'errorDeclaration')
    return {
      ...fields({ ...element, children: items.filter((item) => item.name !== 'correctiveEventIDs') }),
      ...corrective(items),
    };
  if (name === 'sensorElementList') return items.map(sensorElement);
  return items.length === 0 && name !== 'ilmd' && element.attributes.length === 0
    ? element.text
    : fields(element);
}

function corrective(items: readonly XmlElement[]): JsonObject {
  const ids = items
    .filter((item) => item.name === 'correctiveEventIDs')
    .flatMap((item) => item.children.map(({ text }) => text));
  return ids.length > 0 ? { correctiveEventIDs: ids } : {};
}

function several(items: readonly XmlElement[]): JsonObject {
  const out: Record<string, string[]> = {};
  for (const { name, text } of items) out[name] = [...(out[name] ?? []), text];
  return out;
}

function sensorElement(element: XmlElement): JsonObject {
  const out: JsonObject = {};
  const reports: Json[] = [];
  for (const child of flat(element)) {
    if (own(child) && child.name === 'sensorReport') reports.push(fields(child));
    else put(out, keyOf(child), own(child) ? fields(child) : extension(child));
  }
  return { ...out, sensorReport: reports };
}

/** Attributes and children alike, as members. */
function fields(element: XmlElement): JsonObject {
  const out: JsonObject = {};
  for (const { namespace, name, value } of element.attributes)
    put(out, namespace ? iri(namespace, name) : name, namespace ? value : typed(name, value));
  for (const child of flat(element))
    put(
      out,
      keyOf(child),
      own(child) && child.children.length === 0 ? typed(child.name, child.text) : extension(child),
    );
  return out;
}

function typed(name: string, text: string): Json {
  if (NUMBERS.has(name) && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  return name === 'booleanValue' && /^(?:true|false|1|0)$/.test(text)
    ? text === 'true' || text === '1'
    : text;
}

/** A list whose items carry its own name without `List` is an array; everything else keeps its members. */
function extension(element: XmlElement): Json {
  const { name, children, attributes, text } = element;
  if (children.length === 0 && attributes.length === 0) return text;
  if (
    name.endsWith('List') &&
    attributes.length === 0 &&
    children.every((child) => child.name === name.slice(0, -4) && child.namespace === element.namespace)
  )
    return children.map(extension);
  const out: JsonObject = text === '' ? {} : { '#text': text };
  for (const attribute of attributes)
    put(
      out,
      attribute.namespace ? iri(attribute.namespace, attribute.name) : attribute.name,
      attribute.value,
    );
  for (const child of children) put(out, keyOf(child), extension(child));
  return out;
}

const keyOf = (element: XmlElement): string =>
  own(element) ? element.name : iri(element.namespace, element.name);

/** XML gives the master data namespace without the colon that JSON-LD puts behind it. */
function iri(namespace: string, name: string): string {
  if (namespace === 'urn:epcglobal:cbv:mda') return `${namespace}:${name}`;
  return /[/#:]$/.test(namespace) ? namespace + name : `{${namespace}}${name}`;
}

function put(out: JsonObject, key: string, value: Json): void {
  const known = out[key];
  if (known === undefined) out[key] = value;
  else out[key] = [...(Array.isArray(known) ? known : [known]), ...(Array.isArray(value) ? value : [value])];
}
