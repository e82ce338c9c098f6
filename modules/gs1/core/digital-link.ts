/** Canonical Digital Link addresses (id.gs1.org), the identifiers that events, logs and the chain use. */

const escape = (value: string) => encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export const unitLink = (gtin: string, serial: string): string => `https://id.gs1.org/01/${gtin}/21/${escape(serial)}`;
export const lotLink = (gtin: string, lot: string): string => `https://id.gs1.org/01/${gtin}/10/${escape(lot)}`;
export const siteLink = (gln: string): string => `https://id.gs1.org/414/${gln}`;

/** GTIN and serial of a unit's address, or null. */
export function parseUnitLink(link: string): { gtin: string; serial: string } | null {
  const match = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([^/?#]+)$/.exec(link);
  return match ? { gtin: match[1]!, serial: decodeURIComponent(match[2]!) } : null;
}

/** GLN of a site's address, or null. */
export function parseSiteLink(link: string): string | null {
  return /^https:\/\/id\.gs1\.org\/414\/(\d{13})$/.exec(link)?.[1] ?? null;
}
