/** When a photo was taken and how it was held (EXIF 2.32), read before all of that is taken away. */

export interface PhotoFacts {
  /** `2024-03-05T14:02:00`, with an offset if the camera knew one; null if the photo does not say. */
  readonly takenAt: string | null;
  /** 1 upright; 2 to 8 turned or mirrored. */
  readonly orientation: number;
}

const NOTHING: PhotoFacts = { takenAt: null, orientation: 1 };
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
/** Where EXIF is looked for: it stands at the front of every form that has it. */
const FRONT = 262_144;

export function photoFacts(bytes: Uint8Array<ArrayBuffer>): PhotoFacts {
  const tiff = tiffIn(bytes);
  if (tiff === null) return NOTHING;
  try {
    return read(new DataView(bytes.buffer, bytes.byteOffset + tiff, bytes.length - tiff));
  } catch (error) {
    // offsets that lead out of the file
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

/** Place of the TIFF header: behind `Exif\0\0` (JPEG, HEIC, some WebP), or at the start of PNG's and WebP's own chunk. */
function tiffIn(bytes: Uint8Array): number | null {
  const end = Math.min(bytes.length - 8, FRONT);
  for (let at = 0; at < end; at++) {
    if (bytes[at] === 0x45 && EXIF.every((byte, i) => bytes[at + i] === byte) && isTiff(bytes, at + 6))
      return at + 6;
    const chunk =
      (bytes[at] === 0x65 &&
        bytes[at + 1] === 0x58 &&
        bytes[at + 2] === 0x49 &&
        bytes[at + 3] === 0x66 &&
        4) ||
      (bytes[at] === 0x45 && bytes[at + 1] === 0x58 && bytes[at + 2] === 0x49 && bytes[at + 3] === 0x46 && 8);
    if (chunk && isTiff(bytes, at + chunk)) return at + chunk;
  }
  return null;
}

const isTiff = (bytes: Uint8Array, at: number) =>
  (bytes[at] === 0x49 && bytes[at + 1] === 0x49 && bytes[at + 2] === 42 && bytes[at + 3] === 0) ||
  (bytes[at] === 0x4d && bytes[at + 1] === 0x4d && bytes[at + 2] === 0 && bytes[at + 3] === 42);

function read(view: DataView): PhotoFacts {
  const little = view.getUint8(0) === 0x49;
  const u16 = (at: number) => view.getUint16(at, little);
  const u32 = (at: number) => view.getUint32(at, little);
  const fields = (at: number): Map<number, number> => {
    const count = u16(at);
    return new Map(
      Array.from({ length: Math.min(count, 200) }, (_, i) => [u16(at + 2 + i * 12), at + 2 + i * 12]),
    );
  };
  const text = (field: number | undefined, length: number): string | null => {
    if (field === undefined) return null;
    const size = u32(field + 4);
    const at = size > 4 ? u32(field + 8) : field + 8;
    if (size < length) return null;
    return Array.from({ length }, (_, i) => String.fromCharCode(view.getUint8(at + i))).join('');
  };
  const main = fields(u32(4));
  const orientation = main.get(0x0112);
  const turned = orientation === undefined ? 1 : u16(orientation + 8);
  const more = main.get(0x8769);
  const exif = more === undefined ? new Map<number, number>() : fields(u32(more + 8));
  const taken = text(exif.get(0x9003), 19) ?? text(main.get(0x0132), 19);
  return {
    takenAt: timeOf(taken, text(exif.get(0x9011), 6)),
    orientation: turned >= 1 && turned <= 8 ? turned : 1,
  };
}

function timeOf(taken: string | null, offset: string | null): string | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(taken ?? '');
  if (!match) return null;
  const [, year, month, day, time] = match;
  const known = offset && /^[+-]\d\d:\d\d$/.test(offset) ? offset : '';
  const text = `${year}-${month}-${day}T${time}`;
  // a camera that was never set says zeros
  const at = new Date(`${text}Z`);
  return Number.isNaN(at.getTime()) || Number(year) < 1990 || at.toISOString().slice(0, 19) !== text
    ? null
    : `${text}${known}`;
}
