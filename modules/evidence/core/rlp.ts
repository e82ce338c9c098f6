/** Recursive Length Prefix (Ethereum yellow paper, appendix B): one encoding for one value, nothing else accepted. */
import { AppError, concat } from '@zhenmei/kernel';
import './errors.ts';

export type Rlp = Uint8Array | readonly Rlp[];

const MAX_DEPTH = 16;

function fail(reason: string): never {
  throw new AppError('EVIDENCE_RLP', { reason });
}

function head(offset: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length);
  const digits: number[] = [];
  for (let n = length; n > 0; n = Math.floor(n / 256)) digits.unshift(n % 256);
  return Uint8Array.of(offset + 55 + digits.length, ...digits);
}

export function encodeRlp(item: Rlp): Uint8Array<ArrayBuffer> {
  if (item instanceof Uint8Array)
    return item.length === 1 && item[0]! < 0x80 ? item.slice() : concat(head(0x80, item.length), item);
  const body = concat(...item.map(encodeRlp));
  return concat(head(0xc0, body.length), body);
}

/** Decodes exactly one item that fills `bytes`. Throws EVIDENCE_RLP. */
export function decodeRlp(bytes: Uint8Array): Rlp {
  const { item, end } = decodeAt(bytes, 0, bytes.length, 0);
  if (end !== bytes.length) return fail('bytes left over');
  return item;
}

function decodeAt(bytes: Uint8Array, at: number, limit: number, depth: number): { item: Rlp; end: number } {
  if (depth > MAX_DEPTH) return fail('nested too deep');
  if (at >= limit) return fail('cut short');
  const first = bytes[at]!;
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const offset = first < 0xc0 ? 0x80 : 0xc0;
  const { start, length } = readLength(bytes, at, limit, first - offset);
  const end = start + length;
  if (end > limit) return fail('cut short');
  if (offset === 0x80) {
    if (length === 1 && bytes[start]! < 0x80) return fail('a small byte needs no length');
    return { item: bytes.subarray(start, end), end };
  }
  const items: Rlp[] = [];
  for (let next = start; next < end; ) {
    const inner = decodeAt(bytes, next, end, depth + 1);
    items.push(inner.item);
    next = inner.end;
  }
  return { item: items, end };
}

function readLength(
  bytes: Uint8Array,
  at: number,
  limit: number,
  size: number,
): { start: number; length: number } {
  if (size < 56) return { start: at + 1, length: size };
  const digits = size - 55;
  const start = at + 1 + digits;
  if (start > limit) return fail('cut short');
  if (digits > 4) return fail('length too large');
  if (bytes[at + 1] === 0) return fail('leading zero in a length');
  let length = 0;
  for (let i = at + 1; i < start; i++) length = length * 256 + bytes[i]!;
  if (length < 56) return fail('long form of a short length');
  return { start, length };
}

export function isRlpList(item: Rlp | undefined): item is readonly Rlp[] {
  return Array.isArray(item);
}
