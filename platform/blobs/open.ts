/** A store from its address. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@zhenmei/kernel';
import { folderStore } from './folder.ts';
import type { BlobStore } from './store.ts';

/**
 * `file:folder` (relative or absolute, also `file:///folder`) or
 * `s3://[key:secret@]bucket[/prefix]?endpoint=https://…&region=…`. Throws BLOB_URL_WRONG, BLOB_STORE_UNAVAILABLE.
 * @param limit largest object in bytes; 64 MB by default
 */
export async function openBlobStore(address: string, limit?: number): Promise<BlobStore> {
  const more = limit === undefined ? {} : { limit };
  if (address.startsWith('file:')) return folderStore(folderOf(address), more);
  if (!address.startsWith('s3://')) throw new AppError('BLOB_URL_WRONG');
  const url = parse(address);
  const { s3Store } = await import('./s3.ts');
  const prefix = decodeURIComponent(url.pathname.replace(/^\/+|\/+$/g, ''));
  const endpoint = url.searchParams.get('endpoint');
  const region = url.searchParams.get('region');
  return s3Store({
    bucket: url.hostname,
    ...(prefix ? { prefix: `${prefix}/` } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(region ? { region } : {}),
    ...(url.username
      ? {
          credentials: {
            accessKeyId: decodeURIComponent(url.username),
            secretAccessKey: decodeURIComponent(url.password),
          },
        }
      : {}),
    ...more,
  });
}

function folderOf(address: string): string {
  const rest = address.slice('file:'.length);
  if (!rest) throw new AppError('BLOB_URL_WRONG');
  return rest.startsWith('//') ? fileURLToPath(parse(address)) : resolve(rest);
}

function parse(address: string): URL {
  try {
    const url = new URL(address);
    if (url.protocol === 's3:' && !url.hostname) throw new Error('no bucket');
    return url;
  } catch {
    // The address may hold a secret: neither it nor the cause travels further.
    throw new AppError('BLOB_URL_WRONG');
  }
}
