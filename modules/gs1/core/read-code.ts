/**
 * Reads what a scanner or a person gives: an element string (with FNC1 as GS, with or without symbology identifier),
 * its bracketed form, or a Digital Link address. Every fault has a position.
 */
import { AppError } from '@zhenmei/kernel';
import { hasCheckDigit } from './check-digit.ts';
import './errors.ts';
import { IDENTIFIERS, type Identifier, SET_82 } from './identifiers.ts';

export interface ReadCode {
  readonly gtin: string;
  readonly serial?: string;
  readonly lot?: string;
  /** RFC 3339 date; a day of 00 means the end of the month. */
  readonly expiry?: string;
  readonly produced?: string;
  readonly elements: Readonly<Record<string, string>>;
}

const GS = '\u001d';
const SYMBOLOGY = /^\](?:d2|Q3|C1|e0|J1)/;

/**
 * @param year the present year, for the sliding century of two-digit dates
 * Throws the GS1 codes, with the position of the first fault.
 */
export function readCode(input: string, year: number): ReadCode {
  const text = input.trim();
  if (text === '') throw new AppError('GS1_EMPTY');
  if (/^https?:\/\//i.test(text)) return finish(readDigitalLink(text, year), year);
  const offset = SYMBOLOGY.exec(text)?.[0].length ?? 0;
  const body = text.slice(offset);
  return finish(body.startsWith('(') ? readBracketed(body, offset, year) : readElements(body.startsWith(GS) ? body.slice(1) : body, offset, year), year);
}

function readElements(text: string, offset: number, year: number): Map<string, string> {
  const found = new Map<string, string>();
  if (!/^\d{2}/.test(text)) throw new AppError('GS1_NOT_A_CODE');
  for (let at = 0; at < text.length; ) {
    const entry = [2, 3, 4].map((n) => IDENTIFIERS.get(text.slice(at, at + n))).find(Boolean);
    if (!entry) throw new AppError('GS1_AI_UNKNOWN', { position: offset + at + 1 });
    const start = at + entry.ai.length;
    const stop = text.indexOf(GS, start);
    const end = entry.fixed ? start + entry.length : stop < 0 ? text.length : stop;
    add(found, entry, text.slice(start, end), offset + start, year);
    at = text[end] === GS ? end + 1 : end;
  }
  return found;
}

function readBracketed(text: string, offset: number, year: number): Map<string, string> {
  const found = new Map<string, string>();
  const pattern = /\((\d{2,4})\)([^(]*)/y;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new AppError('GS1_NOT_A_CODE');
    const entry = IDENTIFIERS.get(match[1]!);
    if (!entry) throw new AppError('GS1_AI_UNKNOWN', { position: offset + at + 1 });
    add(found, entry, match[2]!, offset + at + match[1]!.length + 2, year);
  }
  return found;
}

function readDigitalLink(text: string, year: number): Map<string, string> {
  // not `new URL`: it drops path segments such as "." that are lawful serials
  const parts = /^https?:\/\/[^/?#]+([^?#]*)(?:\?([^#]*))?/i.exec(text);
  const found = new Map<string, string>();
  const segments = (parts?.[1] ?? '').split('/').filter(Boolean);
  const start = segments.findIndex((s, i) => ['01', '00', '414'].includes(s) && segments[i + 1] !== undefined);
  if (start < 0) throw new AppError('GS1_NOT_A_CODE');
  const pairs: [string, string][] = [];
  for (let i = start; i < segments.length; i += 2) pairs.push([segments[i]!, decode(segments[i + 1] ?? '')]);
  for (const [key, value] of new URLSearchParams(parts?.[2] ?? '')) if (/^\d{2,4}$/.test(key)) pairs.push([key, value]);
  for (const [ai, value] of pairs) {
    const entry = IDENTIFIERS.get(ai);
    const position = text.indexOf(`/${ai}/`) + ai.length + 3;
    if (!entry) throw new AppError('GS1_AI_UNKNOWN', { position });
    add(found, entry, ai === '01' ? value.padStart(14, '0') : value, position - 1, year);
  }
  return found;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new AppError('GS1_NOT_A_CODE', {}, { cause });
  }
}

function add(found: Map<string, string>, entry: Identifier, value: string, start: number, year: number): void {
  const fail = (code: string, at = 0): never => {
    throw new AppError(code, { ai: entry.ai, position: start + at + 1 });
  };
  if (entry.fixed ? value.length !== entry.length : value.length === 0 || value.length > entry.length) fail('GS1_FORMAT');
  if (entry.kind === 'text' ? !SET_82.test(value) : !/^\d+$/.test(value)) fail('GS1_FORMAT');
  if (entry.check && !hasCheckDigit(value)) fail('GS1_CHECK_DIGIT', value.length - 1);
  if (entry.kind === 'date' && !dateOf(value, year)) fail('GS1_DATE');
  const known = found.get(entry.ai);
  if (known !== undefined && known !== value) throw new AppError('GS1_AI_TWICE', { ai: entry.ai });
  found.set(entry.ai, value);
}

/** YYMMDD with the sliding century of the General Specifications 7.12; DD = 00 is the last day of the month. */
function dateOf(value: string, thisYear: number): string | null {
  const [yy, mm, dd] = [Number(value.slice(0, 2)), Number(value.slice(2, 4)), Number(value.slice(4, 6))];
  const gap = yy - (thisYear % 100);
  const century = Math.floor(thisYear / 100) + (gap >= 51 ? -1 : gap <= -50 ? 1 : 0);
  const year = century * 100 + yy;
  if (mm < 1 || mm > 12) return null;
  const last = new Date(Date.UTC(year, mm, 0)).getUTCDate();
  if (dd > last) return null;
  return `${year}-${String(mm).padStart(2, '0')}-${String(dd || last).padStart(2, '0')}`;
}

function finish(found: Map<string, string>, year: number): ReadCode {
  const gtin = found.get('01');
  if (!gtin) throw new AppError('GS1_NO_PRODUCT');
  const date = (ai: string) => {
    const value = found.get(ai);
    return value ? (dateOf(value, year) ?? undefined) : undefined;
  };
  const [serial, lot, expiry, produced] = [found.get('21'), found.get('10'), date('17'), date('11')];
  return {
    gtin,
    ...(serial ? { serial } : {}),
    ...(lot ? { lot } : {}),
    ...(expiry ? { expiry } : {}),
    ...(produced ? { produced } : {}),
    elements: Object.fromEntries(found),
  };
}
