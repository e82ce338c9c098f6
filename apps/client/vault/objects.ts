/** Encrypted objects between a device and the server: small ones in one call, large ones in pieces that can be resumed. */
import { AppError, sha256, toBase64Url, toHex } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { openContainer, openRange, sealContainer } from '@zhenmei/vault/core/container.ts';
import { ApiError } from '../api.ts';
import type { Bytes, VaultIo } from './io.ts';

export interface Stored {
  readonly object: string;
  readonly version: number;
  readonly label: string;
  readonly wrappedKey: Bytes;
}

/** Uploads a container; whoever was interrupted calls it again with the same bytes. @param sent called after each piece */
export async function upload(
  { api }: VaultIo,
  { object, version, label, wrappedKey }: Stored,
  container: Bytes,
  sent: (done: number, of: number) => void = () => undefined,
): Promise<void> {
  const request = {
    name: object,
    revision: version,
    compartment: label,
    wrappedKey: toBase64Url(wrappedKey),
    size: container.length,
    digest: toHex(sha256(container)),
  };
  const { id, piece, missing } = await api.call(vaultApi.startUpload, { body: request });
  const count = Math.ceil(container.length / piece);
  sent(count - missing.length, count);
  for (const [i, n] of missing.entries()) {
    const body = container.subarray(n * piece, (n + 1) * piece);
    await api.call(vaultApi.putPiece, { params: { id, n }, body });
    sent(count - missing.length + i + 1, count);
  }
  await api.call(vaultApi.completeUpload, { params: { id } });
}

export async function encryptAndUpload(
  io: VaultIo,
  key: Bytes,
  stored: Stored,
  content: Bytes,
  sent?: (done: number, of: number) => void,
): Promise<{ stored: number }> {
  const container = await sealContainer(key, stored, content);
  await upload(io, stored, container, sent);
  return { stored: container.length };
}

type Name = Pick<Stored, 'object' | 'version'>;

/** Throws VAULT_DAMAGED. */
export async function download({ api }: VaultIo, key: Bytes, name: Name): Promise<Bytes> {
  const { bytes } = await api.call(vaultApi.readBytes, { params: { name: name.object } });
  return openContainer(key, name, bytes);
}

/** Part of the content, without loading the rest. @param size bytes of the container. Throws OBJECT_RANGE, VAULT_DAMAGED. */
export async function downloadRange(
  { api }: VaultIo,
  key: Bytes,
  name: Name,
  size: number,
  from: number,
  to: number,
): Promise<Bytes> {
  const read = async (start: number, end: number) => {
    const range = { from: start, to: end };
    return (await api.call(vaultApi.readBytes, { params: { name: name.object }, range })).bytes;
  };
  return openRange(key, name, size, read, from, to);
}

/** The answer, or null if the server says that there is none. */
export async function orNull<T>(work: Promise<T>, code: string): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error instanceof ApiError || error instanceof AppError) && error.code === code) return null;
    throw error;
  }
}
