/**
 * ZIP (APPNOTE 6.3) without compression: what a patient takes along, readable by every system. The reader is strict:
 * no gap, no second directory, no name that leaves its folder, so that two readers cannot see two archives.
 */
import { AppError, concat, fromUtf8, utf8 } from '@zhenmei/kernel';
import { crc32 } from '../photos/crc32.ts';
import './errors.ts';

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,4}$/;

function fields(...parts: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, [bytes]) => n + bytes, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [bytes, value] of parts) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

/** MS-DOS time, in UTC: two seconds are the finest it knows. */
function dosTime(ms: number): readonly [2 | 4, number][] {
  const at = new Date(ms);
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return [
    [2, time],
    [2, date],
  ];
}

/** @param now time of every file in it. Throws EXPORT_NAME. */
export function writeZip(files: readonly ZipFile[], now: number): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (const { name, bytes } of files) {
    if (!NAME.test(name) || seen.has(name)) throw new AppError('EXPORT_NAME', { name });
    seen.add(name);
    const path = utf8(name);
    const facts = fields(
      [2, FLAGS],
      [2, 0],
      ...dosTime(now),
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, path.length],
      [2, 0],
    );
    parts.push(fields([4, LOCAL], [2, 20]), facts, path, bytes);
    directory.push(fields([4, CENTRAL], [2, 20], [2, 20]), facts);
    directory.push(fields([2, 0], [2, 0], [2, 0], [4, 0], [4, at]), path);
    at += 30 + path.length + bytes.length;
  }
  const size = directory.reduce((n, part) => n + part.length, 0);
  const count = files.length;
  const end = fields([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, at], [2, 0]);
  return concat(...parts, ...directory, end);
}

function wrong(at: number): never {
  throw new AppError('EXPORT_DAMAGED', { at });
}

/**
 * Reads what `writeZip` wrote, and nothing else: the archive must be, byte for byte, what these files make.
 * Throws EXPORT_DAMAGED with the place.
 */
export function readZip(zip: Uint8Array<ArrayBuffer>): ZipFile[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
  const end = zip.length - 22;
  if (end < 0 || view.getUint32(end, true) !== END) wrong(0);
  const files: ZipFile[] = [];
  let at = view.getUint32(end + 16, true);
  let from = 0;
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > end) wrong(at);
    const [size, length] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
    const start = from + 30 + length;
    if (start + size > end) wrong(at);
    files.push({ name: nameAt(zip, at + 46, length), bytes: zip.slice(start, start + size) });
    from = start + size;
    at += 46 + length;
  }
  if (files.length === 0 && zip.length !== 22) wrong(0);
  const again = rewritten(files, files.length === 0 ? 0 : timeAt(view, 10));
  for (let i = 0; i < Math.max(zip.length, again.length); i++) if (zip[i] !== again[i]) wrong(i);
  return files;
}

function nameAt(zip: Uint8Array, at: number, length: number): string {
  try {
    return fromUtf8(zip.subarray(at, at + length));
  } catch {
    return wrong(at);
  }
}

function rewritten(files: readonly ZipFile[], time: number): Uint8Array {
  try {
    return writeZip(files, time);
  } catch {
    return wrong(0);
  }
}

function timeAt(view: DataView, at: number): number {
  const [time, date] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
  const day = [(date >> 9) + 1980, ((date >> 5) & 15) - 1, date & 31] as const;
  return Date.UTC(...day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
