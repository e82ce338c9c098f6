/** A sealed record judged from one file and one trust file, without network: signatures, order, commitments, log. */

import { sealLeafText } from '@zhenmei/care/core/receipt.ts';
import { assertUnchanged, SealedRecord } from '@zhenmei/care/core/sealed-record.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, fromUtf8, strictJson } from '@zhenmei/kernel';
import { verifyLogProof } from '@zhenmei/tlog/core/log-proof.ts';

export interface RecordVerdict {
  readonly record: SealedRecord;
  /** When the first version was signed: since then every version stands as it was. */
  readonly since: string;
  /** Versions that the log has not published yet; they are signed, but not yet beyond recall. */
  readonly waiting: readonly number[];
}

/** Throws RECORD_CHANGED with the version and what is not right; JSON_INVALID, BYTES_NOT_UTF8 if it is no file of ours. */
export function verifyRecord(bytes: Uint8Array, trust: Pick<TrustFile, 'logs'>): RecordVerdict {
  const parsed = SealedRecord.safeParse(JSON.parse(JSON.stringify(strictJson(fromUtf8(bytes), 40))));
  if (!parsed.success)
    throw new AppError('RECORD_CHANGED', { version: 1, what: 'form' }, { cause: parsed.error });
  const record = parsed.data;
  assertUnchanged(record);
  const waiting: number[] = [];
  for (const { statement, proof } of record.versions) {
    if (!proof) {
      waiting.push(statement.version);
      continue;
    }
    const wrong = (cause?: unknown): never => {
      throw new AppError('RECORD_CHANGED', { version: statement.version, what: 'log' }, { cause });
    };
    const log = trust.logs.find(({ origin }) => origin === proof.origin) ?? wrong();
    try {
      const { leaf } = verifyLogProof(proof, log);
      if (leaf[0] !== 0x02 || fromUtf8(leaf.subarray(1)) !== sealLeafText(statement.commitment)) wrong();
    } catch (cause) {
      wrong(cause);
    }
  }
  return { record, since: record.versions[0]!.statement.at, waiting };
}
