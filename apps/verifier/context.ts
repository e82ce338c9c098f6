import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';

/** What each part's proof is given: the whole receipt (for cross-checks) and the trust file. */
export interface PartContext {
  readonly receipt: Receipt;
  readonly trust: TrustFile;
  readonly now: number;
  /** Index of the seal's leaf. */
  readonly sealIndex: number;
}
