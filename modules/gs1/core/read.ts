/**
 * The one scan box: tells what kind of code a text is and reads it. A GS1 element string (with or without symbology
 * identifier), its bracketed form, a Digital Link, a bare product number, China's 20-digit drug trace code
 * (药品追溯码), or the code of another issuing agency.
 */
import { type Agency, agencyOf } from './agencies.ts';
import { checkDigitFits } from './check-digit.ts';
import { looksLikeLink, readDigitalLink } from './digital-link.ts';
import type { Element } from './element.ts';
import { readBracketed, readElementString } from './element-string.ts';
import type { Fault } from './faults.ts';
import { checkPairings } from './pairings.ts';

/** `plain`: what a symbology without GS1 data carries, e.g. any text in a QR code; no fault, and nothing to judge. */
export type Kind = 'element-string' | 'digital-link' | 'gtin' | 'drug-trace-code' | 'other-agency' | 'plain';

export interface Reading {
  readonly kind: Kind;
  /** The elements found; empty for kinds that have none. */
  readonly elements: readonly Element[];
  /** Symbology identifier of ISO/IEC 15424, e.g. `]d2`. */
  readonly symbology?: string;
  /** The 20 digits of a drug trace code. */
  readonly traceCode?: string;
  readonly agency?: Agency;
}

export interface ReadOptions {
  /** The present year, for the century of two-digit years. */
  readonly year: number;
  /** Insist on this kind; without it the kind is found from the text. */
  readonly kind?: 'gtin' | 'drug-trace-code';
}

export type ReadResult =
  | { readonly ok: true; readonly reading: Reading }
  | { readonly ok: false; readonly fault: Fault };

const GS = '\u001d';
const NUMBER_LENGTHS = [8, 12, 13, 14];

/** Never throws. Digits alone count as a product number if there are 8, 12, 13 or 14; to read them as elements, put `]C1` in front. */
export function read(text: string, options: ReadOptions): ReadResult {
  const from = leadingSpace(text);
  const body = text.slice(0, trailingEnd(text, isContent(text, from) ? SCANNER_SUFFIX : SPACE));
  const found = body.length <= from ? fault('empty', 1) : readKind(body, from, options);
  return 'rule' in found ? { ok: false, fault: found } : { ok: true, reading: found };
}

function readKind(text: string, from: number, { year, kind }: ReadOptions): Reading | Fault {
  if (kind === 'gtin') return readNumber(text, from);
  if (kind === 'drug-trace-code') return readTraceCode(text, from);
  const first = text[from]!;
  if (first === ']') return readScan(text, from, year);
  if (first === '(') return paired('element-string', readBracketed(text, from, year));
  if (first === GS || first === '^')
    return paired('element-string', readElementString(text, from + 1, first, year));
  const agency = agencyOf(text.slice(from));
  if (agency) return { kind: 'other-agency', elements: [], agency };
  if (looksLikeLink(text.slice(from, from + 8))) return readLink(text, from, year);
  const length = digitsOnly(text, from);
  if (NUMBER_LENGTHS.includes(length)) return readNumber(text, from);
  if (length === 20 && first !== '0') return readTraceCode(text, from);
  if (!(first >= '0' && first <= '9')) return fault('not-a-code', from + 1);
  return paired('element-string', readElementString(text, from, GS, year));
}

/** What a scanner sent: the symbology identifier says whether the content is GS1 data. */
function readScan(text: string, from: number, year: number): Reading | Fault {
  const symbology = text.slice(from, from + 3);
  const start = from + 3;
  if (['C1', 'e0', 'd2', 'Q3', 'J1'].includes(symbology.slice(1)))
    return paired(
      'element-string',
      readElementString(text, text[start] === GS ? start + 1 : start, GS, year),
      symbology,
    );
  if (symbology === ']E0' || symbology === ']E4' || symbology === ']I1')
    return readRetail(text, start, symbology, year);
  return [']d1', ']Q1', ']J0'].includes(symbology)
    ? readPlain(text, start, year, symbology)
    : fault('symbology', from + 1);
}

/** A symbol without FNC1 in first: a link, digits, or a code of another agency; anything else is just text. */
function readPlain(text: string, start: number, year: number, symbology: string): Reading | Fault {
  if (/^(?:https?|HTTPS?):\/\//.test(text.slice(start, start + 8)))
    return readLink(text, start, year, symbology);
  const known = digitsOnly(text, start) > 0 || text[start] === '(' || agencyOf(text.slice(start)) !== null;
  if (!known) return { kind: 'plain', elements: [], symbology };
  const found = readKind(text, start, { year });
  return 'rule' in found ? found : { ...found, symbology };
}

/** EAN-13, UPC, EAN-8 or ITF-14, perhaps with a composite component behind `|]e0`. */
function readRetail(text: string, start: number, symbology: string, year: number): Reading | Fault {
  const length = { ']E0': 13, ']E4': 8, ']I1': 14 }[symbology]!;
  const number = readNumber(text.slice(0, start + length), start);
  if ('rule' in number || text.length === start + length)
    return 'rule' in number ? number : { ...number, symbology };
  if (!text.startsWith('|]e0', start + length))
    return { rule: 'number-length', position: start + length + 1 };
  const more = readElementString(text, start + length + 4, GS, year);
  if ('rule' in more) return more;
  return paired('element-string', [...number.elements, ...more], symbology);
}

function readLink(text: string, from: number, year: number, symbology?: string): Reading | Fault {
  const found = readDigitalLink(text.slice(from), year);
  const result = 'rule' in found ? found : paired('digital-link', [...found.path, ...found.query], symbology);
  return 'rule' in result ? { ...result, position: result.position + from } : result;
}

function readNumber(text: string, from: number): Reading | Fault {
  for (let i = from; i < text.length; i++)
    if (!isDigit(text, i)) return { rule: 'charset-n', position: i + 1, ai: '01' };
  if (!NUMBER_LENGTHS.includes(text.length - from)) return { rule: 'number-length', position: from + 1 };
  if (!checkDigitFits(text, from, text.length)) return { rule: 'csum', position: text.length, ai: '01' };
  return {
    kind: 'gtin',
    elements: [{ ai: '01', title: 'GTIN', value: text.slice(from).padStart(14, '0'), position: from + 1 }],
  };
}

/** NMPAB/T 1002: 20 digits, the first seven name the product. */
function readTraceCode(text: string, from: number): Reading | Fault {
  for (let i = from; i < text.length; i++)
    if (!isDigit(text, i) || i - from >= 20) return { rule: 'trace-code', position: i + 1 };
  if (text.length - from < 20) return { rule: 'trace-code', position: text.length + 1 };
  return { kind: 'drug-trace-code', elements: [], traceCode: text.slice(from) };
}

function paired(kind: Kind, elements: readonly Element[] | Fault, symbology?: string): Reading | Fault {
  if ('rule' in elements) return elements;
  const wrong = checkPairings(elements);
  return wrong ?? (symbology ? { kind, elements, symbology } : { kind, elements });
}

const fault = (rule: Fault['rule'], position: number): Fault => ({ rule, position });

function isDigit(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57;
}

/** How many characters follow, if all are digits; otherwise 0. */
function digitsOnly(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (!isDigit(text, i)) return 0;
  return text.length - from;
}

const SPACE = ' \t\r\n';
/** What scanners are set to send behind a code. */
const SCANNER_SUFFIX = '\t\r\n';

/** In element strings a space would be content, and none may have one. */
function isContent(text: string, from: number): boolean {
  return from < text.length && `](^${GS}`.includes(text[from]!);
}

function leadingSpace(text: string): number {
  let at = 0;
  while (at < text.length && SPACE.includes(text[at]!)) at++;
  return at;
}

function trailingEnd(text: string, space: string): number {
  let end = text.length;
  while (end > 0 && space.includes(text[end - 1]!)) end--;
  return end;
}
