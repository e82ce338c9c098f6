/** Identifier patterns of EPC queries (`urn:epc:idpat:…`) as what their canonical Digital Links look like in SQL LIKE. */

const LINK = 'https://id.gs1.org';
const DIGITS = [...'0123456789'];

/** Any digits of the rest of a number of `total` digits. */
const rest = (total: number, known: string): string => '_'.repeat(Math.max(0, total - known.length));

/** Groups: company prefix and what follows, each digits or `*`. */
const SCHEMES: Readonly<Record<string, (parts: readonly string[]) => string[] | null>> = {
  sgtin([prefix, reference, serial]) {
    if (serial !== '*') return null;
    if (prefix === '*') return reference === '*' ? [`${LINK}/01/${rest(14, '')}/21/%`] : null;
    if (reference === '*')
      return DIGITS.map((indicator) => `${LINK}/01/${indicator}${prefix}${rest(13, prefix!)}/21/%`);
    const known = reference![0]! + prefix + reference!.slice(1);
    return known.length === 13 ? [`${LINK}/01/${known}_/21/%`] : null;
  },
  sscc([prefix, reference]) {
    if (reference !== '*') return null;
    if (prefix === '*') return [`${LINK}/00/${rest(18, '')}`];
    return DIGITS.map((digit) => `${LINK}/00/${digit}${prefix}${rest(17, prefix!)}`);
  },
  grai([prefix, type, serial]) {
    if (serial !== '*') return null;
    if (prefix === '*') return type === '*' ? [`${LINK}/8003/0%`] : null;
    if (type === '*') return [`${LINK}/8003/0${prefix}%`];
    return prefix!.length + type!.length === 12 ? [`${LINK}/8003/0${prefix}${type}_%`] : null;
  },
  giai([prefix, reference]) {
    if (reference !== '*') return null;
    return prefix === '*' ? [`${LINK}/8004/%`] : [`${LINK}/8004/${prefix}%`];
  },
};
const PARTS: Readonly<Record<string, number>> = { sgtin: 3, sscc: 2, grai: 3, giai: 2 };

export const isPattern = (uri: string): boolean => uri.startsWith('urn:epc:idpat:');

/** @returns LIKE patterns of which an identifier must match one, or null if this is no pattern of a kind we know */
export function likePatterns(uri: string): readonly string[] | null {
  const match = /^urn:epc:idpat:([a-z]+):([\d.*]+)$/.exec(uri);
  const scheme = match?.[1] ?? '';
  if (!match || !Object.hasOwn(SCHEMES, scheme)) return null;
  const parts = match[2]!.split('.');
  if (parts.length !== PARTS[scheme] || parts.some((part) => !/^(?:\d+|\*)$/.test(part))) return null;
  if (parts[0] !== '*' && !/^\d{4,12}$/.test(parts[0]!)) return null;
  return SCHEMES[scheme]!(parts);
}
