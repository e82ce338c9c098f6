/** C2SP tlog-tiles entry bundles: entries one after the other, each behind its length as a big-endian uint16. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export const MAX_ENTRY = 0xffff;

/** Throws TLOG_LEAF_TOO_LARGE. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(entries.reduce((n, entry) => n + 2 + entry.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY) throw new AppError('TLOG_LEAF_TOO_LARGE', { bytes: entry.length });
    view.setUint16(at, entry.length);
    out.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return out;
}

/** @param count entries expected: 256, or the width of a partial bundle. Throws TLOG_BUNDLE_FORMAT. */
export function decodeBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) throw new AppError('TLOG_BUNDLE_FORMAT');
    const end = at + 2 + view.getUint16(at);
    if (end > bytes.length) throw new AppError('TLOG_BUNDLE_FORMAT');
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== count) throw new AppError('TLOG_BUNDLE_FORMAT');
  return entries;
}
