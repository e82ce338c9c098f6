/** Reads chain evidence for a proof and insists that somebody vouches for it. */
import { type VerifiedEvidence, verifyChainEvidence } from '@zhenmei/evidence/core/chain-evidence.ts';
import { decodeHeader } from '@zhenmei/evidence/core/header.ts';
import { AppError, fromHex, type Hex, type Json } from '@zhenmei/kernel';
import type { PartContext } from './context.ts';
import { CannotJudge, type ProofResult } from './result.ts';

export interface ProvenState extends Omit<VerifiedEvidence, 'grade'> {
  readonly grade: NonNullable<ProofResult['grade']>;
  /** A slot of a contract by its name in the trust file; zero if nothing is stored. */
  word(contract: string, slot: Hex): bigint;
  /** The same, or undefined if the evidence says nothing of this slot. */
  find(contract: string, slot: Hex): bigint | undefined;
}

/**
 * With a node of the verifier's own choice its word counts, else that of the witnesses.
 * Throws CannotJudge(CHAIN_NOT_VOUCHED), CHAIN_STATE_DIFFERS, or the codes of `verifyChainEvidence`.
 */
export function provenState(
  evidence: unknown,
  { trust, blocks }: Pick<PartContext, 'trust' | 'blocks'>,
): ProvenState {
  const verified = verifyChainEvidence(evidence, trust);
  if (!blocks && verified.grade === 'none') throw new CannotJudge('CHAIN_NOT_VOUCHED');
  if (blocks) {
    const known = blocks.get(verified.block.number);
    if (!known) throw new CannotJudge('CHAIN_NOT_VOUCHED');
    if (known !== verified.block.hash)
      throw new AppError('CHAIN_STATE_DIFFERS', { what: `#${verified.block.number}` });
  }
  const word = (contract: string, slot: Hex): bigint => {
    const known = trust.chain.contracts[contract];
    if (!known) throw new AppError('CHAIN_STATE_DIFFERS', { what: contract });
    const value = verified.read(known.address, slot);
    return value === 'absent' ? 0n : BigInt(value);
  };
  return {
    ...verified,
    grade: blocks ? 'own-node' : verified.grade,
    word,
    find(contract, slot) {
      try {
        return word(contract, slot);
      } catch (error) {
        if (error instanceof AppError) return undefined;
        throw error;
      }
    },
  };
}

/** Numbers of the blocks that a receipt's evidence speaks of, for asking a node about them. */
export function blocksOf(receipt: Json): number[] {
  const found = new Set<number>();
  const visit = (value: Json, name: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, name);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, key);
    else if (name === 'header' && typeof value === 'string' && /^0x(?:[0-9a-f]{2})+$/.test(value))
      found.add(numberOf(value as Hex));
  };
  visit(receipt, '');
  found.delete(-1);
  return [...found].sort((a, b) => a - b);
}

/** -1 for what is no header: the verification will say so. */
function numberOf(header: Hex): number {
  try {
    return decodeHeader(fromHex(header)).number;
  } catch {
    return -1;
  }
}
