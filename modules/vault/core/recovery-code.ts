/**
 * The recovery code on paper: 130 random bits in Crockford base32, 7 groups of 4, with two check symbols of a
 * Reed–Solomon code over GF(32). Any two wrong or swapped symbols are noticed; a single one is located, so that the
 * person is told which group to look at.
 */
import { AppError, derive, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';
import type { Unlock } from './unlock.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA = 26;
const LENGTH = DATA + 2;
/** Random bytes that one code uses: a symbol each. */
export const RECOVERY_RANDOM = DATA;

/** Powers of a generator of GF(32), reduced by x⁵ + x² + 1. */
const POWER: number[] = [1];
for (let i = 1; i < 31; i++) {
  const next = POWER[i - 1]! << 1;
  POWER.push(next & 32 ? next ^ 0b100101 : next);
}
const LOG = new Map(POWER.map((value, i) => [value, i]));
const times = (a: number, b: number) => (a === 0 || b === 0 ? 0 : POWER[(LOG.get(a)! + LOG.get(b)!) % 31]!);
const over = (a: number, b: number) => (a === 0 ? 0 : POWER[(LOG.get(a)! - LOG.get(b)! + 31) % 31]!);

/** Value of the code word at the `n`-th power of the generator; 0 at n = 1 and n = 2 if it is whole. */
function syndrome(word: readonly number[], n: number): number {
  return word.reduce((sum, symbol, k) => sum ^ times(symbol, POWER[((LENGTH - 1 - k) * n) % 31]!), 0);
}

/** @param random at least 26 random bytes @returns e.g. `7K3M-…`, to be printed and never stored */
export function recoveryCode(random: Uint8Array): string {
  const data = Array.from({ length: DATA }, (_, i) => random[i]! & 31);
  const [s1, s2] = [syndrome([...data, 0, 0], 1), syndrome([...data, 0, 0], 2)];
  const first = over(s1 ^ s2, POWER[1]! ^ POWER[2]!);
  const last = s1 ^ times(first, POWER[1]!);
  const text = [...data, first, last].map((symbol) => ALPHABET[symbol]).join('');
  return text.match(/.{4}/g)!.join('-');
}

/**
 * Reads a typed code, forgiving case, spaces and look-alikes (O, I, L).
 * @returns the bytes to unlock with. Throws RECOVERY_CODE_LENGTH, RECOVERY_CODE_TYPO (with the group), RECOVERY_CODE_WRONG.
 */
export function readRecoveryCode(text: string): Uint8Array<ArrayBuffer> {
  const clean = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (clean.length !== LENGTH) throw new AppError('RECOVERY_CODE_LENGTH', { count: clean.length });
  const word = [...clean].map((symbol) => ALPHABET.indexOf(symbol));
  const strange = word.indexOf(-1);
  if (strange >= 0) throw new AppError('RECOVERY_CODE_TYPO', { group: groupOf(strange) });
  const [s1, s2] = [syndrome(word, 1), syndrome(word, 2)];
  if (s1 === 0 && s2 === 0) return utf8(clean);
  const place = s1 !== 0 && s2 !== 0 ? LENGTH - 1 - LOG.get(over(s2, s1))! : -1;
  if (place < 0) throw new AppError('RECOVERY_CODE_WRONG');
  throw new AppError('RECOVERY_CODE_TYPO', { group: groupOf(place) });
}

const groupOf = (place: number) => Math.floor(place / 4) + 1;

/** The way in of a code: its id is the name by which somebody without any device finds the keyset. Throws as `readRecoveryCode`. */
export function recoveryUnlock(text: string): Unlock {
  const secret = readRecoveryCode(text);
  return { kind: 'recovery', id: toBase64Url(derive(secret, 'zhenmei/recovery/locator/v1', 24)), secret };
}
