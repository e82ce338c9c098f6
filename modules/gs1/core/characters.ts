/** The character sets of the General Specifications (section 7.11) as lookups. */

/** N: digits, X: set 82, Y: set 39, Z: set 64 (base64url). */
export type CharacterSet = 'N' | 'X' | 'Y' | 'Z';

/** Set 82 in the order of its values, which the GMN check characters use. */
export const SET_82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;

const lookup = (characters: string): Uint8Array => {
  const out = new Uint8Array(128);
  for (const c of characters) out[c.charCodeAt(0)] = 1;
  return out;
};

const SETS: Record<CharacterSet, Uint8Array> = {
  N: lookup('0123456789'),
  X: lookup(SET_82),
  Y: lookup('#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
  Z: lookup('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_='),
};

/** Index of the first character outside the set, or -1. */
export function firstOutside(set: CharacterSet, text: string, start: number, end: number): number {
  const allowed = SETS[set];
  for (let i = start; i < end; i++) if (allowed[text.charCodeAt(i)] !== 1) return i;
  return -1;
}
