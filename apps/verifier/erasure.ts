/**
 * A certificate of erasure, offline: the signature of a log that the trust file names, over what was destroyed and what is
 * kept. It proves that the operator of that log said so then; that it did so, the vault's own tests and auditors show.
 */
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError } from '@zhenmei/kernel';
import { parseVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { openNote, splitNote } from '@zhenmei/tlog/core/note.ts';
import { type ErasureCertificate, readCertificate } from '@zhenmei/vault/core/erasure/certificate.ts';
import { type ProofResult, prove, result } from './result.ts';

export interface ErasureVerification {
  readonly proof: ProofResult;
  /** What it says, if it holds. */
  readonly certificate: ErasureCertificate | null;
  /** 0 proven, 1 false, 2 cannot be judged. */
  readonly exit: 0 | 1 | 2;
}

/** Whether a text looks like one; for whoever sorts files by their content. */
export const isErasureCertificate = (text: string): boolean =>
  /^[^\n]{1,200}\/erasure\n\{/.test(text) && text.includes('"zhenmei/erasure-certificate/1"');

export async function verifyErasure(
  text: string,
  trust: Pick<TrustFile, 'logs'>,
): Promise<ErasureVerification> {
  let certificate: ErasureCertificate | null = null;
  const proof = await prove(async () => {
    const { log } = readCertificate(splitNote(text).text);
    const known = trust.logs.find(({ origin }) => origin === log);
    if (!known) throw new AppError('LOG_NOT_TRUSTED', { origin: log.slice(0, 80) });
    const keys = known.keys.map(parseVerifierKey).filter(({ type, name }) => type === 1 && name === log);
    const found = readCertificate(openNote(text, keys).text).certificate;
    certificate = found;
    return result('proven', 'ERASURE_PROVEN', { facts: { id: found.id, doneAt: found.doneAt } });
  });
  const exit = proof.verdict === 'proven' ? 0 : proof.verdict === 'false' ? 1 : 2;
  return { proof, certificate: exit === 0 ? certificate : null, exit };
}
