/** A log against what it signed before, and against what the ledger keeps of it. */
import { AppError, equalBytes, toHex } from '@zhenmei/kernel';
import { type Finding, finding } from './audit-findings.ts';
import type { KnownRoot } from './audit-tree.ts';
import type { SignedCheckpoint } from './log-proof.ts';
import { consistencyProof, type ReadNode } from './tree.ts';
import { verifyConsistency } from './verify.ts';

/** Checkpoints that cannot both be of one log, as far as their sizes tell. The rest needs the tree. */
export function againstSeen(head: SignedCheckpoint, seen: readonly SignedCheckpoint[]): Finding[] {
  return seen.flatMap((one) => {
    if (one.size > head.size) return [finding('AUDIT_ROLLED_BACK', { size: head.size, seen: one.size })];
    return one.size === head.size && !equalBytes(one.root, head.root) ? [forked(head, one)] : [];
  });
}

export const forked = (head: SignedCheckpoint, one: SignedCheckpoint): Finding =>
  finding('AUDIT_FORKED', { size: one.size, other: head.size }, [one.note, head.note]);

/** Does the tree of `head` only append to that of `known`? @param read nodes of the tree of `head`, from tiles that nobody vouches for */
export function appends(known: KnownRoot, head: KnownRoot, read: ReadNode): boolean {
  try {
    const path = consistencyProof(known.size, head.size, read);
    verifyConsistency(known.size, head.size, known.root, head.root, path);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** What the ledger said of a log, oldest first. */
export interface Anchored extends KnownRoot {
  readonly block: number;
}

/** Sizes only grow, and a size has one root. @param last the newest anchor seen before */
export function auditAnchors(anchors: readonly Anchored[], last: Anchored | null, shown: number): Finding[] {
  const findings: Finding[] = [];
  let newest = last;
  for (const anchor of anchors) {
    if (newest && anchor.size < newest.size)
      findings.push(finding('AUDIT_ANCHOR_SHRANK', { from: newest.size, to: anchor.size }));
    else if (newest?.size === anchor.size && toHex(newest.root) !== toHex(anchor.root))
      findings.push(finding('AUDIT_ANCHOR_TWICE', { size: anchor.size }));
    if (!newest || anchor.size >= newest.size) newest = anchor;
  }
  if (newest && newest.size > shown)
    findings.push(finding('AUDIT_ANCHOR_AHEAD', { size: newest.size, shown }));
  return findings;
}
