/** The vault's server side over a real PostgreSQL and a folder of blobs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultApi } from '../api.ts';
import { openContainer, sealContainer } from '../core/container.ts';
import { compartmentLabel, masterKey, openContentKey, wrapContentKey } from '../core/content-keys.ts';
import { agreementSealKeys, visitValue } from '../core/derive.ts';
import { readRecord, treatmentRecord } from '../core/record.ts';
import { openSealed, SEAL_RANDOM, sealTo } from '../core/seal.ts';
import { codeOf, openRig, type Rig, random } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
beforeAll(async () => {
  rig = await openRig();
  as = rig.as;
});
afterAll(async () => {
  await rig?.close();
});

describe('objects', () => {
  const master = masterKey(new Uint8Array(32).fill(5));
  const place = { compartment: 'face-photos', epoch: 1, object: 'photo-1', version: 1 } as const;

  it('go there and back, with the key that only the patient can unwrap', async () => {
    const [contentKey, photo] = [random(32), random(60_000)];
    const wrapped = await wrapContentKey(master, place, contentKey, random(12));
    const body = {
      revision: 1,
      cipher: toBase64Url(await sealContainer(contentKey, place, photo)),
      compartment: compartmentLabel(master, place.compartment),
      wrappedKey: toBase64Url(wrapped),
    };
    await as('writeObject', 'ann', { params: { name: place.object }, body });
    await as('writeObject', 'ann', { params: { name: place.object }, body });
    const back = await as('readObject', 'ann', { params: { name: place.object } });
    expect(back).toEqual(body);
    const key = await openContentKey(master, place, fromBase64Url(back.wrappedKey));
    expect(await openContainer(key, place, fromBase64Url(back.cipher))).toEqual(photo);
    const otherKey = { ...body, wrappedKey: toBase64Url(random(65)) };
    expect(await codeOf(as('writeObject', 'ann', { params: { name: place.object }, body: otherKey }))).toBe(
      'OBJECT_CONFLICT',
    );
    expect(await codeOf(as('readObject', 'bo', { params: { name: place.object } }))).toBe('OBJECT_UNKNOWN');
    expect(await codeOf(as('readObject', 'ann', { params: { name: 'photo-2' } }))).toBe('OBJECT_UNKNOWN');
  });

  it('are not overwritten by a device that did not see the last change', async () => {
    const write = (revision: number, text: string) =>
      as('writeObject', 'ann', {
        params: { name: 'list' },
        body: { revision, cipher: toBase64Url(utf8(text)) },
      });
    expect(await codeOf(write(2, 'x'))).toBe('OBJECT_CONFLICT');
    await write(1, 'a');
    await write(2, 'b');
    for (const [revision, text] of [
      [1, 'a'],
      [2, 'c'],
      [4, 'd'],
    ] as const)
      expect(await codeOf(write(revision, text))).toBe('OBJECT_CONFLICT');
    const raced = await Promise.all(['p', 'q'].map((text) => codeOf(write(3, text))));
    expect(raced.sort()).toEqual(['OBJECT_CONFLICT', 'none']);
  });

  it('are listed by compartment, page by page, for their owner only', async () => {
    for (const n of [1, 2, 3])
      await as('writeObject', 'bo', {
        params: { name: `o${n}` },
        body: { revision: 1, cipher: 'AAAA', compartment: n === 3 ? 'other' : 'label' },
      });
    const all = await as('listObjects', 'bo');
    expect(all.objects.map((o) => [o.name, o.size, o.revision])).toEqual([
      ['o1', 3, 1],
      ['o2', 3, 1],
      ['o3', 3, 1],
    ]);
    expect(all.next).toBeNull();
    const page = await as('listObjects', 'bo', { query: { limit: '2' } });
    expect([page.objects.length, page.next]).toEqual([2, 'o2']);
    expect(
      (await as('listObjects', 'bo', { query: { limit: '2', after: page.next } })).objects.map((o) => o.name),
    ).toEqual(['o3']);
    expect((await as('listObjects', 'bo', { query: { compartment: 'label' } })).objects).toHaveLength(2);
    expect((await as('listObjects', 'ann')).objects.map((o) => o.name)).toEqual(['list', 'photo-1']);
  });

  it('are refused in another writing or beyond the limit', async () => {
    const params = { name: 'x' };
    for (const cipher of ['AB', 'A', 'AAAAA'])
      expect(await codeOf(as('writeObject', 'ann', { params, body: { revision: 1, cipher } }))).toBe(
        'BYTES_NOT_BASE64URL',
      );
    const body = vaultApi.writeObject.body!;
    for (const cipher of ['AA==', 'A A', '+/+/', 'A'.repeat(10_700_000)])
      expect(body.safeParse({ revision: 1, cipher }).success).toBe(false);
    expect(body.safeParse({ revision: 1, cipher: 'A'.repeat(10_600_000) }).success).toBe(true);
    expect(body.safeParse({ revision: 0, cipher: 'AAAA' }).success).toBe(false);
    for (const name of ['', '../x', 'a b', 'x'.repeat(65)])
      expect(vaultApi.readObject.params!.safeParse({ name }).success).toBe(false);
  });
});

describe('the mailbox', () => {
  const visitSecret = random(32);
  const label = visitValue.mailbox(visitSecret);
  const root = random(32);
  const leave = (sealed: string, to = label) =>
    as('leave', 'desk:clinic', { params: { label: to }, body: { sealed } });

  it('brings a record from the clinic to the patient’s device', async () => {
    const keys = agreementSealKeys(root, 4);
    const bound = { psk: visitValue.sealSecret(visitSecret) };
    const record = treatmentRecord({
      at: '2026-11-24T08:00:00.000Z',
      procedure: { code: 'filler', name: '填充' },
      doctor: '林书宁',
      zones: [{ zone: 'chin', amount: 300 }],
      amountUnit: 'uL',
      product: { gtin: '09521234100010', serial: 'A1', lot: 'L1', name: '澄润' },
    });
    await leave(
      await sealTo(keys.publicKey, utf8(canonicalJson(record)), 'record/v', random(SEAL_RANDOM), bound),
    );
    const { sealed, n, count } = await as('collect', null, { params: { label } });
    const forged = await sealTo(keys.publicKey, utf8('{}'), 'record/v', random(SEAL_RANDOM));
    expect(await codeOf(openSealed(keys.secretKey, forged, 'record/v', bound))).toBe('VAULT_DAMAGED');
    expect([n, count]).toEqual([1, 1]);
    expect(
      readRecord(JSON.parse(fromUtf8(await openSealed(keys.secretKey, sealed, 'record/v', bound)))),
    ).toEqual(record);
  });

  it('keeps every file, and the same one once', async () => {
    const to = visitValue.mailbox(random(32));
    for (const file of ['AAAA', 'BBBB', 'AAAA']) await leave(file, to);
    expect(await as('collect', null, { params: { label: to } })).toEqual({ sealed: 'BBBB', n: 2, count: 2 });
    expect(await as('collect', null, { params: { label: to }, query: { n: '1' } })).toEqual({
      sealed: 'AAAA',
      n: 1,
      count: 2,
    });
    expect(await codeOf(as('collect', null, { params: { label: to }, query: { n: '3' } }))).toBe(
      'OBJECT_UNKNOWN',
    );
    const raced = Array.from({ length: 8 }, (_, i) => leave(toBase64Url(new Uint8Array([i, i, i])), to));
    await Promise.all(raced);
    expect((await as('collect', null, { params: { label: to } })).count).toBe(9);
  });

  it('is full at some point, and unknown to whoever cannot compute its label', async () => {
    const to = visitValue.mailbox(random(32));
    for (let i = 0; i < 50; i++) await leave(toBase64Url(new Uint8Array([i])), to);
    expect(await codeOf(leave('ABCD', to))).toBe('MAILBOX_FULL');
    expect(await codeOf(leave('AB', to))).toBe('BYTES_NOT_BASE64URL');
    expect(await codeOf(as('collect', null, { params: { label: visitValue.mailbox(random(32)) } }))).toBe(
      'OBJECT_UNKNOWN',
    );
    expect(vaultApi.collect.params!.safeParse({ label: 'short' }).success).toBe(false);
  });

  it('says neither who left it, nor for whom, nor at what time', async () => {
    const { rows } = await sql<
      Record<string, unknown>
    >`select * from vault.mailbox where label = ${label}`.execute(rig.database.db);
    expect(Object.keys(rows[0]!).sort()).toEqual(['blob_key', 'label', 'left_on', 'n', 'size']);
    expect(rows[0]!.left_on).toBe('2026-11-24');
  });
});

it('holds nothing that could be read: no name, no word, no key', async () => {
  const dump: string[] = [];
  for (const table of ['keyset', 'object', 'mailbox']) {
    const { rows } = await sql<{
      row: string;
    }>`select row_to_json(t)::text as row from ${sql.id('vault', table)} t`.execute(rig.database.db);
    dump.push(...rows.map(({ row }) => row));
  }
  const files = readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
  dump.push(...files.map((f) => readFileSync(join(f.parentPath, f.name)).toString('utf8')));
  expect(dump.length).toBeGreaterThan(60);
  for (const word of ['林书宁', 'chin', '澄润', 'Procedure', 'face-photos', 'treatments', 'filler'])
    expect(dump.join('\n')).not.toContain(word);
});
