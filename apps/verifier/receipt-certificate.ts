/** The certificate that goes with a receipt: the record that its unit was opened for this visit. */
import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import type { LogProof } from '@zhenmei/tlog/core/log-proof.ts';
import { certificateText } from './certificate.ts';

/** Null if the receipt was given without its product. */
export function certificateOf({ parts: { product } }: Receipt): string | null {
  const used = product?.evidence.events.find(({ event }) => {
    const said = event as Record<string, unknown>;
    return said['zm:procedureCommitment'] === product.claims.eventCommitment;
  });
  return used ? certificateText(used.proof as LogProof) : null;
}
