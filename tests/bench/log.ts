/**
 * How fast the log and the evidence are, beside the plainest thing that could do the same work.
 * `node tests/bench/log.ts` prints the rows.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseTrustFile, verifyChainEvidence } from '@zhenmei/evidence';
import {
  checkpointText,
  ed25519Signer,
  formatVerifierKey,
  inclusionProof,
  leafHash,
  MerkleTree,
  nodeHash,
  signNote,
  TileBuilder,
  toLogProof,
  verifyInclusion,
  verifyLogProof,
} from '@zhenmei/tlog';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the bare work costs on the same machine without our code. */
  readonly floor?: { readonly name: string; readonly value: number };
}

const round = (value: number) => Number(value.toPrecision(3));

/** Milliseconds of the fastest of `runs`: the least disturbed by other processes. */
function fastest(runs: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => new TextEncoder().encode(`\u0001{"n":${i}}`));
}

/** The floor: the same hashes with node:crypto, level by level, no proofs, no tiles. */
function plainTree(leaves: readonly Uint8Array[]): Uint8Array {
  let row: Uint8Array[] = leaves.map((leaf) => createHash('sha256').update('\0').update(leaf).digest());
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i + 1 < row.length; i += 2)
      next.push(
        createHash('sha256')
          .update('\u0001')
          .update(row[i]!)
          .update(row[i + 1]!)
          .digest(),
      );
    if (row.length % 2 === 1) next.push(row.at(-1)!);
    row = next;
  }
  return row[0]!;
}

export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const count of [1_000, 10_000, 100_000]) {
    const leaves = leavesOf(count);
    const ours = fastest(3, () => {
      const tree = new MerkleTree();
      for (const leaf of leaves) tree.append(leafHash(leaf));
      tree.root();
    });
    const floor = fastest(3, () => plainTree(leaves));
    rows.push({
      name: `tree of ${count} leaves`,
      value: round((count / ours) * 1000),
      unit: 'leaves/s',
      floor: { name: 'node:crypto, plain', value: round((count / floor) * 1000) },
    });
  }
  const count = 100_000;
  const leaves = leavesOf(count);
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  const hashes = leaves.map(leafHash);
  const tiles = fastest(1, () => {
    const builder = new TileBuilder();
    let full = 0;
    for (const hash of hashes) builder.append(hash, () => full++);
    builder.root();
  });
  rows.push({ name: `tiles of ${count} leaf hashes`, value: round(tiles), unit: 'ms' });

  const picks = Array.from({ length: 10_000 }, (_, i) => (i * 7_919) % count);
  const extracting = fastest(3, () => {
    for (const index of picks) inclusionProof(index, count, tree.node);
  });
  rows.push({
    name: `inclusion proofs of ${count} leaves`,
    value: round((picks.length / extracting) * 1000),
    unit: 'proofs/s',
  });

  const few = picks
    .slice(0, 1_000)
    .map((index) => ({ index, path: inclusionProof(index, count, tree.node) }));
  const root = tree.root();
  const checking = fastest(3, () => {
    for (const { index, path } of few) verifyInclusion(index, count, hashes[index]!, path, root);
  });
  const pathHash = fastest(3, () => {
    for (let i = 0; i < 1_000; i++) for (let level = 0; level < 17; level++) nodeHash(root, root);
  });
  const each = (ms: number) => round((ms / 1_000) * 1_000);
  rows.push({
    name: 'check of one path of 17 hashes',
    value: each(checking),
    unit: 'µs',
    floor: { name: '17 bare hashes', value: each(pathHash) },
  });

  const origin = 'zhenmei.bench/log';
  const signer = ed25519Signer(origin, hashes[0]!);
  const note = await signNote(checkpointText({ origin, size: count, root }), signer);
  const proof = toLogProof(origin, 77_777, leaves[77_777]!, inclusionProof(77_777, count, tree.node), note);
  const trust = { origin, keys: [formatVerifierKey(signer.key)] };
  const whole = fastest(20, () => verifyLogProof(proof, trust));
  rows.push({ name: 'check of one log proof with its signature', value: round(whole), unit: 'ms' });

  const golden = JSON.parse(
    readFileSync(new URL('../../modules/evidence/core/fixtures/store.json', import.meta.url), 'utf8'),
  ) as {
    trust: unknown;
    evidence: { accounts: { address: string; storage: unknown[] }[] };
  };
  const believed = parseTrustFile(JSON.stringify(golden.trust));
  const account = golden.evidence.accounts.at(-1)!;
  const one = { ...golden.evidence, accounts: [{ ...account, storage: account.storage.slice(0, 1) }] };
  const slots = golden.evidence.accounts.reduce((n, { storage }) => n + storage.length, 0);
  rows.push({
    name: 'check of chain evidence, one slot, one witness',
    value: round(fastest(20, () => verifyChainEvidence(one, believed))),
    unit: 'ms',
  });
  const all = fastest(10, () => verifyChainEvidence(golden.evidence, believed));
  rows.push({
    name: `check of chain evidence, ${slots} slots of ${golden.evidence.accounts.length} contracts`,
    value: round(all),
    unit: 'ms',
  });
  return rows;
}

if (import.meta.main)
  console.table(
    (await run()).map(({ floor, ...row }) => ({ ...row, floor: floor && `${floor.value} (${floor.name})` })),
  );
