/** Reads chain evidence for a proof and insists that somebody vouches for it. */
import { type VerifiedEvidence, verifyChainEvidence } from '@zhenmei/evidence/core/chain-evidence.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { CannotJudge } from './result.ts';

export interface ProvenState extends VerifiedEvidence {
  /** A slot of a contract by its name in the trust file; zero if nothing is stored. */
  word(contract: string, slot: Hex): bigint;
}

/** Throws CannotJudge(CHAIN_NOT_VOUCHED) if too few witnesses signed, or the codes of `verifyChainEvidence`. */
export function provenState(evidence: unknown, trust: TrustFile): ProvenState {
  const verified = verifyChainEvidence(evidence, trust);
  if (verified.grade === 'none') throw new CannotJudge('CHAIN_NOT_VOUCHED');
  return {
    ...verified,
    word(contract, slot) {
      const known = trust.chain.contracts[contract];
      if (!known) throw new AppError('CHAIN_STATE_DIFFERS', { what: contract });
      const value = verified.read(known.address, slot);
      return value === 'absent' ? 0n : BigInt(value);
    },
  };
}
