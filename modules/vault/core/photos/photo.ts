/** A photo without anything but the picture: no place, no device, no time, no thumbnail, nothing behind its end. */
import { AppError, equalBytes } from '@zhenmei/kernel';
import '../object-errors.ts';

export interface BarePhoto {
  readonly kind: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function damaged(at: number): never {
  throw new AppError('PHOTO_DAMAGED', { at });
}

/** A picture with more points than any camera makes is one that fills the memory of whoever opens it. */
export const MOST_POINTS = 120_000_000;

export function assertSize(photo: BarePhoto): BarePhoto {
  const { width, height } = photo;
  if (width < 1 || height < 1 || width * height > MOST_POINTS)
    throw new AppError('PHOTO_SIZE', { width, height });
  return photo;
}

/** True if nothing is left that could be taken away. */
export const isBare = (bytes: Uint8Array, bare: BarePhoto): boolean => equalBytes(bytes, bare.bytes);
