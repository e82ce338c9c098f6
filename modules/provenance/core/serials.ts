/** Serial numbers: 65 random bits, in characters that cannot be confused and that every code holds in few modules. */

/** 32 of GS1's 82 characters: no I, O, 0 or 1. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 13;

/** Bytes of randomness for one serial number. */
export const SERIAL_BYTES = LENGTH;

/** @param random at least `SERIAL_BYTES` random bytes, of which five bits each are used */
export function serialFrom(random: Uint8Array): string {
  if (random.length < LENGTH) throw new RangeError('too little randomness');
  let serial = '';
  for (let i = 0; i < LENGTH; i++) serial += ALPHABET[random[i]! & 31];
  return serial;
}

/** GS1's character set 82, up to 20 characters. */
const SERIAL = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;

export const isSerial = (text: string): boolean => SERIAL.test(text);

/**
 * Could a stranger who knows some of these guess others? True for short ones, and where each follows from the one
 * before it.
 */
export function guessable(serials: readonly string[]): boolean {
  if (serials.some((serial) => serial.length < 11)) return true;
  if (serials.length < 3) return false;
  const sorted = [...serials].sort();
  let close = 0;
  for (let i = 1; i < sorted.length; i++) if (tail(sorted[i - 1]!, sorted[i]!) <= 4) close++;
  return close > sorted.length / 2;
}

/** Characters at the end in which two serial numbers differ. */
function tail(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return Math.max(a.length, b.length) - same;
}
