import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import type { Hex } from '@zhenmei/kernel';

/** What each part's proof is given: the whole receipt (for cross-checks) and the trust file. */
export interface PartContext {
  readonly receipt: Receipt;
  readonly trust: TrustFile;
  readonly now: number;
  /** Hashes of blocks by number, as a node of the verifier's own choice told them; null = the witnesses decide. */
  readonly blocks: ReadonlyMap<number, Hex> | null;
  /** Index of the seal's leaf. */
  readonly sealIndex: number;
}
