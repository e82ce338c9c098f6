/** Byte strings in the encodings the standards ask for. Pure; works in browser and server. */
import { AppError } from './errors.ts';

const HEX = /^(?:[0-9a-f]{2})*$/i;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Two digits of base64url for every 12 bits. */
const PAIRS = Array.from({ length: 4096 }, (_, i) => ALPHABET[i >> 6]! + ALPHABET[i & 63]!);
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Value of each character code; 64 stands for "not in the alphabet". */
const REVERSE = new Uint8Array(128).fill(64);
for (let i = 0; i < 64; i++) REVERSE[ALPHABET.charCodeAt(i)] = i;

export type Hex = `0x${string}`;

export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += DIGITS[byte];
  return out;
}

/** `0x`-prefixed lower-case hex, as Ethereum writes it. */
export function toHex0x(bytes: Uint8Array): Hex {
  return `0x${toHex(bytes)}`;
}

/** Accepts hex with or without `0x`. Throws BYTES_NOT_HEX. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const body = text.startsWith('0x') ? text.slice(2) : text;
  if (!HEX.test(body)) throw new AppError('BYTES_NOT_HEX');
  const out = new Uint8Array(body.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(body.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** RFC 4648 §5 without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let out = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const n = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    out += PAIRS[n >> 12]! + PAIRS[n & 4095]!;
  }
  if (i + 1 === bytes.length) return out + PAIRS[bytes[i]! << 4]!;
  if (i + 2 === bytes.length) {
    const n = ((bytes[i]! << 8) | bytes[i + 1]!) << 2;
    return out + PAIRS[n >> 6]! + ALPHABET[n & 63]!;
  }
  return out;
}

/**
 * Strict RFC 4648 §5 without padding: no white space, no padding, no non-zero trailing bits.
 * Throws BYTES_NOT_BASE64URL.
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 === 1) throw new AppError('BYTES_NOT_BASE64URL');
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = REVERSE[text.charCodeAt(i)] ?? 64;
    if (value === 64) throw new AppError('BYTES_NOT_BASE64URL');
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 255;
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0) throw new AppError('BYTES_NOT_BASE64URL');
  return out;
}

/** Standard base64 with padding (RFC 4648 §4), as C2SP signed notes use it. */
export function toBase64(bytes: Uint8Array): string {
  const url = toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return url + '='.repeat((4 - (url.length % 4)) % 4);
}

/** Strict standard base64 with padding. Throws BYTES_NOT_BASE64URL. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const body = text.replace(/={1,2}$/, '');
  if (text.length % 4 !== 0 || /[-_]/.test(body)) throw new AppError('BYTES_NOT_BASE64URL');
  return fromBase64Url(body.replaceAll('+', '-').replaceAll('/', '_'));
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text) as Uint8Array<ArrayBuffer>;
}

/** Decodes UTF-8 and refuses malformed input. Throws BYTES_NOT_UTF8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new AppError('BYTES_NOT_UTF8');
  }
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** Compares without stopping at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let diff = 0;
  for (let i = 0; i < a.length; i++) diff |= a[i]! ^ b[i]!;
  return diff === 0;
}
