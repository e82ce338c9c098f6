/** Numbers of the demo world: GS1's example prefix 952, and prices. */
import type { Bilingual } from './world-types.ts';

/** GTIN-14 or GLN from its digits without the check digit (GS1 General Specifications 7.9). */
export function withCheckDigit(body: string): string {
  const sum = [...body]
    .reverse()
    .reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return body + String((10 - (sum % 10)) % 10);
}

export const t = (zh: string, en: string): Bilingual => ({ zh, en });
export const gln = (n: number) => withCheckDigit(`952123400${String(n).padStart(3, '0')}`);
export const gtin = (n: number) => withCheckDigit(`0952123410${String(n).padStart(3, '0')}`);
