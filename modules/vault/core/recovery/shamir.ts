/**
 * Shamir's secret sharing over GF(2^8) with the polynomial of AES. A share is the values of one random polynomial for
 * each byte, then the place x: the form of the package `shamir-secret-sharing`. Fewer than k shares say nothing at all.
 * Field arithmetic has no table and no branch that depends on a secret.
 */
import { AppError } from '@zhenmei/kernel';
import '../device-errors.ts';
import type { RandomBytes } from '../keyset.ts';

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    product ^= a & -((b >> bit) & 1);
    a = ((a << 1) ^ (0x11b & -((a >> 7) & 1))) & 0xff;
  }
  return product;
}

/** a^254; the inverse of 0 is 0, which no caller asks for. */
function inverse(a: number): number {
  let power = a;
  let result = 1;
  for (let bit = 1; bit < 8; bit++) {
    power = times(power, power);
    result = times(result, power);
  }
  return result;
}

/** @param need shares that together give the secret, 2 … `count` @param count at most 255. Throws SHARES_WRONG. */
export function splitSecret(
  secret: Uint8Array,
  need: number,
  count: number,
  random: RandomBytes,
): Uint8Array<ArrayBuffer>[] {
  if (need < 2 || count < need || count > 255 || secret.length === 0) throw new AppError('SHARES_WRONG');
  const coefficients = Array.from({ length: need - 1 }, () => random(secret.length));
  return Array.from({ length: count }, (_, i) => {
    const x = i + 1;
    const share = new Uint8Array(secret.length + 1);
    for (let at = 0; at < secret.length; at++) {
      let y = 0;
      for (let power = need - 2; power >= 0; power--) y = times(y, x) ^ coefficients[power]![at]!;
      share[at] = times(y, x) ^ secret[at]!;
    }
    share[secret.length] = x;
    return share;
  });
}

/** Value at 0 of the polynomial through the shares. Too few or foreign shares give another secret, not an error. Throws SHARES_WRONG. */
export function combineShares(shares: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = (shares[0]?.length ?? 0) - 1;
  const places = shares.map((share) => share[length]!);
  if (shares.length < 2 || length < 1 || shares.some((share) => share.length !== length + 1))
    throw new AppError('SHARES_WRONG');
  if (new Set(places).size !== places.length || places.includes(0)) throw new AppError('SHARES_WRONG');
  const secret = new Uint8Array(length);
  for (const [i, share] of shares.entries()) {
    const weight = places.reduce(
      (product, x, j) => (j === i ? product : times(product, times(x, inverse(x ^ places[i]!)))),
      1,
    );
    for (let at = 0; at < length; at++) secret[at]! ^= times(weight, share[at]!);
  }
  return secret;
}
