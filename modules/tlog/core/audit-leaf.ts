/** What an auditor asks of one entry by itself. */
import { AppError, type Json, sha256, toHex0x } from '@zhenmei/kernel';
import { type Finding, finding } from './audit-findings.ts';
import { leafHash } from './hash.ts';
import { decodeLeaf, type LeafType } from './leaf.ts';

export interface AuditedLeaf {
  readonly index: number;
  readonly hash: Uint8Array;
  /** Null if it cannot be read. */
  readonly type: LeafType | null;
  readonly value: Json;
  /** What is to be found among the public events, for entries that are one: SHA-256 over the event's text. */
  readonly eventDigest: Uint8Array | null;
  readonly key: string;
  readonly fault: Finding | null;
}

const HASH = /^0x[0-9a-f]{64}$/;
const only = (value: { [name: string]: Json }, ...names: string[]): boolean =>
  Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));

/** What may stand in an entry of this type, so that a commitment can never carry more than its hash. */
function shapeFault(type: LeafType, value: Json): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  switch (type) {
    case 'record-commitment':
    case 'consent-commitment':
      return only(value, 'commitment') && HASH.test(String(value.commitment))
        ? null
        : 'not a bare commitment';
    case 'service-standard':
      return only(value, 'hash', 'id', 'version') && HASH.test(String(value.hash)) ? null : 'not a standard';
    case 'custody-event':
    case 'correction':
      return typeof value.type === 'string' && typeof value.eventTime === 'string' ? null : 'not an event';
    default:
      return null;
  }
}

/** Reads one entry strictly: known type, canonical JSON, the members of its type. Never throws. */
export function auditLeaf(index: number, leaf: Uint8Array): AuditedLeaf {
  const hash = leafHash(leaf);
  const unread = (reason: string, name = 'unknown'): AuditedLeaf => {
    const key = `${name}/${toHex0x(hash)}`;
    const fault = finding('AUDIT_ENTRY_MALFORMED', { index, key, reason });
    return { index, hash, type: null, value: null, eventDigest: null, key, fault };
  };
  try {
    const { type, value } = decodeLeaf(leaf);
    const reason = shapeFault(type, value);
    if (reason !== null) return unread(reason, type);
    const isEvent = type === 'custody-event' || type === 'correction';
    const eventDigest = isEvent ? sha256(leaf.subarray(1)) : null;
    const key = eventDigest ? `event/${toHex0x(eventDigest)}` : `${type}/${nameOf(value, hash)}`;
    return { index, hash, type, value, eventDigest, key, fault: null };
  } catch (error) {
    if (error instanceof AppError) return unread(error.text('en'));
    throw error;
  }
}

function nameOf(value: Json, hash: Uint8Array): string {
  const { commitment, hash: named } = value as { [name: string]: Json };
  return String(commitment ?? named ?? toHex0x(hash));
}
