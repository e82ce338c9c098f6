/**
 * Merkle-Patricia proofs (yellow paper, appendix D) for tries with 32-byte hashed keys, as EIP-1186 returns them:
 * the nodes from the root to the value, or to the place where the key's path ends without one.
 */
import { AppError, equalBytes, keccak256 } from '@zhenmei/kernel';
import { decodeRlp, encodeRlp, isRlpList, type Rlp } from './rlp.ts';

/** keccak256(RLP of the empty string). */
export const EMPTY_TRIE: Uint8Array = keccak256(Uint8Array.of(0x80));

function fail(reason: string): never {
  throw new AppError('EVIDENCE_TRIE', { reason });
}

function nibblesOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((b) => [b >> 4, b & 15]);
}

/** Hex-prefix path of a leaf or an extension. */
function readPath(item: Rlp): { nibbles: number[]; leaf: boolean } {
  if (!(item instanceof Uint8Array) || item.length === 0) return fail('path');
  const [flag, first, ...rest] = nibblesOf(item);
  if (flag! > 3 || (flag! % 2 === 0 && first !== 0)) return fail('path prefix');
  return { nibbles: flag! % 2 === 1 ? [first!, ...rest] : rest, leaf: flag! >= 2 };
}

/**
 * Value at `key` in the trie with `root`, or null when the proof shows that there is none.
 * Every node must be used: a proof has no bytes that mean nothing.
 * @param key the hashed key, 32 bytes. Throws EVIDENCE_TRIE, EVIDENCE_RLP.
 */
export function provenValue(
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (root.length !== 32 || key.length !== 32) return fail('root and key are 32 bytes');
  if (equalBytes(root, EMPTY_TRIE)) return proof.length === 0 ? null : fail('nodes of an empty trie');
  let used = 0;
  const hashed = (hash: Uint8Array): Rlp => {
    const node = proof[used++];
    if (!node) return fail('cut short');
    if (!equalBytes(keccak256(node), hash)) return fail('node hash');
    // A node under 32 bytes stands inside its parent; only the root is hashed whatever its size.
    if (used > 1 && node.length < 32) return fail('short node');
    return decodeRlp(node);
  };
  const follow = (child: Rlp): Rlp => {
    if (child instanceof Uint8Array) return child.length === 32 ? hashed(child) : fail('child');
    if (encodeRlp(child).length >= 32) return fail('long inline node');
    return child;
  };
  const found = walk(hashed(root), nibblesOf(key), follow);
  if (used !== proof.length) return fail('nodes left over');
  return found;
}

function walk(root: Rlp, path: readonly number[], follow: (child: Rlp) => Rlp): Uint8Array | null {
  let node = root;
  let at = 0;
  for (;;) {
    if (!isRlpList(node)) return fail('node');
    if (node.length === 17) {
      const value = node[16];
      if (!(value instanceof Uint8Array) || value.length !== 0 || at >= path.length)
        return fail('value in a branch');
      const child = node[path[at]!]!;
      at++;
      if (child instanceof Uint8Array && child.length === 0) return null;
      node = follow(child);
      continue;
    }
    if (node.length !== 2) return fail('node');
    const { nibbles, leaf } = readPath(node[0]!);
    if (
      leaf ? nibbles.length !== path.length - at : nibbles.length === 0 || nibbles.length >= path.length - at
    )
      return fail('path length');
    const matches = nibbles.every((n, i) => n === path[at + i]);
    if (leaf) {
      const value = node[1];
      if (!(value instanceof Uint8Array) || value.length === 0) return fail('leaf value');
      return matches ? value : null;
    }
    if (!matches) return null;
    at += nibbles.length;
    node = follow(node[1]!);
    if (isRlpList(node) && node.length !== 17) return fail('an extension leads to a branch');
  }
}
