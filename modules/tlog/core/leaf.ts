/** What a leaf may be: one byte of type, then canonical JSON (RFC 8785). */
import {
  AppError,
  canonicalJson,
  concat,
  fromUtf8,
  isCanonical,
  type Json,
  strictJson,
  utf8,
} from '@zhenmei/kernel';
import { MAX_ENTRY } from './bundle.ts';

/** The type byte is the domain separation: a leaf of one kind can never be read as another. Numbers are never reused. */
export const LEAF_TYPES = {
  'custody-event': 0x01,
  'record-commitment': 0x02,
  'consent-commitment': 0x03,
  'status-list': 0x04,
  recall: 0x05,
  correction: 0x06,
  'access-log-head': 0x07,
  review: 0x08,
  'policy-pack': 0x09,
  'service-standard': 0x0a,
} as const;

export type LeafType = keyof typeof LEAF_TYPES;

const NAMES = new Map<number, LeafType>(
  Object.entries(LEAF_TYPES).map(([name, byte]) => [byte, name as LeafType]),
);

export interface Leaf {
  readonly type: LeafType;
  /** The canonical text exactly as hashed. */
  readonly text: string;
  readonly value: Json;
}

function requireCanonical(text: string): Json {
  let value: Json;
  try {
    value = strictJson(text);
  } catch (cause) {
    throw new AppError('TLOG_LEAF_FORMAT', { reason: (cause as Error).message }, { cause });
  }
  if (canonicalJson(value) !== text)
    throw new AppError('TLOG_LEAF_FORMAT', { reason: 'not in canonical form' });
  return value;
}

/** @param type by name, or by its byte @param text canonical JSON. Throws TLOG_LEAF_TYPE_UNKNOWN, TLOG_LEAF_FORMAT, TLOG_LEAF_TOO_LARGE. */
export function encodeLeaf(type: LeafType | number, text: string): Uint8Array<ArrayBuffer> {
  const name = typeof type === 'number' ? NAMES.get(type) : type;
  const byte = name !== undefined && Object.hasOwn(LEAF_TYPES, name) ? LEAF_TYPES[name] : undefined;
  if (byte === undefined) throw new AppError('TLOG_LEAF_TYPE_UNKNOWN', { type });
  // the slower reader says what is wrong
  if (!isCanonical(text)) requireCanonical(text);
  const leaf = concat(Uint8Array.of(byte), utf8(text));
  if (leaf.length > MAX_ENTRY) throw new AppError('TLOG_LEAF_TOO_LARGE', { bytes: leaf.length });
  return leaf;
}

/** Reads a leaf back, strictly. Throws TLOG_LEAF_TYPE_UNKNOWN, TLOG_LEAF_FORMAT, BYTES_NOT_UTF8. */
export function decodeLeaf(leaf: Uint8Array): Leaf {
  const type = NAMES.get(leaf[0] ?? -1);
  if (!type) throw new AppError('TLOG_LEAF_TYPE_UNKNOWN', { type: leaf[0] ?? 'empty' });
  const text = fromUtf8(leaf.subarray(1));
  return { type, text, value: requireCanonical(text) };
}
