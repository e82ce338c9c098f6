import { AppError, fromHex, toHex } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_ROOT, leafHash, nodeHash } from './hash.ts';
import { consistencyProof, inclusionProof, MerkleTree, treeRoot } from './tree.ts';
import { rootFromInclusion, verifyConsistency, verifyInclusion } from './verify.ts';

/** The definition of RFC 6962 §2.1, word by word. */
function reference(hashes: Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(reference(hashes.slice(0, k)), reference(hashes.slice(k)));
}

function leaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(new TextEncoder().encode(`leaf ${i}`)));
}

function build(hashes: Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const hash of hashes) tree.append(hash);
  return tree;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

const all = leaves(130);
const tree = build(all);

test('published roots of the Certificate Transparency test tree', () => {
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const ct = new MerkleTree();
  expect(toHex(ct.root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  inputs.forEach((input, i) => {
    expect(ct.append(leafHash(fromHex(input)))).toBe(i);
    expect(toHex(ct.root())).toBe(roots[i]);
  });
});

test('every inclusion proof of every size up to 130 leads to the reference root, and to no neighbour', () => {
  for (let size = 1; size <= 130; size++) {
    const root = reference(all.slice(0, size));
    expect(tree.root(size)).toEqual(root);
    for (let index = 0; index < size; index++) {
      const path = inclusionProof(index, size, tree.node);
      verifyInclusion(index, size, all[index]!, path, root);
      if (size > 1)
        expect(codeOf(() => verifyInclusion(index, size, all[(index + 1) % size]!, path, root))).toBe(
          'TLOG_ROOT_MISMATCH',
        );
    }
  }
});

test('every consistency proof of sizes up to 130 holds', () => {
  const roots = Array.from({ length: 131 }, (_, size) => tree.root(size));
  for (let to = 1; to <= 130; to++)
    for (let from = 1; from <= to; from++)
      verifyConsistency(from, to, roots[from]!, roots[to]!, consistencyProof(from, to, tree.node));
});

test('random sizes up to 5000 agree with the reference', () => {
  const many = leaves(5000);
  const big = build(many);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), fc.nat(), (size, a, b) => {
      const root = reference(many.slice(0, size));
      expect(big.root(size)).toEqual(root);
      const index = a % size;
      verifyInclusion(index, size, many[index]!, inclusionProof(index, size, big.node), root);
      const from = 1 + (b % size);
      verifyConsistency(
        from,
        size,
        reference(many.slice(0, from)),
        root,
        consistencyProof(from, size, big.node),
      );
    }),
    { numRuns: 40 },
  );
});

test('sizes past 2^32 are counted exactly', () => {
  // All leaves alike: a perfect subtree is known by its height.
  const levels = [leafHash(new Uint8Array(0))];
  for (let level = 1; level < 53; level++) levels.push(nodeHash(levels[level - 1]!, levels[level - 1]!));
  const read = (level: number) => levels[level]!;
  for (const size of [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 12_345, Number.MAX_SAFE_INTEGER]) {
    const root = treeRoot(size, read);
    for (const index of [0, 1, 2 ** 31, size - 2, size - 1])
      verifyInclusion(index, size, levels[0]!, inclusionProof(index, size, read), root);
    for (const from of [1, 2 ** 31 + 1, 2 ** 32 - 1, size - 1])
      verifyConsistency(from, size, treeRoot(from, read), root, consistencyProof(from, size, read));
    expect(codeOf(() => verifyInclusion(5, size, levels[1]!, inclusionProof(5, size, read), root))).toBe(
      'TLOG_ROOT_MISMATCH',
    );
  }
});

describe('what a verifier must refuse', () => {
  const size = 100;
  const root = tree.root(size);
  const path = inclusionProof(37, size, tree.node);
  const leaf = all[37]!;

  test('no proof about an empty tree, and no size that cannot be counted', () => {
    for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
      expect(codeOf(() => verifyInclusion(0, bad, leaf, [], leaf))).toBe('TLOG_SIZE_INVALID');
    expect(codeOf(() => treeRoot(-1, tree.node))).toBe('TLOG_SIZE_INVALID');
    expect(codeOf(() => inclusionProof(0, 0, tree.node))).toBe('TLOG_SIZE_INVALID');
  });

  test('an index outside the tree', () => {
    for (const bad of [size, size + 1, -1, 0.5, Number.NaN])
      expect(codeOf(() => verifyInclusion(bad, size, leaf, path, root))).toBe('TLOG_INDEX_OUT_OF_RANGE');
    expect(codeOf(() => inclusionProof(size, size, tree.node))).toBe('TLOG_INDEX_OUT_OF_RANGE');
    expect(codeOf(() => tree.node(0, 130))).toBe('TLOG_INDEX_OUT_OF_RANGE');
  });

  test('a path that is empty, short, long or doubled', () => {
    const wrong = [[], path.slice(1), path.slice(0, -1), [...path, root], [...path, ...path]];
    for (const bad of wrong)
      expect(codeOf(() => rootFromInclusion(37, size, leaf, bad))).toBe('TLOG_PATH_LENGTH');
    expect(codeOf(() => verifyInclusion(0, 1, leaf, [leaf], leaf))).toBe('TLOG_PATH_LENGTH');
  });

  test('hashes that are not 32 bytes, the root included', () => {
    const short = new Uint8Array(31);
    const empty = new Uint8Array(0);
    expect(codeOf(() => verifyInclusion(37, size, empty, path, root))).toBe('TLOG_HASH_LENGTH');
    expect(codeOf(() => verifyInclusion(37, size, leaf, [short, ...path.slice(1)], root))).toBe(
      'TLOG_HASH_LENGTH',
    );
    expect(codeOf(() => verifyInclusion(0, 1, leaf, [], empty))).toBe('TLOG_HASH_LENGTH');
    expect(codeOf(() => new MerkleTree().append(short))).toBe('TLOG_HASH_LENGTH');
    expect(codeOf(() => verifyConsistency(1, 2, empty, root, [leaf]))).toBe('TLOG_HASH_LENGTH');
    expect(codeOf(() => verifyConsistency(1, 2, root, root, [short]))).toBe('TLOG_HASH_LENGTH');
  });

  test('any flipped bit of leaf, path or root, any swapped pair, any other index or size', () => {
    const flip = (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
    for (let at = 0; at < 32; at++) {
      expect(codeOf(() => verifyInclusion(37, size, flip(leaf, at), path, root))).toBe('TLOG_ROOT_MISMATCH');
      expect(codeOf(() => verifyInclusion(37, size, leaf, path, flip(root, at)))).toBe('TLOG_ROOT_MISMATCH');
      for (let p = 0; p < path.length; p++) {
        const bad = path.map((node, i) => (i === p ? flip(node, at) : node));
        expect(codeOf(() => verifyInclusion(37, size, leaf, bad, root))).toBe('TLOG_ROOT_MISMATCH');
      }
    }
    for (let p = 1; p < path.length; p++) {
      const bad = [...path];
      [bad[p - 1], bad[p]] = [bad[p]!, bad[p - 1]!];
      expect(codeOf(() => verifyInclusion(37, size, leaf, bad, root))).toBe('TLOG_ROOT_MISMATCH');
    }
    for (let index = 0; index < size; index++)
      if (index !== 37)
        expect(codeOf(() => verifyInclusion(index, size, leaf, path, root))).not.toBe('accepted');
  });

  test('consistency: empty trees, backward sizes, wrong lengths, wrong roots', () => {
    const proof = consistencyProof(37, size, tree.node);
    const old = tree.root(37);
    expect(codeOf(() => verifyConsistency(0, size, EMPTY_ROOT, root, []))).toBe('TLOG_SIZE_INVALID');
    expect(codeOf(() => verifyConsistency(size, 37, root, old, proof))).toBe('TLOG_INDEX_OUT_OF_RANGE');
    expect(codeOf(() => consistencyProof(3, 2, tree.node))).toBe('TLOG_INDEX_OUT_OF_RANGE');
    expect(codeOf(() => consistencyProof(0, 2, tree.node))).toBe('TLOG_SIZE_INVALID');
    for (const bad of [[], proof.slice(1), proof.slice(0, -1), [...proof, root]])
      expect(['TLOG_PATH_LENGTH', 'TLOG_ROOT_MISMATCH']).toContain(
        codeOf(() => verifyConsistency(37, size, old, root, bad)),
      );
    expect(codeOf(() => verifyConsistency(37, size, old, root, []))).toBe('TLOG_PATH_LENGTH');
    expect(codeOf(() => verifyConsistency(37, size, old, root, [...proof, root]))).toBe('TLOG_PATH_LENGTH');
    expect(codeOf(() => verifyConsistency(64, size, tree.root(64), root, []))).toBe('TLOG_PATH_LENGTH');
    expect(codeOf(() => verifyConsistency(37, 37, old, old, [old]))).toBe('TLOG_PATH_LENGTH');
    expect(codeOf(() => verifyConsistency(37, 37, old, root, []))).toBe('TLOG_ROOT_MISMATCH');
    expect(codeOf(() => verifyConsistency(37, size, tree.root(36), root, proof))).toBe('TLOG_ROOT_MISMATCH');
    expect(codeOf(() => verifyConsistency(37, size, old, tree.root(99), proof))).toBe('TLOG_ROOT_MISMATCH');
    for (let p = 0; p < proof.length; p++) {
      const bad = proof.map((node, i) => (i === p ? node.map((b, at) => (at === 5 ? b ^ 8 : b)) : node));
      expect(codeOf(() => verifyConsistency(37, size, old, root, bad))).toBe('TLOG_ROOT_MISMATCH');
    }
  });
});
