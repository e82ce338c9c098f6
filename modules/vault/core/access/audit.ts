/** The patient's device checks its own access log: no gap, no change, nothing left out at the end. */
import { AppError, fromHex } from '@zhenmei/kernel';
import { type AccessEntry, accessHead, readEntry } from './entry.ts';
import './errors.ts';

/** How far this device has checked; kept in the vault. */
export interface AuditMark {
  readonly seq: number;
  readonly head: string;
}

export const BEGINNING: AuditMark = { seq: 0, head: '' };

/** An entry as the server gives it. */
export interface GivenEntry {
  readonly text: string;
  /** In hex. */
  readonly salt: string;
}

export interface CheckedEntry {
  readonly entry: AccessEntry;
  readonly head: string;
  readonly salt: Uint8Array<ArrayBuffer>;
}

/** Entries behind the mark, each following the one before. Throws ACCESS_LOG_BROKEN with the place. */
export function checkEntries(
  mark: AuditMark,
  given: readonly GivenEntry[],
): { entries: CheckedEntry[]; mark: AuditMark } {
  let { seq, head } = mark;
  const entries: CheckedEntry[] = [];
  for (const { text, salt: hex } of given) {
    const entry = readEntry(text, seq + 1);
    if (entry.seq !== seq + 1) throw new AppError('ACCESS_LOG_BROKEN', { seq: seq + 1, reason: 'gap' });
    if (entry.previous !== head)
      throw new AppError('ACCESS_LOG_BROKEN', { seq: entry.seq, reason: 'previous' });
    const salt = fromHex(hex);
    if (salt.length < 16) throw new AppError('ACCESS_LOG_BROKEN', { seq: entry.seq, reason: 'salt' });
    seq = entry.seq;
    head = accessHead(salt, entry);
    entries.push({ entry, head, salt });
  }
  return { entries, mark: { seq, head } };
}
