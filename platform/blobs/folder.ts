/** Objects as files: written aside, flushed, then renamed into place, so that a crash leaves whole files or none. */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import { assertIntact, assertKey, type BlobStore, DEFAULT_LIMIT, isKey, limited } from './store.ts';

const DAY = 86_400_000;

export interface FolderOptions {
  /** Largest object in bytes; 64 MB by default. */
  readonly limit?: number;
}

/** Opens (and makes) a folder of objects. Throws BLOB_STORE_UNAVAILABLE if it cannot be written. */
export async function folderStore(
  folder: string,
  { limit = DEFAULT_LIMIT }: FolderOptions = {},
): Promise<BlobStore> {
  const drafts = join(folder, 'drafts');
  await guard(mkdir(drafts, { recursive: true, mode: 0o700 }));
  await removeOldDrafts(drafts);
  const pathOf = (key: string): string => {
    assertKey(key);
    return join(folder, key.slice(0, 2), key.slice(2, 4), key);
  };

  return {
    async put(source) {
      const draft = join(drafts, randomBytes(12).toString('hex'));
      const hash = createHash('sha256');
      try {
        const file = await guard(open(draft, 'wx', 0o600));
        try {
          for await (const chunk of limited(source, limit)) {
            hash.update(chunk);
            await guard(writeAll(file, chunk));
          }
          await guard(file.sync());
        } finally {
          await file.close();
        }
        const key = hash.digest('hex');
        const path = pathOf(key);
        const parent = join(path, '..');
        await guard(mkdir(parent, { recursive: true, mode: 0o700 }));
        await guard(rename(draft, path));
        await syncFolder(parent);
        return key;
      } finally {
        await rm(draft, { force: true });
      }
    },
    async get(key) {
      const bytes = await readFile(pathOf(key)).catch((e: NodeJS.ErrnoException) => {
        throw e.code === 'ENOENT' ? new AppError('BLOB_UNKNOWN') : storeFailure(e);
      });
      assertIntact(key, bytes);
      return bytes;
    },
    async read(key, from, to) {
      const file = await open(pathOf(key), 'r').catch((e: NodeJS.ErrnoException) => {
        throw e.code === 'ENOENT' ? new AppError('BLOB_UNKNOWN') : storeFailure(e);
      });
      try {
        const bytes = new Uint8Array(to - from);
        let at = 0;
        for (let more = -1; at < bytes.length && more !== 0; at += more)
          more = (await guard(file.read(bytes, at, bytes.length - at, from + at))).bytesRead;
        return bytes.subarray(0, at);
      } finally {
        await file.close();
      }
    },
    async has(key) {
      const path = pathOf(key);
      return stat(path).then(
        () => true,
        (e: NodeJS.ErrnoException) => {
          if (e.code === 'ENOENT') return false;
          throw storeFailure(e);
        },
      );
    },
    async delete(key) {
      await guard(rm(pathOf(key), { force: true }));
    },
    async *list() {
      for await (const entry of await opendir(folder, { recursive: true })) {
        if (!entry.isFile() || !isKey(entry.name)) continue;
        const { size, mtimeMs } = await stat(join(entry.parentPath, entry.name));
        yield { key: entry.name, size, storedAt: Math.floor(mtimeMs) };
      }
    },
    close: async () => undefined,
  };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}

/** The name is durable only when its folder is; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeOldDrafts(drafts: string): Promise<void> {
  for await (const entry of await opendir(drafts)) {
    const path = join(drafts, entry.name);
    const facts = await stat(path).catch(() => null);
    if (facts && Date.now() - facts.mtimeMs > DAY) await rm(path, { force: true });
  }
}

async function guard<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (e) {
    throw storeFailure(e as NodeJS.ErrnoException);
  }
}

/** The named error of a failed file operation. */
export function storeFailure(e: NodeJS.ErrnoException): AppError {
  const code = e.code ?? e.message;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return full
    ? new AppError('BLOB_STORE_FULL', {}, { cause: e })
    : new AppError('BLOB_STORE_UNAVAILABLE', { reason: code }, { cause: e });
}
