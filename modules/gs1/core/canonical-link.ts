/**
 * One form for every writing of a GS1 key in events: the canonical Digital Link (id.gs1.org) at its finest level.
 * EPC URNs, links of any host, with or without short names, consumer variants and query strings all become it.
 * This is the normalisation of the EPCIS event hash (CBV 2.0, section 8.9): keys are not checked, only recognised.
 */
import { CANONICAL } from './digital-link.ts';
import { urnToLink } from './epc-urn.ts';

const SHORT_NAMES: Readonly<Record<string, string>> = {
  gtin: '01',
  itip: '8006',
  cpid: '8010',
  gln: '414',
  party: '417',
  gsrnp: '8017',
  gsrn: '8018',
  gcn: '255',
  sscc: '00',
  gdti: '253',
  ginc: '401',
  gsin: '402',
  grai: '8003',
  giai: '8004',
  cpv: '22',
  lot: '10',
  ser: '21',
};

const DIGITS = (n: number) => new RegExp(`^\\d{${n}}$`);
const TEXT = (prefix: string, max: number) => ({ head: new RegExp(prefix), max });

/** What each key must look like, and what may qualify it. */
const KEYS: Readonly<
  Record<string, { readonly value: RegExp | ReturnType<typeof TEXT>; readonly qualifiers: readonly string[] }>
> = {
  '00': { value: DIGITS(18), qualifiers: [] },
  '01': { value: DIGITS(14), qualifiers: ['21', '10', '235'] },
  '253': { value: TEXT('^\\d{13}', 30), qualifiers: [] },
  '255': { value: /^\d{13,25}$/, qualifiers: [] },
  '401': { value: TEXT('^\\d{4}', 30), qualifiers: [] },
  '402': { value: DIGITS(17), qualifiers: [] },
  '414': { value: DIGITS(13), qualifiers: ['254'] },
  '417': { value: DIGITS(13), qualifiers: [] },
  '8003': { value: TEXT('^\\d{14}', 30), qualifiers: [] },
  '8004': { value: TEXT('^\\d{4}', 30), qualifiers: [] },
  '8006': { value: DIGITS(18), qualifiers: ['21', '10'] },
  '8010': { value: TEXT('^\\d{4}', 30), qualifiers: ['8011'] },
  '8017': { value: DIGITS(18), qualifiers: [] },
  '8018': { value: DIGITS(18), qualifiers: [] },
};
const LONGEST: Readonly<Record<string, number>> = { '21': 20, '10': 20, '235': 28, '254': 20, '8011': 12 };

/** @returns null if the text is no URN or link with a GS1 key */
export function canonicalLink(uri: string): string | null {
  if (uri.startsWith('urn:epc:')) {
    const link = urnToLink(uri);
    return link && rewrite(link);
  }
  return /^http/i.test(uri) ? rewrite(uri) : null;
}

function rewrite(uri: string): string | null {
  const path = /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(uri)?.[1];
  if (!path) return null;
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  for (let i = 0; i + 1 < segments.length; i++) {
    const key = aiOf(segments[i]!);
    const rule = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (!rule || !/^\d{4}/.test(segments[i + 1]!)) continue;
    const value = escaped(key === '01' ? padded(segments[i + 1]!) : segments[i + 1]!);
    if (!valueFits(value, rule.value)) return null;
    const tail = qualifier(segments.slice(i + 2), rule.qualifiers);
    return tail === null ? null : `${CANONICAL}/${key}/${value}${tail}`;
  }
  return null;
}

const padded = (gtin: string): string => (/^(?:\d{8}|\d{12,13})$/.test(gtin) ? gtin.padStart(14, '0') : gtin);

const aiOf = (segment: string): string =>
  Object.hasOwn(SHORT_NAMES, segment) ? SHORT_NAMES[segment]! : segment;

function valueFits(value: string, rule: RegExp | ReturnType<typeof TEXT>): boolean {
  if (rule instanceof RegExp) return rule.test(value);
  return rule.head.test(value) && plain(value).length <= rule.max;
}

/** The finest qualifier: consumer variants are dropped, and the lot where a serial number is given. */
function qualifier(segments: readonly string[], allowed: readonly string[]): string | null {
  if (segments.length % 2 !== 0) return null;
  let best = '';
  for (let i = 0; i < segments.length; i += 2) {
    const ai = aiOf(segments[i]!);
    if (ai === '22') continue;
    const value = escaped(segments[i + 1]!);
    if (!allowed.includes(ai) || value === '' || plain(value).length > LONGEST[ai]!) return null;
    if (best !== '' && !(best.startsWith('/10/') && ai === '21')) return null;
    best = `/${ai}/${value}`;
  }
  return best;
}

const plain = (text: string): string => text.replace(/%[0-9A-F]{2}/g, 'x');

/** Escapes exactly what a Digital Link must escape, however it was written before. */
function escaped(text: string): string {
  if (/^[A-Za-z0-9\-._]*$/.test(text)) return text;
  return text
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(
      /[^A-Za-z0-9\-._~';=]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
