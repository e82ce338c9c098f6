/** PNG (W3C): keeps the critical chunks and what tells colour and transparency; every chunk's checksum must fit. */
import { concat } from '@zhenmei/kernel';
import { crc32 } from './crc32.ts';
import { type BarePhoto, damaged } from './photo.ts';

const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'sRGB', 'IDAT', 'IEND']);

/** Throws PHOTO_DAMAGED with the place. */
export function barePng(bytes: Uint8Array<ArrayBuffer>): BarePhoto {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  let size: { width: number; height: number } | null = null;
  let data = 0;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) damaged(at);
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) damaged(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) damaged(at);
    if ((type === 'IHDR') !== (at === 8)) damaged(at);
    if (type === 'IHDR') size = { width: view.getUint32(16), height: view.getUint32(20) };
    if (type === 'IDAT') data++;
    if (KEPT.has(type)) kept.push(bytes.subarray(at, end));
    // a capital letter says that the picture cannot be read without this chunk
    else if (/^[A-Z]/.test(type)) damaged(at);
    if (type === 'IEND') break;
    at = end;
  }
  if (!size || data === 0) damaged(8);
  return { kind: 'image/png', ...size, bytes: concat(...kept) };
}
