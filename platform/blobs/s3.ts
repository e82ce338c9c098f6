/** Objects in any S3: AWS, MinIO, Ceph, OSS in its S3 mode. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { AppError } from '@zhenmei/kernel';
import { assertIntact, assertKey, type BlobStore, DEFAULT_LIMIT, isKey, keyOf, limited } from './store.ts';

export interface S3Options {
  readonly bucket: string;
  /** In front of every key, e.g. `blobs/`. */
  readonly prefix?: string;
  /** Without it, AWS. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Without them, as the AWS tools find them (environment, profile, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Largest object in bytes; 64 MB by default. It passes through memory. */
  readonly limit?: number;
}

export async function s3Store(options: S3Options): Promise<BlobStore> {
  const { bucket: Bucket, prefix = '', limit = DEFAULT_LIMIT } = options;
  const client = new S3Client({
    region: options.region ?? 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 4,
    // Extra checksums are unknown to many S3 look-alikes; ours is the key itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
    ...(options.credentials ? { credentials: options.credentials } : {}),
  });
  const nameOf = (key: string): string => {
    assertKey(key);
    return `${prefix}${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;
  };
  const exists = async (Key: string): Promise<boolean> => {
    try {
      await client.send(new HeadObjectCommand({ Bucket, Key }));
      return true;
    } catch (e) {
      if (isMissing(e)) return false;
      throw unavailable(e);
    }
  };

  return {
    async put(source) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of limited(source, limit)) chunks.push(chunk);
      const Body = Buffer.concat(chunks);
      const key = keyOf(Body);
      const Key = nameOf(key);
      if (!(await exists(Key)))
        await client
          .send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/octet-stream' }))
          .catch((e: unknown) => {
            throw unavailable(e);
          });
      return key;
    },
    async get(key) {
      const Key = nameOf(key);
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const bytes = await Body!.transformToByteArray();
        assertIntact(key, bytes);
        return bytes;
      } catch (e) {
        if (e instanceof AppError) throw e;
        throw isMissing(e) ? new AppError('BLOB_UNKNOWN') : unavailable(e);
      }
    },
    async read(key, from, to) {
      const Key = nameOf(key);
      if (from >= to) return new Uint8Array(0);
      try {
        const Range = `bytes=${from}-${to - 1}`;
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
        return await Body!.transformToByteArray();
      } catch (e) {
        throw isMissing(e) ? new AppError('BLOB_UNKNOWN') : unavailable(e);
      }
    },
    has: async (key) => exists(nameOf(key)),
    async delete(key) {
      const Key = nameOf(key);
      await client.send(new DeleteObjectCommand({ Bucket, Key })).catch((e: unknown) => {
        throw unavailable(e);
      });
    },
    async *list() {
      let ContinuationToken: string | undefined;
      do {
        const page = await client
          .send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken }))
          .catch((e: unknown) => {
            throw unavailable(e);
          });
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
          const key = Key.slice(Key.lastIndexOf('/') + 1);
          if (isKey(key)) yield { key, size: Size, storedAt: LastModified?.getTime() ?? 0 };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    close: async () => client.destroy(),
  };
}

function isMissing(e: unknown): boolean {
  const { name } = e as S3ServiceException;
  return name === 'NoSuchKey' || name === 'NotFound';
}

function unavailable(e: unknown): AppError {
  const { name, message, code } = e as S3ServiceException & { code?: string };
  return new AppError('BLOB_STORE_UNAVAILABLE', { reason: code ?? name ?? message }, { cause: e });
}
