/**
 * Reads a code from a picture. What counts are the bytes and the symbology identifier (ISO/IEC 15424): the display text
 * has lost the separators between variable fields. The reader's WebAssembly is given by whoever calls.
 */
import { prepareZXingModule, type ReaderOptions, type ReadResult, readBarcodes } from 'zxing-wasm/reader';
import {
  doubled,
  evened,
  type Grey,
  greyOf,
  type Pixels,
  pixelsOf,
  sharpened,
  smoothed,
  stretched,
} from './picture.ts';

export interface Scanned {
  /** What the reader of codes is given: the symbology identifier and the content, or the link itself. */
  readonly text: string;
  /** e.g. `]d2`, `]Q3`, `]C1`. */
  readonly symbology: string;
}

/** @param where address of the reader's wasm, or its bytes: never that of a stranger's server */
export function prepareReader(where: string | ArrayBuffer): void {
  const overrides =
    typeof where === 'string'
      ? { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? where : prefix + path) }
      : { wasmBinary: where };
  prepareZXingModule({ overrides });
}

const OPTIONS: ReaderOptions = {
  formats: [
    'DataMatrix',
    'QRCode',
    'Code128',
    'EAN13',
    'EAN8',
    'UPCA',
    'ITF14',
    'DataBar',
    'DataBarExpanded',
  ],
  tryHarder: true,
  maxNumberOfSymbols: 1,
};

/** What is tried in turn; each costs as much as the first. */
const ATTEMPTS: readonly ((grey: Grey) => readonly [Grey, ReaderOptions])[] = [
  (grey) => [grey, OPTIONS],
  (grey) => [evened(grey), OPTIONS],
  (grey) => [grey, { ...OPTIONS, tryDenoise: true }],
  (grey) => [stretched(smoothed(grey, 1)), OPTIONS],
  (grey) => [stretched(smoothed(grey, 2)), { ...OPTIONS, binarizer: 'GlobalHistogram' }],
  (grey) => [sharpened(doubled(grey), 3), OPTIONS],
  (grey) => [doubled(stretched(grey)), { ...OPTIONS, tryDenoise: true }],
];

/** Pictures of cameras are larger than any code needs. */
const LARGEST = 4_000_000;

/** @param attempts how often to try, each time prepared in another way; all of them by default */
export async function readImage(pixels: Pixels, attempts: number = ATTEMPTS.length): Promise<Scanned | null> {
  const grey = greyOf(pixels);
  const some = grey.values.length > LARGEST ? ATTEMPTS.slice(0, 4) : ATTEMPTS;
  for (const attempt of some.slice(0, attempts)) {
    const [prepared, options] = attempt(grey);
    const [found] = await readBarcodes(pixelsOf(prepared) as unknown as ImageData, options);
    const scanned = found ? scannedOf(found) : null;
    if (scanned) return scanned;
  }
  return null;
}

/** Null for bytes that are no text: none of the codes on packages is like that. */
export function scannedOf({
  bytes,
  symbologyIdentifier,
}: Pick<ReadResult, 'bytes' | 'symbologyIdentifier'>): Scanned | null {
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  if (content === '') return null;
  // links, and codes of our own, are read as they are; for all else the symbology says whether it is GS1 data
  const plain = /^(?:https?:\/\/|ZMC1:)/i.test(content);
  return { text: plain ? content : symbologyIdentifier + content, symbology: symbologyIdentifier };
}
