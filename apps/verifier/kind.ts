/** Which of our files this is, by its content: a name or an ending says nothing. */
import { RECEIPT_TYPE } from '@zhenmei/care/core/receipt.ts';
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { UNIT_PROOF_TYPE } from '@zhenmei/provenance/core/unit-proof.ts';
import { CERTIFICATE_PREFIX } from './certificate.ts';
import { isErasureCertificate } from './erasure.ts';

export type FileKind = 'receipt' | 'unit-proof' | 'certificate' | 'erasure';

/** What is none of them is taken for a receipt, whose verification says what is wrong with it. */
export function kindOf(bytes: Uint8Array): FileKind {
  try {
    const text = fromUtf8(bytes).trim();
    if (text.startsWith(CERTIFICATE_PREFIX)) return 'certificate';
    if (isErasureCertificate(text)) return 'erasure';
    const json = strictJson(text);
    const type = typeof json === 'object' && json !== null && !Array.isArray(json) ? json.type : undefined;
    return type === UNIT_PROOF_TYPE ? 'unit-proof' : 'receipt';
  } catch {
    // damaged, but perhaps still to be told apart
    return roughly(bytes);
  }
}

function roughly(bytes: Uint8Array): FileKind {
  const text = new TextDecoder().decode(bytes);
  return text.includes(UNIT_PROOF_TYPE) && !text.includes(RECEIPT_TYPE) ? 'unit-proof' : 'receipt';
}
