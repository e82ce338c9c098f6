/**
 * What a component must be beyond its length and character set (the "linters" of the GS1 Barcode Syntax Dictionary).
 * A linter looks at `text[start, end)` and returns the index of the first fault, or -1.
 */
import { checkDigitFits, checkPair } from './check-digit.ts';
import { COUNTRIES, COUNTRY_LETTERS, CURRENCIES, PACKAGE_TYPES } from './code-lists.ts';
import { couponCode, couponOffer } from './coupon.ts';
import { dateFault, timeFault, yearOf } from './dates.ts';

/** @param year the present year, for two-digit years */
export type Linter = (text: string, start: number, end: number, year: number) => number;

const digits = (text: string, start: number, end: number): number => {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
};

const isDigit = (text: string, at: number): boolean => {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57;
};

const inList =
  (list: ReadonlySet<string>): Linter =>
  (text, start, end) =>
    list.has(text.slice(start, end)) ? -1 : start;

const oneOf =
  (characters: string): Linter =>
  (text, start) =>
    characters.includes(text[start]!) ? -1 : start;

const allAre =
  (character: string): Linter =>
  (text, start, end) => {
    for (let i = start; i < end; i++) if (text[i] !== character) return i;
    return -1;
  };

const atMost =
  (limit: number): Linter =>
  (text, start, end) =>
    digits(text, start, end) <= limit ? -1 : start;

/** A company prefix has at least four digits; `skip` characters stand before it. */
const companyPrefix =
  (skip: number): Linter =>
  (text, start, end) => {
    if (end - start < skip + 4) return start;
    for (let i = start + skip; i < start + skip + 4; i++) if (!isDigit(text, i)) return i;
    return -1;
  };

const dateTwoDigits =
  (dayOptional: boolean): Linter =>
  (text, start, _end, year) => {
    const at = dateFault(
      yearOf(digits(text, start, start + 2), year),
      digits(text, start + 2, start + 4),
      digits(text, start + 4, start + 6),
      dayOptional,
    );
    return at === null ? -1 : start + (at === 'month' ? 2 : 4);
  };

const dateFourDigits =
  (dayOptional: boolean): Linter =>
  (text, start) => {
    const at = dateFault(
      digits(text, start, start + 4),
      digits(text, start + 4, start + 6),
      digits(text, start + 6, start + 8),
      dayOptional,
    );
    return at === null ? -1 : start + (at === 'month' ? 4 : 6);
  };

/** ISO 13616: country, check digits, MOD 97-10 over the rearranged text. */
function iban(text: string, start: number, end: number): number {
  if (end - start < 5) return start;
  for (let i = start; i < end; i++) if (!/[0-9A-Z]/.test(text[i]!)) return i;
  if (!COUNTRY_LETTERS.has(text.slice(start, start + 2))) return start;
  let rest = 0;
  for (const c of text.slice(start + 4, end) + text.slice(start, start + 4)) {
    const value = Number.parseInt(c, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1 ? -1 : start + 2;
}

function percentEncoded(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    if (text[i] !== '%') continue;
    if (i + 2 >= end || !/^[0-9A-Fa-f]{2}$/.test(text.slice(i + 1, i + 3))) return i;
    i += 2;
  }
  return -1;
}

function pieceOfTotal(text: string, start: number, end: number): number {
  const half = start + (end - start) / 2;
  const [piece, total] = [digits(text, start, half), digits(text, half, end)];
  if (piece === 0) return start;
  return total === 0 || piece > total ? half : -1;
}

function positionSlashTotal(text: string, start: number, end: number): number {
  const match = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text.slice(start, end));
  return match && Number(match[1]) <= Number(match[2]) ? -1 : start;
}

export const LINTERS = {
  csum: (text, start, end) => (checkDigitFits(text, start, end) ? -1 : end - 1),
  csumalpha: (text, start, end) =>
    end - start >= 3 && checkPair(text.slice(start, end - 2)) === text.slice(end - 2, end)
      ? -1
      : Math.max(start, end - 2),
  gcppos1: companyPrefix(0),
  gcppos2: companyPrefix(1),
  couponcode: couponCode,
  couponposoffer: couponOffer,
  hasnondigit: (text, start, end) => (/\D/.test(text.slice(start, end)) ? -1 : start),
  hh: (text, start) => timeFault(text, start, 'h'),
  hhmi: (text, start) => timeFault(text, start, 'hm'),
  mi: (text, start) => timeFault(text, start, 'm'),
  ss: (text, start) => timeFault(text, start, 'm'),
  hyphen: allAre('-'),
  iban,
  importeridx: (text, start, end) => (end - start === 1 && /[-0-9A-Z_a-z]/.test(text[start]!) ? -1 : start),
  iso3166: inList(COUNTRIES),
  iso3166999: (text, start, end) =>
    text.slice(start, end) === '999' || COUNTRIES.has(text.slice(start, end)) ? -1 : start,
  iso3166alpha2: inList(COUNTRY_LETTERS),
  iso4217: inList(CURRENCIES),
  iso5218: oneOf('0129'),
  latitude: atMost(1_800_000_000),
  longitude: atMost(3_600_000_000),
  mediatype: (text, start, end) => {
    const value = digits(text, start, end);
    return (value >= 1 && value <= 10) || value >= 80 ? -1 : start;
  },
  nonzero: (text, start, end) => (digits(text, start, end) === 0 ? start : -1),
  nozeroprefix: (text, start, end) => (end - start > 1 && text[start] === '0' ? start : -1),
  packagetype: inList(PACKAGE_TYPES),
  pcenc: percentEncoded,
  pieceoftotal: pieceOfTotal,
  posinseqslash: positionSlashTotal,
  winding: oneOf('019'),
  yesno: oneOf('01'),
  yymmd0: dateTwoDigits(true),
  yymmdd: dateTwoDigits(false),
  yyyymmd0: dateFourDigits(true),
  yyyymmdd: dateFourDigits(false),
  zero: allAre('0'),
} as const satisfies Record<string, Linter>;

export type LinterName = keyof typeof LINTERS;
