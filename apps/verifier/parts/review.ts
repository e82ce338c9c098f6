/** Review: one review right was created for this visit. Not whose, and not whether it was used. */

import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import { groupRootSlot } from '@zhenmei/contracts/deploy/slots.ts';
import { AppError } from '@zhenmei/kernel';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { provenState } from '../chain.ts';
import type { PartContext } from '../context.ts';
import { type ProofResult, result } from '../result.ts';

export async function proveReview(
  part: NonNullable<Receipt['parts']['review']>,
  context: PartContext,
): Promise<ProofResult> {
  const { receipt } = context;
  const { claims, evidence } = part;
  const terms = receipt.parts.money?.evidence.terms as { review?: unknown; clinic?: unknown } | undefined;
  if (terms && (terms.review !== claims.commitment || terms.clinic !== claims.group))
    throw new AppError('PART_NOT_OF_THIS_VISIT');
  const root = leanImtRoot(BigInt(claims.commitment), evidence.index, evidence.siblings.map(BigInt));
  if (root.toString() !== evidence.root) throw new AppError('REVIEW_NOT_MEMBER');
  const state = provenState(evidence.chain, context);
  if (state.word('ReviewGroups', groupRootSlot(BigInt(claims.group))) !== root)
    throw new AppError('REVIEW_NOT_MEMBER');
  return result('proven', 'REVIEW_PROVEN', { grade: state.grade, facts: { block: state.block.number } });
}

/** Root of a LeanIMT from a leaf and its path (bit i of `index`: 1 = the sibling is on the left). */
export function leanImtRoot(leaf: bigint, index: number, siblings: readonly bigint[]): bigint {
  if (index >= 2 ** siblings.length && !(siblings.length === 0 && index === 0))
    throw new AppError('REVIEW_NOT_MEMBER');
  return siblings.reduce(
    (node, sibling, i) =>
      Math.floor(index / 2 ** i) % 2 === 1 ? poseidon2([sibling, node]) : poseidon2([node, sibling]),
    leaf,
  );
}
