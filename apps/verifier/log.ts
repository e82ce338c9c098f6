/** A log that the trust file names, by one signed checkpoint, and places of leaves in it. */
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, fromBase64 } from '@zhenmei/kernel';
import { parseCheckpoint } from '@zhenmei/tlog/core/checkpoint.ts';
import { leafHash } from '@zhenmei/tlog/core/hash.ts';
import { parseVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { openNote } from '@zhenmei/tlog/core/note.ts';
import { verifyInclusion } from '@zhenmei/tlog/core/verify.ts';

export interface ProvenLog {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Throws LOG_NOT_TRUSTED and the codes of notes and checkpoints. */
export function trustedLog(checkpoint: string, origin: string, trust: Pick<TrustFile, 'logs'>): ProvenLog {
  const log = trust.logs.find((known) => known.origin === origin);
  if (!log) throw new AppError('LOG_NOT_TRUSTED', { origin: origin.slice(0, 80) });
  const keys = log.keys.map(parseVerifierKey).filter((key) => key.type === 1);
  const { text, signedBy } = openNote(checkpoint, keys);
  const head = parseCheckpoint(text);
  if (head.origin !== origin || signedBy.some(({ key }) => key.name !== origin))
    throw new AppError('TLOG_ORIGIN_MISMATCH', { origin: head.origin.slice(0, 80) });
  return { size: head.size, root: head.root };
}

/** Throws the codes of `verifyInclusion`, or TLOG_PROOF_FORMAT. */
export function placeIn(log: ProvenLog, leaf: Uint8Array, index: number, path: readonly string[]): void {
  const nodes = path.map((node) => {
    try {
      return fromBase64(node);
    } catch (cause) {
      throw new AppError('TLOG_PROOF_FORMAT', { reason: 'path' }, { cause });
    }
  });
  verifyInclusion(index, log.size, leafHash(leaf), nodes, log.root);
}
