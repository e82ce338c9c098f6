/** C2SP tlog-tiles: which tiles a tree has, and how they are named. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export const TILE_WIDTH = 256;

/** `level` is a number for hashes, `entries` for bundles; `width` is 1…256, 256 meaning a full tile. */
export interface TileRef {
  readonly level: number | 'entries';
  readonly n: number;
  readonly width: number;
}

function fail(path: string): never {
  throw new AppError('TLOG_TILE_PATH', { path: path.slice(0, 80) });
}

/** `tile/<L>/<N>[.p/<W>]`, N in groups of three digits, all but the last marked with `x`. */
export function tilePath({ level, n, width }: TileRef): string {
  let digits = String(n);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) as string[];
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** Accepts exactly what `tilePath` writes. Throws TLOG_TILE_PATH. */
export function parseTilePath(path: string): TileRef {
  const match = PATH.exec(path);
  if (!match) return fail(path);
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const n = Number(match[2]!.replace(/[x/]/g, ''));
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3]);
  const tile: TileRef = { level, n, width };
  const inRange =
    Number.isSafeInteger(n) && (level === 'entries' || level <= 63) && width >= 1 && width <= TILE_WIDTH;
  if (!inRange || tilePath(tile) !== path) return fail(path);
  return tile;
}

/** Width of tile `n` at `level` in a tree of `size`: 256 full, 1…255 partial, 0 not there. */
export function tileWidth(level: number, n: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - n * TILE_WIDTH));
}

/** All tiles of a tree of `size`, level by level: what a mirror has to hold. */
export function* tilesOf(size: number): Generator<TileRef & { readonly level: number }> {
  for (let level = 0; TILE_WIDTH ** level <= size; level++)
    for (let n = 0; ; n++) {
      const width = tileWidth(level, n, size);
      if (width === 0) break;
      yield { level, n, width };
    }
}
