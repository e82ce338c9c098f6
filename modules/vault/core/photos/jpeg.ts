/** JPEG (ITU-T T.81): keeps the marker segments that decode the picture, drops everything that speaks about it. */
import { concat } from '@zhenmei/kernel';
import { type BarePhoto, damaged } from './photo.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP14 = 0xee;
/** Baseline, extended and progressive; lossless, arithmetic and hierarchical pictures are not read by browsers. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** DHT, DQT, DRI. */
const TABLES = new Set([0xc4, 0xdb, 0xdd]);
const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65];

/** Throws PHOTO_DAMAGED with the place. */
export function bareJpeg(bytes: Uint8Array<ArrayBuffer>): BarePhoto {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let size: { width: number; height: number } | null = null;
  let scans = 0;
  let at = 2;
  for (;;) {
    const marker = markerAt(bytes, at);
    if (marker === EOI) break;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) damaged(at);
    const body = bytes.subarray(at + 4, end);
    if (FRAMES.has(marker)) {
      if (size || body.length < 6) damaged(at);
      size = { height: (body[1]! << 8) | body[2]!, width: (body[3]! << 8) | body[4]! };
    }
    if (FRAMES.has(marker) || TABLES.has(marker)) kept.push(bytes.subarray(at, end));
    else if (marker === SOS) {
      if (!size) damaged(at);
      const next = scanEnd(bytes, end);
      kept.push(bytes.subarray(at, next));
      scans++;
      at = next;
      continue;
    } else if (marker === APP14 && ADOBE.every((byte, i) => body[i] === byte)) kept.push(adobe(body, at));
    else if (marker !== 0xfe && (marker < 0xe0 || marker > 0xef)) damaged(at);
    at = end;
  }
  if (!size || scans === 0) damaged(at);
  return { kind: 'image/jpeg', ...size, bytes: concat(...kept, Uint8Array.of(0xff, EOI)) };
}

function markerAt(bytes: Uint8Array, at: number): number {
  const marker = bytes[at + 1];
  if (bytes[at] !== 0xff || marker === undefined || marker === SOI || marker < 0xc0) return damaged(at);
  return marker;
}

/** Whether colours are RGB or YCC, which the picture cannot be read without; the rest of the segment is zeroed. */
function adobe(body: Uint8Array, at: number): Uint8Array {
  if (body.length < 12) damaged(at);
  return Uint8Array.of(0xff, APP14, 0, 14, ...ADOBE, 0, 100, 0, 0, 0, 0, body[11]!);
}

/** Place of the first marker behind entropy-coded data: 00 and restart markers belong to it. */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1]!;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return damaged(bytes.length);
}
