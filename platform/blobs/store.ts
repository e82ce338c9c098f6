/** Objects by content: the key is the SHA-256 of the bytes, so an object never changes and is stored once. */
import { createHash } from 'node:crypto';
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>;

export interface StoredBlob {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When it was stored, milliseconds since the epoch. */
  readonly storedAt: number;
}

export interface BlobStore {
  /** Stores an object; durable once resolved. @returns its key. Throws BLOB_TOO_LARGE, BLOB_STORE_FULL, BLOB_STORE_UNAVAILABLE. */
  put(source: BlobSource): Promise<string>;
  /** Throws BLOB_UNKNOWN, BLOB_DAMAGED, BLOB_KEY_WRONG, BLOB_STORE_UNAVAILABLE. */
  get(key: string): Promise<Uint8Array>;
  /** Bytes `from` (included) to `to` (excluded), not checked against the key. Throws as `get`, without BLOB_DAMAGED. */
  read(key: string, from: number, to: number): Promise<Uint8Array>;
  has(key: string): Promise<boolean>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  list(): AsyncIterable<StoredBlob>;
  close(): Promise<void>;
}

/** 64 MB. */
export const DEFAULT_LIMIT = 64 * 1024 * 1024;

const KEY = /^[0-9a-f]{64}$/;

export function isKey(text: string): boolean {
  return KEY.test(text);
}

export function assertKey(key: string): void {
  if (!isKey(key)) throw new AppError('BLOB_KEY_WRONG');
}

export function keyOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function assertIntact(key: string, bytes: Uint8Array): void {
  if (keyOf(bytes) !== key) throw new AppError('BLOB_DAMAGED', { key });
}

/** Passes the source on, chunk by chunk, and stops it when it grows beyond the limit. */
export async function* limited(source: BlobSource, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    size += chunk.length;
    if (size > limit) throw new AppError('BLOB_TOO_LARGE', { limit });
    yield chunk;
  }
}
