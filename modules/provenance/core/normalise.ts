/**
 * One form for every writing of an event: standard terms bare, other terms as IRIs, identifiers as canonical Digital
 * Links, times in UTC at milliseconds, names of extensions expanded, sets in one order. What says nothing about the
 * event itself (contexts, comments, recordTime, eventID) is left out.
 */
import { canonicalJson, type Json } from '@zhenmei/kernel';
import { expand, expandName, type Prefixes, withContext, ZM } from './context.ts';
import { normaliseTime } from './event-time.ts';
import {
  ALERT,
  BIZ_STEP,
  COMPONENT,
  DISPOSITION,
  ERROR_REASON,
  MEASUREMENT,
  SOURCE_DESTINATION,
  TRANSACTION,
  termOf,
  type Vocabulary,
  webForm,
} from './vocabulary.ts';

/** Gives the canonical Digital Link of an identifier, or null if it is none of GS1's. */
export type Canonical = (uri: string) => string | null;

export type JsonObject = { [key: string]: Json };

const DROPPED = new Set(['@context', 'recordTime', 'eventID', 'comment', 'rdfs:comment']);

/** Where terms of which vocabulary stand; `owner` is the field the object is in. */
function vocabularyAt(owner: string, key: string): Vocabulary | null {
  if (key === 'bizStep') return BIZ_STEP;
  if (key === 'disposition' || (owner === 'persistentDisposition' && (key === 'set' || key === 'unset')))
    return DISPOSITION;
  if (key === 'reason') return ERROR_REASON;
  if (key === 'component') return COMPONENT;
  if (key === 'exception') return ALERT;
  if (key !== 'type') return null;
  if (owner === 'sensorReport') return MEASUREMENT;
  if (owner === 'bizTransactionList') return TRANSACTION;
  return owner === 'sourceList' || owner === 'destinationList' ? SOURCE_DESTINATION : null;
}

const TIMES = new Set(['eventTime', 'declarationTime', 'time', 'startTime', 'endTime']);

/** An event as JSON that was found valid, in its one form. @param prefixes those of the document around it @param half see `normaliseTime` */
export function normaliseEvent(
  event: JsonObject,
  prefixes: Prefixes,
  canonical: Canonical,
  half: 'even' | 'up' = 'even',
): JsonObject {
  const writer = new Writer(withContext(prefixes, event['@context']), canonical, half);
  const out = writer.object(event, 'event');
  out.type =
    typeof out.type === 'string' ? out.type.replace('https://ref.gs1.org/epcis/', '') : (out.type ?? null);
  return out;
}

class Writer {
  private readonly prefixes: Prefixes;
  private readonly canonical: Canonical;
  private readonly half: 'even' | 'up';
  constructor(prefixes: Prefixes, canonical: Canonical, half: 'even' | 'up') {
    this.prefixes = prefixes;
    this.canonical = canonical;
    this.half = half;
  }

  object(object: JsonObject, owner: string): JsonObject {
    const out: JsonObject = {};
    let prefixes = this.prefixes;
    for (const key of Object.keys(object))
      if (key.startsWith('@xmlns') && typeof object[key] === 'string')
        prefixes = { ...prefixes, [key.slice(7)]: object[key] };
    const inner = prefixes === this.prefixes ? this : new Writer(prefixes, this.canonical, this.half);
    for (const key of Object.keys(object)) {
      if (DROPPED.has(key) || key.startsWith('@xmlns')) continue;
      out[inner.name(key)] = inner.value(object[key]!, owner, key);
    }
    return out;
  }

  /** Names of this house's extensions stay short, all others become IRIs. */
  private name(key: string): string {
    const colon = key.indexOf(':');
    if (colon <= 0) return key;
    const name = expandName(this.prefixes, key);
    return name.startsWith(ZM) ? `zm:${name.slice(ZM.length)}` : name;
  }

  private value(value: Json, owner: string, key: string): Json {
    if (typeof value === 'string') return this.text(value, owner, key);
    if (Array.isArray(value)) return inOneOrder(value.map((item) => this.value(item, owner, key)));
    if (typeof value === 'object' && value !== null) return this.object(value, key.includes(':') ? '' : key);
    return value;
  }

  private text(text: string, owner: string, key: string): string {
    const standard = owner !== '' && !key.includes(':') && owner !== 'ilmd';
    if (standard && TIMES.has(key)) return normaliseTime(text, this.half);
    const iri = webForm(expand(this.prefixes, text.trim()));
    const vocabulary = standard ? vocabularyAt(owner, key) : null;
    if (vocabulary) return termOf(vocabulary, iri);
    return this.canonical(iri) ?? iri;
  }
}

function inOneOrder(items: Json[]): Json[] {
  if (items.length < 2) return items;
  if (items.every((item) => typeof item === 'string')) return items.sort();
  return items
    .map((item) => [canonicalJson(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item);
}
