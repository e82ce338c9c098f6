/** Identifiers: UUIDv7 (RFC 9562), made from a passed-in time and passed-in randomness (law 4). */
import { toHex } from './bytes.ts';
import { AppError } from './errors.ts';

export type Id = string;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @param now milliseconds since the epoch @param random 10 random bytes */
export function newId(now: number, random: Uint8Array): Id {
  const bytes = new Uint8Array(16);
  let t = now;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = t % 256;
    t = Math.floor(t / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const h = toHex(bytes);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** Throws ID_INVALID. */
export function asId(text: string): Id {
  if (!isId(text)) throw new AppError('ID_INVALID', { value: text.slice(0, 60) });
  return text;
}
