/** Canonical addresses (id.gs1.org) of units, lots, products and sites: the identifiers of events, logs and the chain. */
import { CANONICAL } from './digital-link.ts';

const escaped = (value: string) =>
  value.replace(
    /[^A-Za-z0-9\-._~';=]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

export const productLink = (gtin: string): string => `${CANONICAL}/01/${gtin}`;
export const unitLink = (gtin: string, serial: string): string =>
  `${CANONICAL}/01/${gtin}/21/${escaped(serial)}`;
export const lotLink = (gtin: string, lot: string): string => `${CANONICAL}/01/${gtin}/10/${escaped(lot)}`;
export const siteLink = (gln: string): string => `${CANONICAL}/414/${gln}`;

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** GTIN and serial of a unit's address, or null. */
export function parseUnitLink(link: string): { gtin: string; serial: string } | null {
  const match = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([^/?#]+)$/.exec(link);
  const serial = match && decode(match[2]!);
  return serial ? { gtin: match[1]!, serial } : null;
}

/** GTIN and lot of a lot's address, or null. */
export function parseLotLink(link: string): { gtin: string; lot: string } | null {
  const match = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/10\/([^/?#]+)$/.exec(link);
  const lot = match && decode(match[2]!);
  return lot ? { gtin: match[1]!, lot } : null;
}

/** GLN of a site's address, or null. */
export function parseSiteLink(link: string): string | null {
  return /^https:\/\/id\.gs1\.org\/414\/(\d{13})$/.exec(link)?.[1] ?? null;
}
