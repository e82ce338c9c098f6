import { AppError } from '@zhenmei/kernel';
import { expect, test } from 'vitest';
import { decodeBundle, encodeBundle } from './bundle.ts';
import { leafHash } from './hash.ts';
import { parseTilePath, tilePath, tilesOf, tileWidth } from './tile-path.ts';
import { type FullTile, plannedTiles, TileBuilder, tileReader } from './tiles.ts';
import { consistencyProof, inclusionProof, MerkleTree, type ReadNode } from './tree.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

const SIZE = 70_000;
const leaf = (i: number) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, i);
  return leafHash(bytes);
};

/** Tiles of the 70,000-leaf example, from the in-memory tree alone. */
function hashesOf(tree: MerkleTree, level: number, n: number, width: number): Uint8Array {
  const out = new Uint8Array(width * 32);
  for (let i = 0; i < width; i++) out.set(tree.node(level * 8, n * 256 + i), i * 32);
  return out;
}

test('the example of the specification: 70,000 entries', () => {
  const byLevel = new Map<number, number[]>();
  for (const { level, width } of tilesOf(SIZE)) byLevel.set(level, [...(byLevel.get(level) ?? []), width]);
  expect(byLevel.get(0)).toHaveLength(274);
  expect(byLevel.get(0)!.filter((width) => width === 256)).toHaveLength(273);
  expect(byLevel.get(0)!.at(-1)).toBe(112);
  expect(byLevel.get(1)).toEqual([256, 17]);
  expect(byLevel.get(2)).toEqual([1]);
  expect([...tilesOf(256)]).toEqual([
    { level: 0, n: 0, width: 256 },
    { level: 1, n: 0, width: 1 },
  ]);
  expect([...tilesOf(0)]).toEqual([]);
  expect(tileWidth(0, 274, SIZE)).toBe(0);
});

test('the builder emits the same tiles as the tree has, resumes anywhere, and proofs read back from tiles', () => {
  const tree = new MerkleTree();
  const full: FullTile[] = [];
  let builder = new TileBuilder();
  for (let i = 0; i < SIZE; i++) {
    tree.append(leaf(i));
    builder.append(leaf(i), (tile) => full.push(tile));
    if (i === 255 || i === 4_000 || i === 65_535 || i === 65_536) {
      const size = i + 1;
      const edges = [0, 1, 2].map((level) => {
        const n = Math.floor(size / 256 ** (level + 1));
        return hashesOf(tree, level, n, tileWidth(level, n, size));
      });
      builder = new TileBuilder(size, edges);
    }
  }
  expect(builder.size).toBe(SIZE);
  expect(builder.root()).toEqual(tree.root());
  expect(full).toHaveLength(273 + 1);
  for (const tile of full) {
    expect(tile.hashes).toEqual(hashesOf(tree, tile.level, tile.n, 256));
    expect(tile.root).toEqual(tree.node((tile.level + 1) * 8, tile.n));
  }
  const store = new Map<string, Uint8Array>();
  for (const { level, n, width } of tilesOf(SIZE))
    store.set(`${level}/${n}`, hashesOf(tree, level, n, width));
  const works = [
    (read: ReadNode) => inclusionProof(12_345, SIZE, read),
    (read: ReadNode) => inclusionProof(SIZE - 1, SIZE, read),
    (read: ReadNode) => inclusionProof(0, 300, read),
    (read: ReadNode) => consistencyProof(4_001, SIZE, read),
  ];
  for (const work of works) {
    const needed = plannedTiles(work);
    const read = tileReader((level, n) =>
      needed.some((t) => t.level === level && t.n === n) ? store.get(`${level}/${n}`) : undefined,
    );
    expect(work(read)).toEqual(work(tree.node));
  }
  expect(codeOf(() => works[0]!(tileReader(() => undefined)))).toBe('TLOG_TILE_FORMAT');
  expect(codeOf(() => works[0]!(tileReader(() => new Uint8Array(32))))).toBe('TLOG_TILE_FORMAT');
});

test('a builder refuses an edge that does not belong to its size', () => {
  expect(codeOf(() => new TileBuilder(300, [new Uint8Array(43 * 32), new Uint8Array(32)]))).toBe(
    'TLOG_TILE_FORMAT',
  );
  expect(codeOf(() => new TileBuilder(300))).toBe('TLOG_TILE_FORMAT');
  expect(codeOf(() => new TileBuilder(-1))).toBe('TLOG_SIZE_INVALID');
  expect(codeOf(() => new TileBuilder().append(new Uint8Array(31), () => {}))).toBe('TLOG_HASH_LENGTH');
});

test('tile names', () => {
  const names: [string, Parameters<typeof tilePath>[0]][] = [
    ['tile/0/x001/x234/067', { level: 0, n: 1_234_067, width: 256 }],
    ['tile/0/273.p/112', { level: 0, n: 273, width: 112 }],
    ['tile/2/000.p/1', { level: 2, n: 0, width: 1 }],
    ['tile/entries/x001/000', { level: 'entries', n: 1000, width: 256 }],
    ['tile/63/999', { level: 63, n: 999, width: 256 }],
  ];
  for (const [path, tile] of names) {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  }
});

test('tile names nobody may ask for', () => {
  const bad = [
    '',
    'tile/0/1',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/001',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/entry/000',
    '/tile/0/000',
    'tile/0/000/',
    'tile/0/../000',
    `tile/0/${'x999/'.repeat(6)}999`,
    'tile/0/000\n',
  ];
  for (const path of bad)
    expect(
      codeOf(() => parseTilePath(path)),
      path,
    ).toBe('TLOG_TILE_PATH');
});

test('entry bundles', () => {
  const entries = [new Uint8Array(0), Uint8Array.of(1, 2, 3), new Uint8Array(65_535).fill(7)];
  const bytes = encodeBundle(entries);
  expect([...bytes.subarray(0, 7)]).toEqual([0, 0, 0, 3, 1, 2, 3]);
  expect(decodeBundle(bytes, 3)).toEqual(entries);
  expect(decodeBundle(new Uint8Array(0), 0)).toEqual([]);
  expect(codeOf(() => encodeBundle([new Uint8Array(65_536)]))).toBe('TLOG_LEAF_TOO_LARGE');
  for (const cut of [1, 3, 6, bytes.length - 1])
    expect(codeOf(() => decodeBundle(bytes.subarray(0, cut), 3))).toBe('TLOG_BUNDLE_FORMAT');
  expect(codeOf(() => decodeBundle(bytes, 2))).toBe('TLOG_BUNDLE_FORMAT');
  expect(codeOf(() => decodeBundle(new Uint8Array([...bytes, 0]), 3))).toBe('TLOG_BUNDLE_FORMAT');
});
