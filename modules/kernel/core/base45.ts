/** Base45 (RFC 9285): bytes in the 45 characters that a QR code packs most tightly. One writing for one value. */
import { AppError, defineErrors } from './errors.ts';

defineErrors({
  BASE45_INVALID: {
    status: 400,
    retryable: false,
    zh: '第 {position} 个字符处不是正确的 Base45。',
    en: 'The text is not Base45 at character {position}.',
  },
});

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    const value = pair ? bytes[i]! * 256 + bytes[i + 1]! : bytes[i]!;
    text += ALPHABET[value % 45]! + ALPHABET[Math.floor(value / 45) % 45]!;
    if (pair) text += ALPHABET[Math.floor(value / 2025)]!;
  }
  return text;
}

/** Throws BASE45_INVALID with the place, counted from 1. */
export function fromBase45(text: string): Uint8Array<ArrayBuffer> {
  const invalid = (at: number): never => {
    throw new AppError('BASE45_INVALID', { position: at + 1 });
  };
  if (text.length % 3 === 1) invalid(text.length - 1);
  const bytes = new Uint8Array(Math.floor((text.length * 2) / 3));
  let to = 0;
  for (let i = 0; i < text.length; i += 3) {
    const digits = Array.from(
      text.slice(i, i + 3),
      (character, n) => VALUES.get(character) ?? invalid(i + n),
    );
    const value = digits[0]! + digits[1]! * 45 + (digits[2] ?? 0) * 2025;
    if (value >= (digits.length === 3 ? 65_536 : 256)) invalid(i);
    if (digits.length === 3) bytes[to++] = value >> 8;
    bytes[to++] = value & 255;
  }
  return bytes;
}
