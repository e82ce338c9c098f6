/** What a photo says beside its picture does not survive, whatever the form. */
import { deflateSync } from 'node:zlib';
import { type AppError, concat, fromBase64, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertBarePhoto, barePhoto } from './bare-photo.ts';
import { crc32 } from './crc32.ts';
import { SAMPLES } from './samples.test-support.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const SECRET = utf8('GPS 31.2304N 121.4737E 小安的手机');
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (e) {
    return (e as AppError).code;
  }
};
const holds = (bytes: Bytes, part: Bytes) => Buffer.from(bytes).includes(Buffer.from(part));

const segment = (marker: number, body: Bytes) =>
  concat(Uint8Array.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255), body);
const chunk = (type: string, body: Bytes) => {
  const named = concat(utf8(type), body);
  const out = new Uint8Array(named.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(named, 4);
  view.setUint32(4 + named.length, crc32(named));
  return out;
};
const riff = (...chunks: Bytes[]) => {
  const content = concat(utf8('WEBP'), ...chunks);
  const head = new Uint8Array(8);
  head.set(utf8('RIFF'));
  new DataView(head.buffer).setUint32(4, content.length, true);
  return concat(head, content);
};
const webpChunk = (type: string, body: Bytes) => {
  const head = new Uint8Array(8);
  head.set(utf8(type));
  new DataView(head.buffer).setUint32(4, body.length, true);
  return concat(head, body, new Uint8Array(body.length & 1));
};

const jpeg = fromBase64(SAMPLES.baseline);
const ihdr = Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 7, 8, 2, 0, 0, 0);
const idat = new Uint8Array(deflateSync(new Uint8Array(7 * 28)));
const MAGIC = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const png = (...more: Bytes[]) =>
  concat(MAGIC, chunk('IHDR', ihdr), ...more, chunk('IDAT', idat), chunk('IEND', new Uint8Array(0)));

/** Each sample with what it may say put in every place where the form allows it. */
const talkative: Record<string, Bytes> = {
  baseline: concat(
    jpeg.subarray(0, 2),
    segment(0xe1, concat(utf8('Exif\0\0'), SECRET)),
    segment(0xe2, concat(utf8('ICC_PROFILE\0'), SECRET)),
    segment(0xed, SECRET),
    segment(0xfe, SECRET),
    segment(0xee, concat(utf8('Adobe'), Uint8Array.of(0, 100, 1, 2, 3, 4, 1), SECRET)),
    jpeg.subarray(2),
    SECRET,
  ),
  progressive: concat(
    fromBase64(SAMPLES.progressive).subarray(0, -2),
    segment(0xfe, SECRET),
    Uint8Array.of(0xff, 0xd9),
    fromBase64(SAMPLES.baseline),
    SECRET,
  ),
  png: concat(
    png(
      chunk('eXIf', SECRET),
      chunk('tEXt', SECRET),
      chunk('iTXt', SECRET),
      chunk('tIME', Uint8Array.of(7, 230, 11, 24, 9, 0, 0)),
      chunk('iCCP', SECRET),
      chunk('prVt', SECRET),
    ),
    SECRET,
  ),
  lossy: riff(
    webpChunk('VP8X', new Uint8Array(10)),
    webpChunk('ICCP', SECRET),
    fromBase64(SAMPLES.lossy).subarray(12),
    webpChunk('EXIF', SECRET),
    webpChunk('XMP ', SECRET),
    webpChunk('ABCD', SECRET),
  ),
  transparent: concat(fromBase64(SAMPLES.transparent), SECRET),
  lossless: riff(fromBase64(SAMPLES.lossless).subarray(12), webpChunk('EXIF', SECRET)),
};

describe.each(Object.entries(talkative))('a photo (%s)', (name, bytes) => {
  it('keeps its picture and says nothing else', () => {
    expect(holds(bytes, SECRET)).toBe(true);
    const bare = barePhoto(bytes);
    expect([bare.width, bare.height]).toEqual([9, 7]);
    expect(holds(bare.bytes, SECRET)).toBe(false);
    for (let at = 0; at + 8 <= SECRET.length; at++)
      expect(holds(bare.bytes, SECRET.slice(at, at + 8))).toBe(false);
    expect(barePhoto(bare.bytes)).toEqual(bare);
    expect(assertBarePhoto(bare.bytes)).toEqual(bare);
    expect(codeOf(() => assertBarePhoto(bytes))).toBe('PHOTO_NOT_BARE');
    if (name === 'baseline') expect(holds(bare.bytes, Uint8Array.of(1, 2, 3, 4, 1))).toBe(false);
    if (name === 'png') expect(Buffer.from(bare.bytes).includes(Buffer.from(idat))).toBe(true);
  });

  it('is refused when it is cut off, and never read beyond its end', () => {
    const bare = barePhoto(bytes).bytes;
    for (let length = 0; length < bare.length; length++)
      expect(codeOf(() => barePhoto(bare.slice(0, length)))).toMatch(/^PHOTO_(DAMAGED|KIND|SIZE)$/);
  });

  it('fails by name, whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        expect(codeOf(() => barePhoto(changed))).toMatch(/^(none|PHOTO_(DAMAGED|KIND|SIZE))$/);
      }),
      { numRuns: 400 },
    );
  });
});

describe('what is no photo that we keep', () => {
  it('is named: other kinds, films, lossless JPEG, a picture as large as a hall', () => {
    for (const other of [new Uint8Array(0), utf8('%PDF-1.7'), utf8('GIF89a'), utf8('....ftypheic')])
      expect(codeOf(() => barePhoto(other))).toBe('PHOTO_KIND');
    const film = riff(webpChunk('VP8X', Uint8Array.of(2, 0, 0, 0, 8, 0, 0, 6, 0, 0)));
    expect(codeOf(() => barePhoto(film))).toBe('PHOTO_DAMAGED');
    const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc0]));
    const lossless = jpeg.slice();
    lossless[frame + 1] = 0xc3;
    expect(codeOf(() => barePhoto(lossless))).toBe('PHOTO_DAMAGED');
    const hall = jpeg.slice();
    hall.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(codeOf(() => barePhoto(hall))).toBe('PHOTO_SIZE');
    const twice = concat(jpeg.subarray(0, 2), jpeg.subarray(frame, frame + 19), jpeg.subarray(2));
    expect(codeOf(() => barePhoto(twice))).toBe('PHOTO_DAMAGED');
  });

  it('is a PNG whose checksum does not fit, that needs a chunk we do not know, or begins otherwise', () => {
    const wrong = png();
    wrong[wrong.length - 1]! ^= 1;
    expect(codeOf(() => barePhoto(wrong))).toBe('PHOTO_DAMAGED');
    expect(codeOf(() => barePhoto(png(chunk('FuTr', SECRET))))).toBe('PHOTO_DAMAGED');
    expect(codeOf(() => barePhoto(png(chunk('IHDR', ihdr))))).toBe('PHOTO_DAMAGED');
    expect(codeOf(() => barePhoto(concat(MAGIC, chunk('IDAT', idat), chunk('IEND', idat))))).toBe(
      'PHOTO_DAMAGED',
    );
  });

  it('counts as CRC-32 does', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
  });
});
