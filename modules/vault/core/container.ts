/**
 * ZMV1, the container of one encrypted object: a header, then chunks of AES-256-GCM in the STREAM construction.
 * The nonce of a chunk is its number (11 bytes, big-endian) and whether it is the last one (1 byte); the header is bound
 * to each. One key encrypts one container, so no nonce comes twice; a chunk that is cut off, moved or added is noticed,
 * and any range can be read without the rest.
 */
import { AppError, concat, equalBytes, sha256, utf8 } from '@zhenmei/kernel';
import './errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a container must say of itself. */
export interface ContainerName {
  /** Name of the object at the server. */
  readonly object: string;
  /** Counted from 1. */
  readonly version: number;
}

/** Reads bytes `from` (included) to `to` (excluded) of a container, e.g. by an HTTP range. */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>;

const MAGIC = utf8('ZMV1');
const SUITE = 1;
const CHUNK_LOG2 = 16;
const CHUNK = 1 << CHUNK_LOG2;
const TAG = 16;
const HEADER = 26;
/** So many chunks are encrypted at a time. */
const AT_ONCE = 16;

/** magic (4) ‖ suite (1) ‖ log2 of the chunk size (1) ‖ SHA-256 of the object's name, first 16 bytes ‖ version (4) */
function headerOf(name: ContainerName): Bytes {
  if (!Number.isInteger(name.version) || name.version < 1 || name.version > 0xffffffff)
    throw new AppError('KEY_INDEX_WRONG');
  const tail = new Uint8Array(4);
  new DataView(tail.buffer).setUint32(0, name.version);
  return concat(MAGIC, new Uint8Array([SUITE, CHUNK_LOG2]), sha256(utf8(name.object)).subarray(0, 16), tail);
}

const chunksIn = (length: number) => Math.max(1, Math.ceil(length / CHUNK));

/** Bytes of a container that holds `length` bytes. */
export function containerSize(length: number): number {
  return HEADER + length + chunksIn(length) * TAG;
}

/** Bytes that a container of `size` bytes holds. Throws VAULT_DAMAGED if no container has this size. */
export function contentSize(size: number): number {
  const chunks = Math.max(1, Math.ceil((size - HEADER) / (CHUNK + TAG)));
  const length = size - HEADER - chunks * TAG;
  if (!Number.isSafeInteger(size) || length < 0 || containerSize(length) !== size)
    throw new AppError('VAULT_DAMAGED');
  return length;
}

function nonceOf(index: number, last: boolean): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

const importKey = (key: Bytes, way: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, [way]);

async function inBatches(from: number, to: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let first = from; first < to; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, to - first);
    await Promise.all(Array.from({ length: count }, (_, i) => work(first + i)));
  }
}

/** @param key 32 fresh random bytes, used for this container only */
export async function sealContainer(key: Bytes, name: ContainerName, content: Bytes): Promise<Bytes> {
  const header = headerOf(name);
  const out = new Uint8Array(containerSize(content.length));
  out.set(header);
  const imported = await importKey(key, 'encrypt');
  const chunks = chunksIn(content.length);
  await inBatches(0, chunks, async (index) => {
    const algorithm = { name: 'AES-GCM', iv: nonceOf(index, index === chunks - 1), additionalData: header };
    const chunk = content.subarray(index * CHUNK, (index + 1) * CHUNK);
    out.set(
      new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, chunk)),
      HEADER + index * (CHUNK + TAG),
    );
  });
  return out;
}

/** Throws VAULT_DAMAGED if a byte was changed, moved, cut off or added, or if it is another object or version. */
export async function openContainer(key: Bytes, name: ContainerName, container: Uint8Array): Promise<Bytes> {
  return openRange(
    key,
    name,
    container.length,
    async (from, to) => container.subarray(from, to),
    0,
    contentSize(container.length),
  );
}

/**
 * Reads a part of the content. The last chunk is always checked too: it alone shows that nothing was cut off.
 * @param size bytes of the whole container
 * @param from first byte of the content @param to end of the range, excluded
 * Throws OBJECT_RANGE, VAULT_DAMAGED.
 */
export async function openRange(
  key: Bytes,
  name: ContainerName,
  size: number,
  read: ReadBytes,
  from: number,
  to: number,
): Promise<Bytes> {
  const length = contentSize(size);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > length)
    throw new AppError('OBJECT_RANGE');
  const header = headerOf(name);
  if (!equalBytes(await read(0, HEADER), header)) throw new AppError('VAULT_DAMAGED');
  const imported = await importKey(key, 'decrypt');
  const chunks = chunksIn(length);
  const open = async (index: number): Promise<Uint8Array> => {
    const start = HEADER + index * (CHUNK + TAG);
    const bytes = await read(start, Math.min(start + CHUNK + TAG, size));
    const algorithm = { name: 'AES-GCM', iv: nonceOf(index, index === chunks - 1), additionalData: header };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, bytes as Bytes));
    } catch (cause) {
      throw new AppError('VAULT_DAMAGED', {}, { cause });
    }
  };
  const out = new Uint8Array(to - from);
  const end = to === from ? 0 : Math.ceil(to / CHUNK);
  const first = to === from ? 0 : Math.floor(from / CHUNK);
  await inBatches(first, end, async (index) => {
    const at = index * CHUNK - from;
    const chunk = await open(index);
    const part = chunk.subarray(Math.max(0, -at), to - index * CHUNK);
    out.set(part, Math.max(0, at));
  });
  if (end < chunks) await open(chunks - 1);
  return out;
}
