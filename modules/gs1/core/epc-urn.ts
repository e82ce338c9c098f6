/**
 * EPC URNs (EPC Tag Data Standard) and their Digital Link form, both ways. A URN shows where the company prefix ends;
 * a link does not, so going back needs the length of the prefix.
 */
import { checkDigit } from './check-digit.ts';
import { CANONICAL } from './digital-link.ts';

/** How the digits of a scheme become a GS1 key. `total` counts company prefix and reference together. */
interface Scheme {
  readonly total?: number;
  /** Largest number of characters of an alphanumeric reference, prefix included. */
  readonly alpha?: number;
  /** The first digit of the reference goes in front of the prefix. */
  readonly indicator?: true;
  readonly lead?: '0';
  readonly check?: true;
  readonly key: string;
  /** Fixed parts of two digits behind the reference (piece and total). */
  readonly pieces?: true;
  /** What the serial part becomes: a qualifier, or joined to the key. */
  readonly serial?: {
    readonly ai?: string;
    readonly max: number;
    readonly digits?: true;
    readonly none?: '0';
  };
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  sgtin: { total: 13, indicator: true, check: true, key: '01', serial: { ai: '21', max: 20 } },
  lgtin: { total: 13, indicator: true, check: true, key: '01', serial: { ai: '10', max: 20 } },
  upui: { total: 13, indicator: true, check: true, key: '01', serial: { ai: '235', max: 28 } },
  itip: { total: 13, indicator: true, check: true, key: '8006', pieces: true, serial: { ai: '21', max: 20 } },
  sscc: { total: 17, indicator: true, check: true, key: '00' },
  sgln: { total: 12, check: true, key: '414', serial: { ai: '254', max: 20, none: '0' } },
  pgln: { total: 12, check: true, key: '417' },
  grai: { total: 12, lead: '0', check: true, key: '8003', serial: { max: 16 } },
  gdti: { total: 12, check: true, key: '253', serial: { max: 17 } },
  sgcn: { total: 12, check: true, key: '255', serial: { max: 12, digits: true } },
  gsrn: { total: 17, check: true, key: '8018' },
  gsrnp: { total: 17, check: true, key: '8017' },
  gsin: { total: 16, check: true, key: '402' },
  giai: { alpha: 30, key: '8004' },
  ginc: { alpha: 30, key: '401' },
  cpi: { alpha: 30, key: '8010', serial: { ai: '8011', max: 12, digits: true } },
};

const CHARACTER = `(?:%(?:2[1-35-9A-Fa-f]|3[0-9A-Fa-f]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9Aa])|[!'()*+,.0-9:;=A-Za-z_-])`;
const CPI_CHARACTER = '(?:%2[3dfDF]|[0-9A-Z-])';

const PATTERNS = new Map(Object.entries(SCHEMES).map(([name, scheme]) => [name, patternOf(name, scheme)]));

/** Groups: prefix, reference, piece, total, serial. */
function patternOf(name: string, { alpha, pieces, serial }: Scheme): RegExp {
  const letter = name === 'cpi' ? CPI_CHARACTER : CHARACTER;
  const reference = alpha === undefined ? '\\d*' : `${letter}+`;
  const value = serial?.digits ? `\\d{1,${serial.max}}` : `${CHARACTER}{1,${serial?.max}}`;
  return new RegExp(
    `^(\\d{4,12})\\.(${reference})${pieces ? '\\.(\\d{2})\\.(\\d{2})' : '()()'}${serial ? `\\.(${value}|\\*)` : '()'}$`,
  );
}

const URN = /^urn:epc:(id|idpat|class):([a-z]+):(.+)$/;

/** How many characters an escaped text stands for. */
const plainLength = (text: string) => text.replaceAll(/%[0-9A-Fa-f]{2}/g, 'x').length;

/** Escapes what a Digital Link must escape beyond what the URN already does (table 7-1 of the standard). */
const linkEscape = (text: string) =>
  text.replace(/[!()*+,:]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The canonical Digital Link of an EPC URN, EPC class URN or EPC pattern; null if it is none that names a GS1 key. */
export function urnToLink(urn: string): string | null {
  const parts = URN.exec(urn);
  const scheme = parts && Object.hasOwn(SCHEMES, parts[2]!) ? SCHEMES[parts[2]!] : undefined;
  if (!parts || !scheme || (parts[1] === 'class') !== (parts[2] === 'lgtin')) return null;
  const match = PATTERNS.get(parts[2]!)!.exec(parts[3]!);
  if (!match) return null;
  const [, prefix, reference, piece, total, serial] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((parts[1] === 'idpat') !== (serial === '*')) return null;
  if (
    scheme.total === undefined
      ? prefix.length + plainLength(reference) > scheme.alpha!
      : prefix.length + reference.length !== scheme.total
  )
    return null;
  const body =
    (scheme.lead ?? '') +
    (scheme.indicator ? reference[0]! + prefix + reference.slice(1) : prefix + linkEscape(reference));
  const key = `${CANONICAL}/${scheme.key}/${body}${scheme.check ? checkDigit(body) : ''}${piece}${total}`;
  if (!scheme.serial || serial === '*' || serial === scheme.serial.none) return key;
  return scheme.serial.ai ? `${key}/${scheme.serial.ai}/${linkEscape(serial)}` : key + linkEscape(serial);
}

const LINK = /^https:\/\/id\.gs1\.org\/(\d{2,4})\/([^/?#]+)(?:\/(\d{2,4})\/([^/?#]+))?$/;

/**
 * The EPC URN of a canonical Digital Link (what `canonicalLink` gives).
 * @param prefixLength how many digits the GS1 company prefix has, 4 to 12
 * @returns null if the link has no URN form
 */
export function linkToUrn(link: string, prefixLength: number): string | null {
  const match = LINK.exec(link);
  if (!match || prefixLength < 4 || prefixLength > 12) return null;
  const [, key, value, qualifier, serial] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string | undefined,
  ];
  for (const [name, scheme] of Object.entries(SCHEMES)) {
    if (scheme.key !== key || (qualifier !== undefined && scheme.serial?.ai !== qualifier)) continue;
    const urn = write(name, scheme, value, serial, prefixLength);
    if (urn !== null && urnToLink(urn) === link) return urn;
  }
  return null;
}

function write(
  name: string,
  scheme: Scheme,
  value: string,
  serial: string | undefined,
  length: number,
): string | null {
  const kind = name === 'lgtin' ? 'class' : 'id';
  if (scheme.total === undefined) {
    const body = `${value.slice(0, length)}.${urnEscape(value.slice(length))}`;
    if (!scheme.serial) return `urn:epc:id:${name}:${body}`;
    return serial === undefined ? `urn:epc:idpat:${name}:${body}.*` : `urn:epc:id:${name}:${body}.${serial}`;
  }
  const digits = value.slice(scheme.lead?.length ?? 0, scheme.total + (scheme.lead?.length ?? 0));
  const rest = value.slice(scheme.total + (scheme.lead?.length ?? 0) + 1);
  const body = scheme.indicator
    ? `${digits.slice(1, 1 + length)}.${digits[0]}${digits.slice(1 + length)}`
    : `${digits.slice(0, length)}.${digits.slice(length)}`;
  const pieces = scheme.pieces ? `.${rest.slice(0, 2)}.${rest.slice(2, 4)}` : '';
  if (!scheme.serial) return `urn:epc:${kind}:${name}:${body}`;
  const own = scheme.serial.ai ? serial : rest || undefined;
  if (own !== undefined) return `urn:epc:${kind}:${name}:${body}${pieces}.${urnEscape(own)}`;
  return scheme.serial.none
    ? `urn:epc:id:${name}:${body}.${scheme.serial.none}`
    : `urn:epc:idpat:${name}:${body}${pieces}.*`;
}

/** A URN writes the characters plainly that only a link has to escape. */
const urnEscape = (text: string) =>
  text.replace(/%(21|28|29|2[A-Ca-c]|3[Aa])/g, (whole) => decodeURIComponent(whole));
