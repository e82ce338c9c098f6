/** The patient's device reads its access log and believes none of it unproven. */
import { AppError, canonicalJson, fromBase64, fromUtf8, MINUTE, toBase64 } from '@zhenmei/kernel';
import { tlogApi } from '@zhenmei/tlog/api.ts';
import { verifyLogProof } from '@zhenmei/tlog/core/log-proof.ts';
import { verifyConsistency } from '@zhenmei/tlog/core/verify.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { BEGINNING, type CheckedEntry, checkEntries } from '@zhenmei/vault/core/access/audit.ts';
import { type AccessEntry, accessLeaf, accessTag } from '@zhenmei/vault/core/access/entry.ts';
import type { LogMark } from '@zhenmei/vault/core/contents.ts';
import { logKeyOf } from './granting.ts';
import { knownTrust } from './trust.ts';
import type { Vault } from './vault.ts';

/** An entry that is not in the log after so long was never given to it. */
const PATIENCE = 15 * MINUTE;

export interface Audited {
  /** Oldest first. */
  readonly entries: readonly AccessEntry[];
  /** Entries of the last minutes that no checkpoint covers yet. */
  readonly waiting: number;
  /** Size of the transparency log at which it was checked; 0 before the first entry. */
  readonly size: number;
}

/**
 * Reads everything, checks order and heads of all, the proofs of what is new, that the log only grew since the last
 * time, and that nothing was left out at the end. Throws ACCESS_LOG_BROKEN with the place and the TLOG codes.
 */
export async function auditAccess(vault: Vault): Promise<Audited> {
  const given = await everything(vault);
  const { entries } = checkEntries(BEGINNING, given);
  const mark = vault.contents.log;
  if (mark && mark.seq > 0 && entries[mark.seq - 1]?.head !== mark.head)
    throw new AppError('ACCESS_LOG_BROKEN', { seq: mark.seq, reason: 'history' });
  const proven = await proveNew(vault, entries, given, mark?.seq ?? 0);
  await assertNothingAfter(vault, entries.length);
  const next = await grown(vault, mark, proven.head, entries.slice(0, proven.seq));
  if (next && canonicalJson(next) !== canonicalJson(mark))
    await vault.update((contents) => ({ ...contents, log: next }));
  return {
    entries: entries.map(({ entry }) => entry),
    waiting: entries.length - proven.seq,
    size: next?.size ?? 0,
  };
}

async function everything({ io }: Vault): Promise<Given[]> {
  const given: Given[] = [];
  for (;;) {
    const query = { after: given.length };
    const { entries, more } = await io.api.call(vaultApi.readAccess, { query });
    given.push(...entries);
    if (!more) return given;
  }
}

type Given = { text: string; salt: string; proof: Proof | null };
type Proof = { origin: string; index: number; leaf: string; path: string[]; checkpoint: string };
interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

/** @returns the last entry in unbroken order that is proven, and the largest tree seen */
async function proveNew(
  vault: Vault,
  entries: readonly CheckedEntry[],
  given: readonly { readonly proof: Proof | null }[],
  from: number,
): Promise<{ seq: number; head: Head | null }> {
  if (entries.length === 0) return { seq: 0, head: null };
  const trust = await knownTrust(vault);
  const key = logKeyOf(vault);
  let seq = from;
  let head: Head | null = null;
  for (const { entry, salt } of entries.slice(from)) {
    const { proof } = given[entry.seq - 1]!;
    if (!proof) {
      if (vault.io.now() - Date.parse(entry.at) > PATIENCE)
        throw new AppError('ACCESS_LOG_BROKEN', { seq: entry.seq, reason: 'not in the log' });
      continue;
    }
    const log = trust.logs.find(({ origin }) => origin === proof.origin);
    if (!log) throw new AppError('ACCESS_LOG_BROKEN', { seq: entry.seq, reason: 'another log' });
    const { leaf, size, root } = verifyLogProof(proof, log);
    if (leaf[0] !== 7 || fromUtf8(leaf.subarray(1)) !== accessLeaf(key, salt, entry))
      throw new AppError('ACCESS_LOG_BROKEN', { seq: entry.seq, reason: 'another leaf' });
    if (!head || size > head.size) head = { size, root };
    if (entry.seq === seq + 1) seq = entry.seq;
  }
  return { seq, head };
}

/** The tag of the next number must not be in the log. */
async function assertNothingAfter(vault: Vault, last: number): Promise<void> {
  const tag = accessTag(logKeyOf(vault), last + 1);
  const { proof } = await vault.io.api.call(vaultApi.findAccessLeaf, { params: { tag } });
  if (proof) throw new AppError('ACCESS_LOG_BROKEN', { seq: last + 1, reason: 'missing' });
}

/** The mark to keep: further only if the log that was seen before is the beginning of the one seen now. */
async function grown(
  vault: Vault,
  mark: LogMark | null,
  head: Head | null,
  entries: readonly CheckedEntry[],
): Promise<LogMark | null> {
  if (!head) return mark;
  if (mark && mark.size > 0 && head.size !== mark.size) {
    const [old, young] = [{ size: mark.size, root: fromBase64(mark.root) }, head].sort(
      (a, b) => a.size - b.size,
    ) as [Head, Head];
    const query = { from: String(old.size), to: String(young.size) } as never;
    const { path } = await vault.io.api.call(tlogApi.consistency, { query });
    verifyConsistency(old.size, young.size, old.root, young.root, path.map(fromBase64));
  } else if (mark && mark.size === head.size && mark.root !== toBase64(head.root))
    throw new AppError('ACCESS_LOG_BROKEN', { seq: mark.seq, reason: 'two histories' });
  const last = entries.at(-1);
  const largest = mark && mark.size > head.size ? mark : { size: head.size, root: toBase64(head.root) };
  return { seq: entries.length, head: last?.head ?? '', size: largest.size, root: largest.root };
}
