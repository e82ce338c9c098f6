/** GS1 check digits (General Specifications 7.9). */

/** The check digit that belongs behind `body`. */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

export function hasCheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

/** GTIN-8, -12, -13 or -14 as GTIN-14, or null. */
export function toGtin14(digits: string): string | null {
  if (![8, 12, 13, 14].includes(digits.length) || !hasCheckDigit(digits)) return null;
  return digits.padStart(14, '0');
}
