/** Pairs of pictures that a person chose to show: in this page's memory only, by promise. */
import type { PicturePair } from '@zhenmei/client/claim-panel.ts';
import { barePhoto } from '@zhenmei/vault/core/photos/bare-photo.ts';

const chosen = new Map<string, PicturePair>();

export const keepPair = (cover: string, pair: PicturePair): void => void chosen.set(cover, pair);
export const keptPair = (cover: string): PicturePair | null => chosen.get(cover) ?? null;

/** A file without anything but the picture. Throws the PHOTO codes. */
export const pictureOf = async (file: File): Promise<Uint8Array<ArrayBuffer>> =>
  barePhoto(new Uint8Array(await file.arrayBuffer())).bytes;
