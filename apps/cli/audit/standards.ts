/** A service standard that the log names must be public, and be what the log says. */
import {
  AppError,
  canonicalJson,
  fromUtf8,
  type Json,
  sha256,
  strictJson,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { type Finding, finding } from '@zhenmei/tlog/core/audit-findings.ts';
import type { AuditedLeaf } from '@zhenmei/tlog/core/audit-leaf.ts';
import type { Source } from './http.ts';

/** Null if it is the one. Throws AUDIT_UNREACHABLE. */
export async function standardFault(
  source: Source,
  { index, key, value }: AuditedLeaf,
): Promise<Finding | null> {
  const { id, version, hash } = value as { [name: string]: Json };
  const name = [id, version].map((part) => encodeURIComponent(String(part))).join('/');
  const reply = await source.get(`api/standards/${name}`);
  const same = reply !== null && hashOf(reply.bytes) === hash;
  return same ? null : finding('AUDIT_STANDARD_DIFFERS', { index, key });
}

function hashOf(reply: Uint8Array): string | null {
  try {
    const { standard } = strictJson(fromUtf8(reply)) as { [name: string]: Json };
    return standard === undefined ? null : toHex0x(sha256(utf8(canonicalJson(standard))));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
