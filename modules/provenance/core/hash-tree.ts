/** An event as the tree of names and texts that the event hash walks: the form of its XML writing. */
import type { Json } from '@zhenmei/kernel';
import { splitName } from './context.ts';
import type { HashProfile } from './hash-order.ts';
import type { JsonObject } from './normalise.ts';
import {
  ALERT,
  BIZ_STEP,
  COMPONENT,
  DISPOSITION,
  iriOf,
  MEASUREMENT,
  SOURCE_DESTINATION,
  TRANSACTION,
  type Vocabulary,
} from './vocabulary.ts';

export interface Node {
  readonly name: string;
  readonly text: string;
  readonly children: Node[];
  /** Type and value of a transaction, source or destination, kept together in this order. */
  readonly pair?: true;
}

const PAIRS: Readonly<Record<string, { readonly value: string; readonly types: Vocabulary }>> = {
  bizTransactionList: { value: 'bizTransaction', types: TRANSACTION },
  sourceList: { value: 'source', types: SOURCE_DESTINATION },
  destinationList: { value: 'destination', types: SOURCE_DESTINATION },
};

export function treeOf(event: JsonObject, profile: HashProfile): Node[] {
  return new Builder(event, profile).children(event, 'event');
}

class Builder {
  private readonly profile: HashProfile;
  /** The reference replaces a bare word anywhere in the event by the IRI of the term it is elsewhere. */
  private readonly words = new Map<string, string>();
  constructor(event: JsonObject, profile: HashProfile) {
    this.profile = profile;
    if (profile === 'ref') this.collect(event, 'event');
  }

  children(object: JsonObject, owner: string): Node[] {
    const out: Node[] = [];
    for (const key of Object.keys(object)) {
      if (key === '#text') continue;
      const pairs = owner === 'event' ? PAIRS[key] : undefined;
      if (pairs && Array.isArray(object[key]))
        out.push({
          name: key,
          text: '',
          children: object[key].map((item) => this.pair(item as JsonObject, pairs)),
        });
      else this.member(out, key, object[key]!, owner);
    }
    return out;
  }

  private member(out: Node[], key: string, value: Json, owner: string): void {
    const name = nameOf(key);
    const items = Array.isArray(value) ? value : [value];
    const listed = name.endsWith('List');
    const nodes = items.map((item) => this.node(listed ? singular(name, item) : name, item, owner, key));
    if (name === 'childEPCs')
      out.push({ name, text: '', children: nodes.map((node) => ({ ...node, name: 'epc' })) });
    else if (listed) {
      if (nodes.length > 0) out.push({ name, text: '', children: nodes });
    } else out.push(...nodes);
  }

  private node(name: string, value: Json, owner: string, key: string): Node {
    if (Array.isArray(value))
      return { name, text: '', children: value.map((item) => this.node('', item, '', '')) };
    if (typeof value === 'object' && value !== null) {
      const text = value['#text'];
      return { name, text: typeof text === 'string' ? text.trim() : '', children: this.children(value, key) };
    }
    return { name, text: this.scalar(value, owner, key), children: [] };
  }

  private scalar(value: Json, owner: string, key: string): string {
    if (typeof value === 'string') {
      const vocabulary = vocabularyOf(owner, key);
      const iri = vocabulary ? iriOf(vocabulary, value) : value;
      return this.words.get(iri) ?? iri.trim();
    }
    if (typeof value === 'boolean' && this.profile === 'ref') return value ? 'True' : 'False';
    return value === null ? 'None' : String(value);
  }

  private pair(item: JsonObject, { value, types }: { value: string; types: Vocabulary }): Node {
    const type =
      typeof item.type === 'string' ? [{ name: 'type', text: iriOf(types, item.type), children: [] }] : [];
    const own = { name: value, text: this.scalar(item[value] ?? '', '', ''), children: [] };
    if (this.profile === 'spec') return { ...own, children: type };
    return { name: '', text: '', children: [...type, own], pair: true };
  }

  private collect(object: JsonObject, owner: string): void {
    for (const [key, value] of Object.entries(object)) {
      const types = owner === 'event' ? PAIRS[key]?.types : undefined;
      for (const item of Array.isArray(value) ? value : [value]) {
        if (typeof item === 'string') this.word(vocabularyOf(owner, key), item);
        else if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
          if (types && typeof item.type === 'string') this.word(types, item.type);
          else this.collect(item, key);
        }
      }
    }
  }

  private word(vocabulary: Vocabulary | null, text: string): void {
    const iri = vocabulary ? iriOf(vocabulary, text) : text;
    if (!iri.startsWith('https://ref.gs1.org/cbv') && !iri.startsWith('https://gs1.org/voc')) return;
    for (const word of [iri.slice(iri.lastIndexOf('/') + 1), iri.slice(iri.lastIndexOf('-') + 1)])
      if (word !== '') this.words.set(word, iri);
  }
}

function vocabularyOf(owner: string, key: string): Vocabulary | null {
  if (owner === 'event') return key === 'bizStep' ? BIZ_STEP : key === 'disposition' ? DISPOSITION : null;
  if (owner === 'persistentDisposition') return DISPOSITION;
  if (owner !== 'sensorReport') return null;
  return key === 'type' ? MEASUREMENT : key === 'exception' ? ALERT : key === 'component' ? COMPONENT : null;
}

/** `{namespace}local` for the names of extensions. */
function nameOf(key: string): string {
  const parts = splitName(key);
  return parts ? `{${parts.namespace}}${parts.local}` : key;
}

const NAMES: Readonly<Record<string, string>> = {
  epcList: 'epc',
  inputEPCList: 'epc',
  outputEPCList: 'epc',
  childQuantityList: 'quantityElement',
  inputQuantityList: 'quantityElement',
  outputQuantityList: 'quantityElement',
};

/** What an item of a list is called: the name of the list without `List`, apart from a few. */
function singular(list: string, item: Json): string {
  const known = Object.hasOwn(NAMES, list) ? NAMES[list] : undefined;
  const name = known ?? list.slice(0, -4);
  return name === 'quantity' && typeof item === 'object' ? 'quantityElement' : name;
}
