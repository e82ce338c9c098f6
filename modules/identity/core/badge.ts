/**
 * A presentation small enough for one QR code: the bytes behind its base64url, squeezed, in the letters that a QR code
 * packs best (base45, RFC 9285). It unfolds to the same characters, so that nothing about verifying changes.
 */
import { AppError, concat, defineErrors, fromBase64Url, toBase64Url } from '@zhenmei/kernel';

defineErrors({
  BADGE_MALFORMED: {
    status: 422,
    retryable: false,
    zh: '这个二维码不是一份凭证，或已损坏。',
    en: 'This code is not a certificate, or it is damaged.',
  },
});

export const BADGE_PREFIX = 'ZM1:';
/** For whom and what a badge is made: anybody who looks within some minutes. */
export const BADGE = { audience: 'zhenmei:badge', nonce: 'zhenmei:badge', window: 300 } as const;

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
/** Bytes of an unfolded badge: what a certificate may have, without its base64url. */
const MAX_BYTES = 49_152;
/** Characters that the largest QR code holds. */
const MAX_TEXT = 4_296;
const JOINTS = { '.': 0, '~': 1 } as const;

/** Throws BADGE_MALFORMED if the token is none or would not fit one QR code. */
export async function packBadge(token: string): Promise<string> {
  const pieces = token.split(/([.~])/);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    const bytes = decode(pieces[i]!);
    if (bytes.length > 0xffff) malformed();
    const joint = pieces[i + 1] as keyof typeof JOINTS | undefined;
    parts.push(
      Uint8Array.of(joint === undefined ? 2 : JOINTS[joint], bytes.length >> 8, bytes.length & 255),
      bytes,
    );
  }
  const text = BADGE_PREFIX + toBase45(await squeeze(concat(...parts), 'compress'));
  return text.length > MAX_TEXT ? malformed() : text;
}

/** The token as it was. Throws BADGE_MALFORMED. */
export async function unpackBadge(text: string): Promise<string> {
  if (!text.startsWith(BADGE_PREFIX) || text.length > MAX_TEXT) return malformed();
  const bytes = await squeeze(fromBase45(text.slice(BADGE_PREFIX.length)), 'expand');
  let token = '';
  let at = 0;
  for (;;) {
    const [joint, high, low] = bytes.subarray(at, at + 3);
    if (joint === undefined || high === undefined || low === undefined || joint > 2) return malformed();
    const end = at + 3 + high * 256 + low;
    if (end > bytes.length) return malformed();
    token += toBase64Url(bytes.subarray(at + 3, end));
    at = end;
    if (joint === 2) return at === bytes.length ? token : malformed();
    token += joint === JOINTS['.'] ? '.' : '~';
  }
}

function malformed(cause?: unknown): never {
  throw new AppError('BADGE_MALFORMED', {}, { cause });
}

function decode(part: string): Uint8Array {
  try {
    return fromBase64Url(part);
  } catch (cause) {
    return malformed(cause);
  }
}

function toBase45(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let n = pair ? bytes[i]! * 256 + bytes[i + 1]! : bytes[i]!;
    for (let k = pair ? 3 : 2; k > 0; k--) {
      out += LETTERS[n % 45]!;
      n = Math.floor(n / 45);
    }
  }
  return out;
}

function fromBase45(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 3 === 1) return malformed();
  const out: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = Array.from(text.slice(i, i + 3), (letter) => LETTERS.indexOf(letter));
    if (digits.includes(-1)) return malformed();
    const n = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.length === 3) {
      if (n > 0xffff) return malformed();
      out.push(n >> 8, n & 255);
    } else {
      if (n > 255) return malformed();
      out.push(n);
    }
  }
  return Uint8Array.from(out);
}

/** Raw deflate through the platform's stream; what unfolds is counted. */
async function squeeze(
  bytes: Uint8Array<ArrayBuffer>,
  way: 'compress' | 'expand',
): Promise<Uint8Array<ArrayBuffer>> {
  const stream =
    way === 'compress' ? new CompressionStream('deflate-raw') : new DecompressionStream('deflate-raw');
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return concat(...chunks);
      size += value.length;
      if (size > MAX_BYTES) break;
      chunks.push(value);
    }
  } catch (cause) {
    return malformed(cause);
  }
  await reader.cancel();
  return malformed();
}
