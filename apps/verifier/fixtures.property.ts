/** Signed logs of any size for tests and benches: one leaf with a path of its own, as a log of that size would give it. */
import { concat, fromBase64, type Hex, sha256, toBase64, utf8 } from '@zhenmei/kernel';
import { type UseStatement, useLeaf } from '@zhenmei/provenance/core/use-leaf.ts';
import { checkpointText } from '@zhenmei/tlog/core/checkpoint.ts';
import { leafHash } from '@zhenmei/tlog/core/hash.ts';
import { formatVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { type LogProof, toLogProof } from '@zhenmei/tlog/core/log-proof.ts';
import { ed25519Signer, signNote } from '@zhenmei/tlog/core/note.ts';
import { rootFromInclusion } from '@zhenmei/tlog/core/verify.ts';

export const ORIGIN = 'zhenmei.example/log';
const signer = ed25519Signer(ORIGIN, new Uint8Array(32).fill(5));
export const LOGS = [{ origin: ORIGIN, keys: [formatVerifierKey(signer.key)] }];

export const USE: UseStatement = {
  unit: 'https://id.gs1.org/01/09521234100014/21/K7QXR4T2ZP9',
  gln: '9521234000047',
  at: Date.UTC(2026, 10, 25, 6, 2, 11, 512),
  offsetMinutes: 480,
  whole: true,
  amount: 1_000,
  amountUnit: 'uL',
  commitment: `0x${'5a'.repeat(32)}` as Hex,
};

/** Steps from the leaf at `index` to the root of a tree of `size`. */
function depth(index: number, size: number): number {
  let [at, last, steps] = [index, size - 1, 0];
  while (last > 0) {
    if (at % 2 === 1 || at < last) steps++;
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return steps;
}

export async function proofIn(size: number, index: number, leaf = useLeaf(USE)): Promise<LogProof> {
  const path = Array.from({ length: depth(index, size) }, (_, i) =>
    sha256(concat(utf8('node'), Uint8Array.of(i))),
  );
  const root = rootFromInclusion(index, size, leafHash(leaf), path);
  const note = await signNote(checkpointText({ origin: ORIGIN, size, root }), signer);
  return toLogProof(ORIGIN, index, leaf, path, note);
}

/** A checkpoint that a witness signed too: only the log's own signature goes into the code. */
export const withStranger = (proof: LogProof): LogProof => ({
  ...proof,
  checkpoint: `${proof.checkpoint}— witness.example ${toBase64(concat(Uint8Array.of(1, 2, 3, 4), fromBase64(toBase64(new Uint8Array(72)))))}\n`,
});
