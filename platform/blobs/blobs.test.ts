/** One suite for every store. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@zhenmei/kernel';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeFailure } from './folder.ts';
import { type BlobStore, folderStore, keyOf, openBlobStore, type StoredBlob } from './index.ts';
import { s3Store } from './s3.ts';

const base = mkdtempSync(join(tmpdir(), 'blobs-'));
const LIMIT = 1_000_000;
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (e: unknown) => (e instanceof AppError ? e.code : String(e)),
  );
const all = async (store: BlobStore): Promise<StoredBlob[]> => {
  const out: StoredBlob[] = [];
  for await (const blob of store.list()) out.push(blob);
  return out;
};
const text = (t: string): Uint8Array => new TextEncoder().encode(t);

let server: S3rver;
let endpoint: string;
beforeAll(async () => {
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(base, 's3'),
    configureBuckets: [{ name: 'test' }],
  });
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true });
});

const kinds = {
  folder: async () => ({
    store: await folderStore(join(base, 'folder'), { limit: LIMIT }),
    /** Files in which the bytes of an object lie. */
    placeOf: (key: string) => files(join(base, 'folder')).filter((file) => file.includes(key)),
    broken: () => folderStore(join(base, 'file-in-the-way', 'x')),
  }),
  s3: async () => ({
    store: await openBlobStore(`s3://S3RVER:S3RVER@test/deep/blobs?endpoint=${endpoint}`, LIMIT),
    placeOf: (key: string) =>
      files(join(base, 's3')).filter((file) => file.includes(key) && file.endsWith('_object')),
    broken: async () => {
      const gone = await openBlobStore('s3://a:b@test?endpoint=http://127.0.0.1:1');
      await gone.put(text('x'));
    },
  }),
};

describe.each(Object.entries(kinds))('%s store', (_, open) => {
  let store: BlobStore;
  let placeOf: (key: string) => string[];
  let broken: () => Promise<unknown>;
  beforeAll(async () => {
    writeFileSync(join(base, 'file-in-the-way'), '');
    ({ store, placeOf, broken } = await open());
  });
  afterAll(() => store.close());

  test('gives back what was put, under the SHA-256 of its bytes', async () => {
    const bytes = text('真美');
    const key = await store.put(bytes);
    expect(key).toBe(keyOf(bytes));
    expect(Buffer.from(await store.get(key)).equals(Buffer.from(bytes))).toBe(true);
    expect(await store.has(key)).toBe(true);
  });

  test('an object in pieces is the same object; the same object is stored once', async () => {
    const whole = await store.put(text('one two three'));
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ['one ', '', 'two ', 'three']) yield text(piece);
    }
    expect(await store.put(pieces())).toBe(whole);
    expect(placeOf(whole)).toHaveLength(1);
    const many = await Promise.all(Array.from({ length: 8 }, () => store.put(text('at once'))));
    expect(new Set(many).size).toBe(1);
  });

  test('a part of an object is read alone, as far as there is one', async () => {
    const key = await store.put(text('0123456789'));
    const read = async (from: number, to: number) => Buffer.from(await store.read(key, from, to)).toString();
    expect(await read(2, 5)).toBe('234');
    expect(await read(8, 99)).toBe('89');
    expect(await read(4, 4)).toBe('');
    expect(await code(store.read(keyOf(text('nowhere')), 0, 1))).toBe('BLOB_UNKNOWN');
  });

  test('the empty object and one at the limit are objects too', async () => {
    const empty = await store.put(new Uint8Array());
    expect((await store.get(empty)).length).toBe(0);
    const large = new Uint8Array(LIMIT).fill(7);
    expect((await store.get(await store.put(large))).length).toBe(LIMIT);
  });

  test('one byte more is refused and leaves nothing behind', async () => {
    const large = new Uint8Array(LIMIT + 1).fill(8);
    expect(await code(store.put(large))).toBe('BLOB_TOO_LARGE');
    expect(await store.has(keyOf(large))).toBe(false);
    expect(placeOf('drafts')).toEqual([]);
  });

  test('a source that breaks off leaves nothing behind', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield text('half');
      throw new Error('connection lost');
    }
    await expect(store.put(breaking())).rejects.toThrow('connection lost');
    expect(await store.has(keyOf(text('half')))).toBe(false);
  });

  test('what is not there is named; deleting it is no error', async () => {
    const key = keyOf(text('never'));
    expect(await code(store.get(key))).toBe('BLOB_UNKNOWN');
    expect(await store.has(key)).toBe(false);
    await store.delete(key);
    const gone = await store.put(text('soon gone'));
    await store.delete(gone);
    expect(await store.has(gone)).toBe(false);
  });

  test.each(['', '../../etc/passwd', 'A'.repeat(64), `${'0'.repeat(63)}/`])('%j is no key', async (key) => {
    for (const work of [store.get(key), store.has(key), store.delete(key)])
      expect(await code(work)).toBe('BLOB_KEY_WRONG');
  });

  test('a changed byte is noticed', async () => {
    const key = await store.put(text('honest'));
    writeFileSync(placeOf(key)[0]!, 'honesT');
    expect(await code(store.get(key))).toBe('BLOB_DAMAGED');
    await store.delete(key);
  });

  test('all objects are listed with their sizes', async () => {
    const key = await store.put(text('listed'));
    const found = (await all(store)).find((blob) => blob.key === key);
    expect(found?.size).toBe(6);
    expect(found!.storedAt).toBeGreaterThan(1_600_000_000_000);
  });

  test('a store that does not answer is named', async () => {
    expect(await code(broken())).toBe('BLOB_STORE_UNAVAILABLE');
  }, 20_000);
});

describe('the folder', () => {
  test('forgets drafts that a crash left behind, after a day', async () => {
    const folder = join(base, 'drafty');
    await folderStore(folder);
    for (const name of ['old', 'new']) writeFileSync(join(folder, 'drafts', name), 'x');
    utimesSync(join(folder, 'drafts', 'old'), new Date(0), new Date(0));
    const store = await folderStore(folder);
    expect(readdirSync(join(folder, 'drafts'))).toEqual(['new']);
    expect(await all(store)).toEqual([]);
  });

  test('a full disk and a broken one are named', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG'])
      expect(storeFailure(Object.assign(new Error(), { code })).code).toBe('BLOB_STORE_FULL');
    expect(storeFailure(Object.assign(new Error(), { code: 'EIO' })).code).toBe('BLOB_STORE_UNAVAILABLE');
  });

  test('files are for their owner only', async () => {
    const folder = join(base, 'private');
    const store = await folderStore(folder);
    const key = await store.put(text('mine'));
    const [file] = files(folder);
    expect(readFileSync(file!, 'utf8')).toBe('mine');
    expect(statSync(file!).mode & 0o077).toBe(0);
    await store.delete(key);
  });
});

describe('addresses', () => {
  test.each(['', 'file:', 'http://x', 's3://', 's3:bucket', 'file://%zz'])(
    '%j is refused',
    async (address) => {
      expect(await code(openBlobStore(address))).toBe('BLOB_URL_WRONG');
    },
  );

  test('a folder address may be relative, absolute or a URL', async () => {
    for (const address of [`file:${join(base, 'a')}`, `file://${join(base, 'a')}`]) {
      const store = await openBlobStore(address);
      await store.put(text('same'));
    }
    expect(files(join(base, 'a'))).toHaveLength(1);
  });

  test('an S3 that refuses the login is named', async () => {
    const store = await s3Store({
      bucket: 'test',
      endpoint,
      credentials: { accessKeyId: 'nobody', secretAccessKey: 'wrong' },
    });
    expect(await code(store.put(text('x')))).toBe('BLOB_STORE_UNAVAILABLE');
  });
});
