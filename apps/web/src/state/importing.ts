/** Files that the person chose, as the vault's import takes them; what a browser must do to a photo is done here. */
import { keepFiles, type Prepared, prepareFile } from '@zhenmei/client/vault/import-files.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { AppError, toIso } from '@zhenmei/kernel';
import { t } from '../shell/words.ts';
import { now } from './apis.ts';
import { keep } from './vault-things.ts';

export type Keepable = Exclude<Prepared, { kind: 'export' }>;
export const today = (): string => toIso(now()).slice(0, 10);

/** Draws the picture as it is to be seen, in a form that every browser reads. Throws FILE_PHOTO. */
async function redraw(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const picture = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' });
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d')!.drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new AppError('FILE_PHOTO', {}, { cause });
  }
}

export const look = async (file: File): Promise<Prepared> =>
  prepareFile({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, redraw, today());

export const keepAll = (
  vault: Vault,
  files: readonly Keepable[],
  going: (done: number, of: number) => boolean,
) =>
  keepFiles(
    vault,
    files,
    (facts, bytes, known, sent) => keep(vault, facts, bytes, known, sent),
    going,
    t('keep.allergies.list'),
    t('health.list'),
  );
