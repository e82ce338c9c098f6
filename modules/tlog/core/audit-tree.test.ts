import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from './audit-findings.ts';
import { type KnownRoot, type Resume, TreeAudit } from './audit-tree.ts';
import { encodeLeaf } from './leaf.ts';
import { SampleLog, sampleLeaves } from './testing.ts';
import { TILE_WIDTH, tilesOf, tileWidth } from './tile-path.ts';

/** What a house serves; a test replaces what it lies about. */
interface Served {
  bundle(n: number, width: number): Uint8Array | null;
  tile(level: number, n: number, width: number): Uint8Array | null;
}

const NOTHING: Resume = { size: 0, edges: [] };

function run(served: Served, head: KnownRoot, from = NOTHING, known: readonly KnownRoot[] = []) {
  const tree = new TreeAudit(from, known);
  const read: number[] = [];
  for (let n = Math.floor(from.size / TILE_WIDTH); n * TILE_WIDTH < head.size; n++) {
    const width = tileWidth(0, n, head.size);
    const leaves = tree.bundle(n, width, served.bundle(n, width), served.tile(0, n, width));
    read.push(...leaves.map(({ index }) => index));
    for (const full of tree.full)
      tree.compare(full.level, full.n, full.hashes, served.tile(full.level, full.n, 256));
    tree.full = [];
  }
  for (const { level, n, hashes } of tree.partial())
    tree.compare(level, n, hashes, served.tile(level, n, tileWidth(level, n, head.size)));
  const missed = tree.finish(head.root);
  return { tree, read, missed, findings: tree.findings, codes: tree.findings.map(({ code }) => code) };
}

/** The log with one entry, bundle or tile replaced. */
function altered(
  log: SampleLog,
  change: { entry?: (i: number, leaf: Uint8Array) => Uint8Array | null },
): Served {
  return {
    tile: (level, n, width) => log.tile(level, n, width),
    bundle(n, width) {
      const parts: Uint8Array[] = [];
      for (let i = 0; i < width; i++) {
        const leaf = change.entry?.(n * TILE_WIDTH + i, log.leaves[n * TILE_WIDTH + i]!) ?? null;
        if (leaf) parts.push(Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf);
      }
      return Buffer.concat(parts);
    },
  };
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at]! ^= 1;
  return copy;
};

const small = new SampleLog(sampleLeaves(700));

test('finds nothing in a log that is as it should be, of any size, and reads every entry once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 0, max: 700 }), (size, stop) => {
      const head = small.known(size);
      const whole = run(small, head);
      expect(whole.codes).toEqual([]);
      expect(whole.read).toEqual(Array.from({ length: size }, (_, i) => i));
      // stopped anywhere, and gone on
      const first = Math.min(stop, size);
      if (first === 0) return;
      const half = run(small, small.known(first));
      const rest = run(small, head, half.tree.resume());
      expect(rest.codes).toEqual([]);
      expect(rest.read).toEqual(Array.from({ length: size - first }, (_, i) => first + i));
      expect(rest.tree.resume()).toEqual(whole.tree.resume());
    }),
    { numRuns: 60 },
  );
});

test('compares tiles of three levels', () => {
  const log = new SampleLog(sampleLeaves(66_000));
  const upper = [...tilesOf(log.size)].filter(({ level }) => level > 0);
  expect(upper.map(({ level, width }) => [level, width])).toEqual([
    [1, 256],
    [1, 1],
    [2, 1],
  ]);
  const served: Served = {
    bundle: (n, width) => log.bundle(n, width),
    tile: (level, n, width) => {
      const tile = log.tile(level, n, width);
      return level > 0 ? flipped(tile, 32 * (width - 1)) : tile;
    },
  };
  expect(run(served, log.known()).findings.map(({ code, en }) => `${code} ${en.split(' does ')[0]}`)).toEqual(
    [
      'AUDIT_TILE_CHANGED Hash 255 of tile 0 at level 1',
      'AUDIT_TILE_CHANGED Hash 0 of tile 1 at level 1',
      'AUDIT_TILE_CHANGED Hash 0 of tile 0 at level 2',
    ],
  );
});

describe('entries', () => {
  const size = 600;
  const head = small.known(size);
  const only = (findings: readonly Finding[]) => expect(findings).toHaveLength(1);

  test('any changed byte of any entry is named', () => {
    fc.assert(
      fc.property(fc.nat(size - 1), fc.nat(10_000), (at, byte) => {
        const served = altered(small, {
          entry: (i, leaf) => (i === at ? flipped(leaf, byte % leaf.length) : leaf),
        });
        const { findings } = run(served, head);
        expect(findings.map(({ code }) => code)).toContain('AUDIT_ENTRY_CHANGED');
        expect(new Set(findings.map(({ index }) => index))).toEqual(new Set([at]));
      }),
      { numRuns: 60 },
    );
  });

  test('an entry that was replaced by a sound one is named by the one that stands there', () => {
    const other = encodeLeaf(
      'custody-event',
      '{"eventTime":"2026-03-04T05:06:07.000Z","type":"ObjectEvent"}',
    );
    const { findings } = run(altered(small, { entry: (i, leaf) => (i === 300 ? other : leaf) }), head);
    only(findings);
    expect(findings[0]).toMatchObject({ code: 'AUDIT_ENTRY_CHANGED', index: 300 });
    expect(findings[0]!.key).toMatch(/^event\/0x[0-9a-f]{64}$/);
  });

  test('two entries that changed places are both named', () => {
    const served = altered(small, {
      entry: (i, leaf) => (i === 7 ? small.leaves[8]! : i === 8 ? small.leaves[7]! : leaf),
    });
    expect(run(served, head).findings.map(({ index }) => index)).toEqual([7, 8]);
  });

  test('a bundle with one too few, one too many, half an entry, or none at all', () => {
    const bundle = small.bundle(1, 256);
    for (const false_ of [
      bundle.subarray(0, -3),
      Buffer.concat([bundle, bundle.subarray(0, 2 + bundle[1]!)]),
      bundle.subarray(2 + bundle[1]!),
      null,
    ]) {
      const served: Served = {
        tile: (level, n, width) => small.tile(level, n, width),
        bundle: (n, width) => (n === 1 ? false_ : small.bundle(n, width)),
      };
      const { findings, read } = run(served, head);
      only(findings);
      expect(findings[0]!.code).toBe('AUDIT_ENTRIES_MISSING');
      expect(findings[0]!.en).toContain('Entries 256 to 511 ');
      // the tile stands in for them, so that the others can be judged
      expect(read).toHaveLength(size - 256);
    }
  });

  test('entries and tile missing together leave nothing to be built on', () => {
    const served: Served = {
      tile: (level, n, width) => (n === 1 ? null : small.tile(level, n, width)),
      bundle: (n, width) => (n === 1 ? null : small.bundle(n, width)),
    };
    expect(run(served, head).codes).toEqual(['AUDIT_TILE_MISSING', 'AUDIT_ENTRIES_MISSING']);
  });

  test('what was read before and is different now is named, also within the tile it went on from', () => {
    const half = run(small, small.known(300)).tree.resume();
    const served = altered(small, { entry: (i, leaf) => (i === 290 ? small.leaves[3]! : leaf) });
    expect(run(served, head, half).findings).toMatchObject([{ code: 'AUDIT_ENTRY_REWRITTEN', index: 290 }]);
  });
});

describe('tiles and roots', () => {
  const head = small.known(600);

  test('a leaf tile that is wrong while the entries lead to the signed root', () => {
    const served: Served = {
      bundle: (n, width) => small.bundle(n, width),
      tile: (level, n, width) => {
        const tile = small.tile(level, n, width);
        return level === 0 && n === 2 ? flipped(tile, 5 * 32) : tile;
      },
    };
    const { findings, codes } = run(served, head);
    expect(codes).toEqual(['AUDIT_TILE_CHANGED']);
    expect(findings[0]!.en).toContain('Hash 5 of tile 2 at level 0 ');
  });

  test('tiles that are not there, or too short', () => {
    for (const lie of [null, new Uint8Array(32)])
      for (const [level, n] of [
        [0, 1],
        [1, 0],
      ]) {
        const served: Served = {
          bundle: (m, width) => small.bundle(m, width),
          tile: (l, m, width) => (l === level && m === n ? lie : small.tile(l, m, width)),
        };
        expect(run(served, head).codes).toEqual(['AUDIT_TILE_MISSING']);
      }
  });

  test('a root that follows from neither', () => {
    const { findings, missed } = run(small, { size: 600, root: new Uint8Array(32) }, NOTHING, [
      small.known(100),
    ]);
    expect(findings).toMatchObject([{ code: 'AUDIT_ROOT_DIFFERS' }]);
    expect(findings[0]!.en).toContain('at or after entry 100');
    expect(missed).toEqual([]);
  });

  test('a whole history that was written anew contradicts what was signed before, and later roots do not', () => {
    const other = new SampleLog([...sampleLeaves(50), ...sampleLeaves(650, 1_000)]);
    const known = [small.known(20), small.known(50), small.known(51), small.known(256), other.known(400)];
    const { codes, missed } = run(other, other.known(600), NOTHING, known);
    expect(codes).toEqual([]);
    expect(missed.map(({ size }) => size)).toEqual([51, 256]);
  });

  test('two roots for one size are both compared', () => {
    const lie = { size: 40, root: new Uint8Array(32) };
    expect(run(small, head, NOTHING, [small.known(40), lie]).missed).toEqual([lie]);
    expect(run(small, head, NOTHING, [lie, small.known(40)]).missed).toEqual([lie]);
  });

  test('a log that is false throughout gives no endless list', () => {
    const served = altered(new SampleLog(sampleLeaves(2_000)), { entry: () => Uint8Array.of(0xff) });
    const { findings, tree } = run(served, { size: 2_000, root: new Uint8Array(32) });
    expect(findings).toHaveLength(1_000);
    expect(tree.more).toBeGreaterThan(1_000);
  });
});
