/** Large objects on their way: in pieces, after a break, by range, within what a vault may hold. */
import { readdirSync } from 'node:fs';
import { keyOf } from '@zhenmei/blobs';
import { toBase64Url } from '@zhenmei/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultApi } from '../api.ts';
import { PIECE } from '../app/upload.ts';
import { openRange, sealContainer } from '../core/container.ts';
import { codeOf, openRig, type Rig, random } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
beforeAll(async () => {
  rig = await openRig({ quota: { bytes: 6_000_000, objects: 4 } });
  as = rig.as;
});
afterAll(async () => {
  await rig?.close();
});

const filesKept = () =>
  readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).length;
const ask = (name: string, cipher: Uint8Array, revision = 1) => ({
  name,
  revision,
  compartment: 'label',
  wrappedKey: 'AAAA',
  size: cipher.length,
  digest: keyOf(cipher),
});
const piece = (bytes: Uint8Array, n: number) => bytes.slice(n * PIECE, (n + 1) * PIECE);
const put = (who: string, id: string, n: number, bytes: Uint8Array) =>
  as('putPiece', who, { params: { id, n: String(n) }, body: bytes });

const upload = (who: string, name: string, cipher: Uint8Array, revision = 1): Promise<string> =>
  codeOf(
    (async () => {
      const { id, missing } = await as('startUpload', who, { body: ask(name, cipher, revision) });
      for (const n of missing) await put(who, id, n, piece(cipher, n));
      await as('completeUpload', who, { params: { id } });
    })(),
  );

describe('an upload', () => {
  it('goes on after a break with the pieces that are missing, and is one file in the end', async () => {
    const cipher = random(PIECE * 2 + 17);
    const before = filesKept();
    const first = await as('startUpload', 'ann', { body: ask('big', cipher) });
    expect(first.missing).toEqual([0, 1, 2]);
    await put('ann', first.id, 2, piece(cipher, 2));
    await put('ann', first.id, 0, piece(cipher, 0));
    expect(await codeOf(as('completeUpload', 'ann', { params: { id: first.id } }))).toBe('UPLOAD_INCOMPLETE');
    // the app was closed; the same file is chosen again
    const again = await as('startUpload', 'ann', { body: ask('big', cipher) });
    expect(again).toEqual({ ...first, missing: [1] });
    expect(await as('readUpload', 'ann', { params: { id: first.id } })).toEqual(again);
    await put('ann', first.id, 1, piece(cipher, 1));
    await as('completeUpload', 'ann', { params: { id: first.id } });
    const { bytes, total } = await as('readBytes', 'ann', { params: { name: 'big' } });
    expect(Buffer.from(bytes).equals(Buffer.from(cipher))).toBe(true);
    expect(total).toBe(cipher.length);
    expect(filesKept()).toBe(before + 1);
    expect(await codeOf(as('readUpload', 'ann', { params: { id: first.id } }))).toBe('UPLOAD_UNKNOWN');
  });

  it('is refused in a wrong length, from another account, under another digest or beyond the limit', async () => {
    const cipher = random(PIECE + 5);
    const before = filesKept();
    const { id } = await as('startUpload', 'bo', { body: ask('x', cipher) });
    for (const [n, bytes] of [
      [0, piece(cipher, 1)],
      [1, piece(cipher, 0)],
      [2, new Uint8Array(1)],
      [1, new Uint8Array(0)],
    ] as const)
      expect(await codeOf(put('bo', id, n, bytes))).toBe('UPLOAD_PIECE_WRONG');
    expect(await codeOf(put('ann', id, 1, piece(cipher, 1)))).toBe('UPLOAD_UNKNOWN');
    await put('bo', id, 0, piece(random(PIECE), 0));
    await put('bo', id, 1, piece(cipher, 1));
    expect(await codeOf(as('completeUpload', 'bo', { params: { id } }))).toBe('UPLOAD_DAMAGED');
    expect(filesKept()).toBe(before);
    expect(await codeOf(as('readBytes', 'bo', { params: { name: 'x' } }))).toBe('OBJECT_UNKNOWN');
    const huge = { ...ask('y', cipher), size: 60_000_001 };
    expect(await codeOf(as('startUpload', 'bo', { body: huge }))).toBe('OBJECT_TOO_LARGE');
    for (const body of [
      { ...huge, digest: 'AB' },
      { ...huge, size: 0 },
      { ...huge, name: '../x' },
    ])
      expect(vaultApi.startUpload.body!.safeParse(body).success).toBe(false);
  });

  it('replaces a version, whose ciphertext goes away, and never a newer one', async () => {
    const [one, two, other] = [random(1_000), random(1_000), random(1_000)];
    expect(await upload('cy', 'doc', one)).toBe('none');
    const before = filesKept();
    expect(await upload('cy', 'doc', two, 2)).toBe('none');
    expect(filesKept()).toBe(before);
    expect(await rig.blobs.has(keyOf(one))).toBe(false);
    expect(await upload('cy', 'doc', other, 2)).toBe('OBJECT_CONFLICT');
    expect((await as('readBytes', 'cy', { params: { name: 'doc' } })).total).toBe(1_000);
    expect(await rig.blobs.has(keyOf(two))).toBe(true);
  });

  it('that nobody goes on with is forgotten after a week', async () => {
    const cipher = random(PIECE + 5);
    const { id } = await as('startUpload', 'dan', { body: ask('late', cipher) });
    await put('dan', id, 0, piece(cipher, 0));
    rig.clock.at += 8 * 86_400_000;
    await as('startUpload', 'dan', { body: ask('next', random(5)) });
    expect(await codeOf(as('readUpload', 'dan', { params: { id } }))).toBe('UPLOAD_UNKNOWN');
    expect(await rig.blobs.has(keyOf(piece(cipher, 0)))).toBe(false);
  });
});

describe('a range', () => {
  it('of a container is read over the wire without the rest', async () => {
    const [key, content] = [random(32), random(300_000)];
    const name = { object: 'photo', version: 1 };
    const container = await sealContainer(key, name, content);
    expect(await upload('eve', 'photo', container)).toBe('none');
    const asked: [number, number][] = [];
    const read = async (from: number, to: number) => {
      asked.push([from, to]);
      const input = { params: { name: 'photo' }, range: { from, to } };
      return (await as('readBytes', 'eve', input)).bytes;
    };
    const got = await openRange(key, name, container.length, read, 100_000, 100_500);
    expect(Buffer.from(got).equals(Buffer.from(content.subarray(100_000, 100_500)))).toBe(true);
    expect(asked.reduce((sum, [from, to]) => sum + to - from, 0)).toBeLessThan(150_000);
    const part = async (from: number, to: number | null) =>
      as('readBytes', 'eve', { params: { name: 'photo' }, range: { from, to } });
    expect((await part(container.length - 3, null)).bytes).toHaveLength(3);
    expect((await part(container.length - 3, 9_999_999)).bytes).toHaveLength(3);
    expect(await codeOf(part(container.length, null))).toBe('OBJECT_RANGE');
  });
});

describe('a vault', () => {
  it('holds so much and so many, and the same object once', async () => {
    expect(await upload('fay', 'a', random(3_000_000))).toBe('none');
    expect(await upload('fay', 'b', random(3_500_000))).toBe('QUOTA_EXCEEDED');
    expect(await upload('fay', 'a', random(5_900_000), 2)).toBe('none');
    for (const name of ['c', 'd', 'e']) expect(await upload('fay', name, random(10))).toBe('none');
    expect(await upload('fay', 'f', random(10))).toBe('QUOTA_EXCEEDED');
    expect(await upload('fay', 'e', random(20), 2)).toBe('none');
    const small = { revision: 1, cipher: toBase64Url(random(10)) };
    expect(await codeOf(as('writeObject', 'fay', { params: { name: 'g' }, body: small }))).toBe(
      'QUOTA_EXCEEDED',
    );
  });

  it('deletes what it is told to, in the version it was told about', async () => {
    const cipher = random(50);
    expect(await upload('gil', 'old', cipher)).toBe('none');
    const del = (revision: number, who = 'gil') =>
      codeOf(as('deleteObject', who, { params: { name: 'old' }, query: { revision: String(revision) } }));
    expect(await del(1, 'ann')).toBe('OBJECT_UNKNOWN');
    expect(await del(2)).toBe('OBJECT_CONFLICT');
    expect(await del(1)).toBe('none');
    expect(await del(1)).toBe('OBJECT_UNKNOWN');
    expect(await rig.blobs.has(keyOf(cipher))).toBe(false);
  });

  it('takes new wraps for a thousand keys, leaving alone what changed meanwhile', async () => {
    expect(await upload('hal', 'one', random(10))).toBe('none');
    const item = (name: string, revision: number) => ({
      name,
      revision,
      compartment: 'new',
      wrappedKey: 'BBBB',
    });
    const reply = await as('rewrapObjects', 'hal', {
      body: { items: [item('one', 1), item('one', 2), item('none', 1)] },
    });
    expect(reply.left).toEqual(['one', 'none']);
    expect((await as('listObjects', 'hal')).objects).toMatchObject([
      { name: 'one', revision: 1, compartment: 'new', wrappedKey: 'BBBB' },
    ]);
    expect((await as('rewrapObjects', 'ann', { body: { items: [item('one', 1)] } })).left).toEqual(['one']);
  });
});
