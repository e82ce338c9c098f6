/** Takes everything but the picture out of a photo. How it was turned must be applied before: that is lost with the rest. */
import { AppError } from '@zhenmei/kernel';
import { bareJpeg } from './jpeg.ts';
import { assertSize, type BarePhoto, isBare } from './photo.ts';
import { barePng } from './png.ts';
import { bareWebp } from './webp.ts';

export type { BarePhoto } from './photo.ts';

const begins = (bytes: Uint8Array, magic: readonly number[], at = 0) =>
  magic.every((byte, i) => bytes[at + i] === byte);
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/** Throws PHOTO_KIND, PHOTO_DAMAGED with the place, PHOTO_SIZE. */
export function barePhoto(bytes: Uint8Array<ArrayBuffer>): BarePhoto {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return assertSize(bareJpeg(bytes));
  if (begins(bytes, PNG)) return assertSize(barePng(bytes));
  if (begins(bytes, RIFF) && begins(bytes, WEBP, 8)) return assertSize(bareWebp(bytes));
  throw new AppError('PHOTO_KIND');
}

/** Before encryption: throws PHOTO_NOT_BARE if anything but the picture is in there. */
export function assertBarePhoto(bytes: Uint8Array<ArrayBuffer>): BarePhoto {
  const bare = barePhoto(bytes);
  if (!isBare(bytes, bare)) throw new AppError('PHOTO_NOT_BARE');
  return bare;
}
