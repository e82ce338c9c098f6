/** GS1 check digits and check characters (General Specifications 7.9). */
import { SET_82 } from './characters.ts';

/** The check digit that belongs behind `body`. */
export function checkDigit(body: string): string {
  return String.fromCharCode(48 + weighed(body, 0, body.length));
}

function weighed(text: string, start: number, end: number): number {
  let sum = 0;
  let weight = 3;
  for (let i = end - 1; i >= start; i--) {
    sum += weight * (text.charCodeAt(i) - 48);
    weight = 4 - weight;
  }
  return (10 - (sum % 10)) % 10;
}

/** Is the last digit of `text[start, end)` the check digit of those before it? Only digits may be given. */
export function checkDigitFits(text: string, start: number, end: number): boolean {
  return end - start >= 2 && weighed(text, start, end - 1) === text.charCodeAt(end - 1) - 48;
}

export function hasCheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && checkDigitFits(digits, 0, digits.length);
}

/** GTIN-8, -12, -13 or -14 as GTIN-14, or null. */
export function toGtin14(digits: string): string | null {
  if (![8, 12, 13, 14].includes(digits.length) || !hasCheckDigit(digits)) return null;
  return digits.padStart(14, '0');
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
const SET_32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The check character pair of a Global Model Number without it (1 to 23 characters of set 82). */
export function checkPair(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += SET_82.indexOf(body[i]!) * PRIMES[body.length - 1 - i]!;
  sum %= 1021;
  return SET_32[sum >> 5]! + SET_32[sum & 31]!;
}
