/**
 * GS1 Digital Link URIs, uncompressed (GS1 Digital Link Standard: URI Syntax).
 * Short names (`/gtin/`) and GTINs with fewer than 14 digits in the path are refused, as the current standard asks.
 */
import type { Element } from './element.ts';
import type { Fault } from './faults.ts';
import { IDENTIFIERS, type Identifier } from './table.ts';
import { checkWhole } from './value.ts';

const URI_CHARACTER = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/;
const HOST_FAULT = /[_~?#@!$&'()*+,;=%]/;
/** How the compressed form of a link ends (base64url over all, or behind a key). */
const COMPRESSED = /^(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9_-]{10,}$/;
export const CANONICAL = 'https://id.gs1.org';

/** Elements of the path come first, in its order. */
export interface LinkElements {
  readonly path: Element[];
  readonly query: Element[];
}

export const looksLikeLink = (text: string): boolean => /^https?:\/\//i.test(text);

export function readDigitalLink(text: string, year: number): LinkElements | Fault {
  const illegal = URI_CHARACTER.exec(text);
  if (illegal) return { rule: 'link-character', position: illegal.index + 1 };
  const scheme = /^(?:https|http|HTTPS|HTTP):\/\//.exec(text)?.[0].length;
  if (scheme === undefined) return { rule: 'link-host', position: 1 };
  const slash = text.indexOf('/', scheme);
  if (slash <= scheme) return { rule: 'link-host', position: scheme + 1 };
  const badHost = HOST_FAULT.exec(text.slice(scheme, slash));
  if (badHost) return { rule: 'link-host', position: scheme + badHost.index + 1 };
  const hash = text.indexOf('#', slash);
  const end = hash < 0 ? text.length : hash;
  const mark = text.slice(0, end).indexOf('?', slash);
  const path = readPath(text, slash, mark < 0 ? end : mark, year);
  if ('rule' in path) return path;
  const query = mark < 0 ? [] : readQuery(text, mark + 1, end, year);
  if ('rule' in query) return query;
  const wrong = orderFault(path) ?? attributeFault(path, query);
  return wrong ?? { path, query };
}

/** Walks back from the end over pairs of identifier and value until a primary key is found. */
function readPath(text: string, from: number, end: number, year: number): Element[] | Fault {
  const segments: { start: number; end: number }[] = [];
  for (let at = from; at < end; ) {
    const next = text.slice(0, end).indexOf('/', at + 1);
    const stop = next < 0 ? end : next;
    segments.push({ start: at + 1, end: stop });
    at = stop;
  }
  const name = (i: number) => text.slice(segments[i]!.start, segments[i]!.end);
  for (let i = segments.length - 2; i >= 0; i -= 2) {
    const identifier = IDENTIFIERS.get(name(i));
    if (!identifier) break;
    if (!identifier.qualifiers) continue;
    const elements: Element[] = [];
    for (let j = i; j < segments.length; j += 2) {
      const { start, end: stop } = segments[j + 1]!;
      const element = readPair(
        IDENTIFIERS.get(name(j))!,
        segments[j]!.start,
        text.slice(start, stop),
        start,
        false,
        year,
      );
      if ('rule' in element) return element;
      elements.push(element);
    }
    return elements;
  }
  const last = segments.at(-1);
  return last && COMPRESSED.test(text.slice(last.start, last.end))
    ? { rule: 'link-compressed', position: last.start + 1 }
    : { rule: 'link-key', position: from + 1 };
}

function readQuery(text: string, from: number, end: number, year: number): Element[] | Fault {
  const elements: Element[] = [];
  for (let at = from; at < end; ) {
    const next = text.slice(0, end).indexOf('&', at);
    const stop = next < 0 ? end : next;
    const equals = text.slice(0, stop).indexOf('=', at);
    const key = equals < 0 ? '' : text.slice(at, equals);
    if (/^\d+$/.test(key)) {
      const identifier = IDENTIFIERS.get(key);
      if (!identifier) return { rule: 'link-number-as-key', position: at + 1, ai: key };
      const element = readPair(identifier, at, text.slice(equals + 1, stop), equals + 1, true, year);
      if ('rule' in element) return element;
      elements.push(element);
    }
    at = stop + 1;
  }
  return elements;
}

/** @param at index of the identifier, @param start index of `written` in the link */
function readPair(
  identifier: Identifier,
  at: number,
  written: string,
  start: number,
  inQuery: boolean,
  year: number,
): Element | Fault {
  const { ai, title } = identifier;
  if (written === '') return { rule: 'link-empty', position: start + 1, ai };
  const decoded = decode(written, inQuery);
  const nothing = decoded.indexOf('\0');
  if (nothing >= 0) return { rule: 'link-null', position: start + writtenLength(written, nothing) + 1, ai };
  const value =
    inQuery && ai === '01' && [8, 12, 13].includes(decoded.length) ? decoded.padStart(14, '0') : decoded;
  const wrong = checkWhole(identifier, value, year);
  if (wrong) return { ...wrong, position: start + writtenLength(written, wrong.position - 1) + 1 };
  return { ai, title, value, position: at + 1 };
}

/** A `%` that is not followed by two hexadecimal digits stands for itself. Bytes are characters: no set has others. */
function decode(written: string, inQuery: boolean): string {
  const plain = inQuery ? written.replaceAll('+', ' ') : written;
  return plain.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function writtenLength(written: string, count: number): number {
  let at = 0;
  for (let n = 0; n < count && at < written.length; n++)
    at += /^%[0-9A-Fa-f]{2}/.test(written.slice(at, at + 3)) ? 3 : 1;
  return at;
}

/** Are the qualifiers an ordered part of one of the permitted orders? */
function permitted(key: string, qualifiers: readonly string[]): boolean {
  return IDENTIFIERS.get(key)!.qualifiers!.some((order) => {
    let at = 0;
    for (const ai of order) if (qualifiers[at] === ai) at++;
    return at === qualifiers.length;
  });
}

function orderFault(path: readonly Element[]): Fault | null {
  const [key, ...rest] = path.map(({ ai }) => ai);
  return permitted(key!, rest) ? null : { rule: 'link-order', position: path[1]!.position };
}

function attributeFault(path: readonly Element[], query: readonly Element[]): Fault | null {
  const [key, ...rest] = path.map(({ ai }) => ai);
  for (const [i, { ai, position }] of query.entries()) {
    if ([...path, ...query.slice(0, i)].some((other) => other.ai === ai))
      return { rule: 'link-duplicate', position, ai };
    if (!IDENTIFIERS.get(ai)!.attribute) return { rule: 'link-attribute', position, ai };
    for (let j = 0; j <= rest.length; j++)
      if (permitted(key!, [...rest.slice(0, j), ai, ...rest.slice(j)]))
        return { rule: 'link-in-path', position, ai };
  }
  return null;
}

const escaped = (value: string, inQuery: boolean): string =>
  value.replace(/[^A-Za-z0-9\-._~]/g, (c) =>
    c === ' ' && inQuery ? '+' : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/**
 * Builds a Digital Link from checked elements: key, as many qualifiers as fit, then attributes (fixed lengths first).
 * @param stem host and path to put in front; the canonical one is https://id.gs1.org
 * @returns null if there is no primary key, or something that a link may not carry
 */
export function buildDigitalLink(
  elements: readonly { ai: string; value: string }[],
  stem: string = CANONICAL,
): string | null {
  const key = elements.find(({ ai }) => IDENTIFIERS.get(ai)?.qualifiers);
  if (!key) return null;
  const has = (ai: string) => elements.some((e) => e.ai === ai);
  const orders = IDENTIFIERS.get(key.ai)!.qualifiers!.map((order) => order.filter(has));
  const order = orders.reduce((best, next) => (next.length > best.length ? next : best));
  const inPath = [key.ai, ...order].map((ai) => elements.find((e) => e.ai === ai)!);
  const rest = elements.filter(
    (e, i) => !inPath.some((p) => p.ai === e.ai) && elements.findIndex((o) => o.ai === e.ai) === i,
  );
  if (rest.some(({ ai }) => !IDENTIFIERS.get(ai)?.attribute)) return null;
  const sorted = [
    ...rest.filter(({ ai }) => IDENTIFIERS.get(ai)!.fixed),
    ...rest.filter(({ ai }) => !IDENTIFIERS.get(ai)!.fixed),
  ];
  const path = inPath.map(({ ai, value }) => `/${ai}/${escaped(value, false)}`).join('');
  const query = sorted.map(({ ai, value }) => `${ai}=${escaped(value, true)}`).join('&');
  return stem.replace(/\/$/, '') + path + (query && `?${query}`);
}
