/** WebP (RFC 9649): keeps the picture and its transparency, in the shortest form that holds them. */
import { concat, utf8 } from '@zhenmei/kernel';
import { type BarePhoto, damaged } from './photo.ts';

const PICTURES = new Set(['VP8 ', 'VP8L']);
const DROPPED = new Set(['ICCP', 'EXIF', 'XMP ']);
const ALPHA = 0x10;

/** Throws PHOTO_DAMAGED with the place. */
export function bareWebp(bytes: Uint8Array<ArrayBuffer>): BarePhoto {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) damaged(4);
  let picture: { type: string; body: Uint8Array<ArrayBuffer> } | null = null;
  let alpha: Uint8Array | null = null;
  for (let at = 12; at < end; ) {
    if (at + 8 > end) damaged(at);
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) damaged(at);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (PICTURES.has(type) && !picture) picture = { type, body };
    else if (type === 'ALPH' && !picture && !alpha) alpha = body;
    else if (type === 'VP8X' && at === 12) {
      if ((body[0] ?? 0) & 0x02) damaged(at); // a film is no photo
    } else if (PICTURES.has(type) || /^(ALPH|ANIM|ANMF|VP8X)$/.test(type)) damaged(at);
    else if (!DROPPED.has(type) && type.startsWith('VP8')) damaged(at);
    at += 8 + length + (length & 1);
  }
  if (!picture) return damaged(12);
  const size = picture.type === 'VP8 ' ? lossySize(picture.body) : losslessSize(picture.body);
  const chunks =
    alpha && picture.type === 'VP8 '
      ? [chunk('VP8X', extended(size)), chunk('ALPH', alpha), chunk('VP8 ', picture.body)]
      : [chunk(picture.type, picture.body)];
  const content = concat(utf8('WEBP'), ...chunks);
  return { kind: 'image/webp', ...size, bytes: concat(utf8('RIFF'), u32(content.length), content) };
}

function lossySize(body: Uint8Array): { width: number; height: number } {
  if (body[3] !== 0x9d || body[4] !== 0x01 || body[5] !== 0x2a || body.length < 10) return damaged(20);
  const at = (i: number) => ((body[i + 1]! << 8) | body[i]!) & 0x3fff;
  return { width: at(6), height: at(8) };
}

function losslessSize(body: Uint8Array<ArrayBuffer>): { width: number; height: number } {
  if (body[0] !== 0x2f || body.length < 5) return damaged(20);
  const bits = new DataView(body.buffer, body.byteOffset, body.length).getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function extended({ width, height }: { width: number; height: number }): Uint8Array {
  const body = new Uint8Array(10);
  body[0] = ALPHA;
  body.set(u32(width - 1).subarray(0, 3), 4);
  body.set(u32(height - 1).subarray(0, 3), 7);
  return body;
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

const chunk = (type: string, body: Uint8Array) =>
  concat(utf8(type), u32(body.length), body, new Uint8Array(body.length & 1));
