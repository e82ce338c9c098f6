/** Giving to a real clinic of the demo, reading at its desk, taking back, and the log that the phone checks itself. */
import { apiAt, openClinic, type Place, random } from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { auditAccess } from '@zhenmei/client/vault/audit.ts';
import {
  collectLeft,
  givePermission,
  isAcknowledged,
  type Permission,
  shareNewItem,
  takeBack,
} from '@zhenmei/client/vault/granting.ts';
import type { VaultIo } from '@zhenmei/client/vault/io.ts';
import {
  leaveFile,
  openFile,
  openList,
  receivedGrants,
  registerDeskKey,
  untilEnded,
} from '@zhenmei/client/vault/reading.ts';
import { acceptTrust, provenCards } from '@zhenmei/client/vault/trust.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { DAY, fromUtf8, strictJson, toIso, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { readReceipt } from '@zhenmei/vault/core/consent/receipt.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let clinic: Clinic;
let doctor: string;
beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0 };
  clinic = await openClinic(place);
  doctor = Object.keys(clinic.doctorLicences)[0]!;
  await registerDeskKey(clinic);
});
afterAll(async () => {
  await house?.close();
});

const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    (e: { code?: string; params?: { reason?: string } }) =>
      [e.code ?? String(e), e.params?.reason].filter(Boolean).join(' '),
  );

async function newcomer(): Promise<Vault> {
  const io: VaultIo = {
    api: apiAt(place, 'patient'),
    now: () => house.house.deps.clock.now(),
    random,
  };
  const passkey = softwarePasskey(random(32), place.origin);
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'x' });
  await io.api.call(identityApi.registerPatient, { body: { registration: json } });
  return Vault.create(io, { kind: 'passkey', id: json.id, secret: prf! });
}

const put = (vault: Vault, title: string, content: Uint8Array<ArrayBuffer>): Promise<Item> =>
  vault.put(
    { compartment: 'face-photos', kind: 'photo', title, at: '2026-11-24', mime: 'image/jpeg' },
    content,
  );

const permission = (vault: Vault, change: Partial<Permission> = {}): Permission => ({
  organisation: {
    id: clinic.desk.organisationId,
    name: { zh: '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' },
  },
  person: null,
  purpose: 'TREAT',
  actions: ['view'],
  compartments: ['face-photos'],
  objects: [],
  until: toIso(vault.io.now() + 30 * DAY),
  reads: null,
  region: 'CN',
  language: 'zh-CN',
  name: '小安',
  visit: null,
  ...change,
});

const asked = { reason: 'visit', person: null } as const;
const received = async (id: string) => (await receivedGrants(clinic)).open.find((r) => r.grant.id === id)!;

describe('a new clinic', () => {
  it('reads in place what was given, and the phone proves every opening from the log', async () => {
    const vault = await newcomer();
    const content = random(400_000);
    const item = await put(vault, '正面', content);
    const grant = await givePermission(vault, permission(vault));
    const mine = await received(grant.id);
    expect(mine.details).toMatchObject({ name: '小安', compartments: ['face-photos'] });
    const files = await openList(clinic, mine, asked);
    expect(files.map((f) => [f.title, f.size])).toEqual([['正面', 400_000]]);
    const open = await openFile(clinic, mine, files[0]!, { reason: 'planning', person: doctor });
    expect(Buffer.from(await open.read()).equals(Buffer.from(content))).toBe(true);
    const part = await open.readRange(200_000, 200_010);
    expect(Buffer.from(part).equals(Buffer.from(content.subarray(200_000, 200_010)))).toBe(true);

    await expect.poll(async () => (await auditAccess(vault)).waiting).toBe(0);
    const { entries, size } = await auditAccess(vault);
    expect(entries.map((e) => [e.kind, e.object, e.reason, e.person])).toEqual([
      ['granted', null, null, null],
      ['list', null, 'visit', null],
      ['view', item.object, 'planning', doctor],
    ]);
    expect(size).toBeGreaterThan(0);
    expect(vault.contents.log).toMatchObject({ seq: 3 });

    const { grants } = await vault.io.api.call(vaultApi.listGrants);
    const [card] = await provenCards(vault, clinic.desk.organisationId);
    expect(isAcknowledged(card!, grants[0]!.grant, grants[0]!.acknowledgement!)).toBe(true);
    const other = { ...grants[0]!.grant, reads: 1 };
    expect(isAcknowledged(card!, other, grants[0]!.acknowledgement!)).toBe(false);
  });

  it('sees what comes later, in the versions that are there, and may put something in', async () => {
    const vault = await newcomer();
    await put(vault, 'a', utf8('1'));
    const grant = await givePermission(vault, permission(vault, { actions: ['view', 'write'] }));
    await vault.rotate();
    const later = await put(vault, 'b', utf8('2'));
    await shareNewItem(vault, later);
    const mine = await received(grant.id);
    const files = await openList(clinic, mine, asked);
    expect(files.map((f) => f.title).sort()).toEqual(['a', 'b']);
    const b = files.find((f) => f.title === 'b')!;
    expect(fromUtf8(await (await openFile(clinic, mine, b, asked)).read())).toBe('2');
    await leaveFile(clinic, mine, utf8('复诊建议'), asked);
    expect((await collectLeft(vault, grant)).map(fromUtf8)).toEqual(['复诊建议']);
    expect(await codeOf(openFile(clinic, mine, b, { ...asked, action: 'export' }))).toBe('GRANT_ACTION');
  });
});

describe('taking back', () => {
  it('closes an open reading at once, and the receipt says since when', async () => {
    const vault = await newcomer();
    await put(vault, 'a', random(300_000));
    const grant = await givePermission(vault, permission(vault));
    const mine = await received(grant.id);
    const [file] = await openList(clinic, mine, asked);
    const open = await openFile(clinic, mine, file!, asked);
    await open.readRange(0, 10);
    const ended = untilEnded(clinic.desk.api, grant.id, new AbortController().signal);
    const from = performance.now();
    await takeBack(vault, grant.id);
    expect(await ended).toBe(true);
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(await codeOf(open.readRange(100_000, 100_010))).toBe('READ_UNKNOWN');
    expect(await codeOf(openFile(clinic, mine, file!, asked))).toBe('GRANT_REVOKED');
    expect(await received(grant.id)).toBeUndefined();
    const item = vault.contents.items.find((i) => i.kind === 'receipt')!;
    const receipt = readReceipt(strictJson(fromUtf8(await vault.read(item))));
    expect(receipt.events.map((e) => e.type)).toEqual(['given', 'withdrawn']);
    expect(vault.contents.epochs['face-photos']).toBe(2);
  });

  it('is part of narrowing: the old one ends in the same moment', async () => {
    const vault = await newcomer();
    const item = await put(vault, 'a', utf8('1'));
    await put(vault, 'b', utf8('2'));
    const wide = await givePermission(vault, permission(vault));
    const narrow = await givePermission(
      vault,
      permission(vault, { compartments: [], objects: [item.object], reads: 1, replaces: wide.id }),
    );
    expect(await received(wide.id)).toBeUndefined();
    const mine = await received(narrow.id);
    const files = await openList(clinic, mine, asked);
    expect(files.map((f) => f.title)).toEqual(['a']);
    await openFile(clinic, mine, files[0]!, asked);
    expect(await codeOf(openFile(clinic, mine, files[0]!, asked))).toBe('GRANT_USED_UP');
  });
});

describe('the phone', () => {
  it('gives nothing to a key that the organisation’s licence does not vouch for', async () => {
    const vault = await newcomer();
    await put(vault, 'a', utf8('1'));
    const { db } = house.house.engines.database;
    const { rows } = await sql<{ presentation: string }>`SELECT presentation FROM vault.grantee_key`.execute(
      db,
    );
    const evil = 'A'.repeat(1_622);
    await sql`UPDATE vault.grantee_key SET public_key = ${evil}`.execute(db);
    expect(await codeOf(givePermission(vault, permission(vault)))).toBe('GRANTEE_NOT_PROVEN');
    await sql`DELETE FROM vault.grantee_key`.execute(db);
    expect(await codeOf(givePermission(vault, permission(vault)))).toBe('GRANTEE_UNKNOWN');
    expect(rows).toHaveLength(1);
    await registerDeskKey(clinic);
  });

  it('gives nothing when the list of issuers is another than it remembers, until the person accepts it', async () => {
    const vault = await newcomer();
    await put(vault, 'a', utf8('1'));
    await vault.update((contents) => ({ ...contents, trust: 'something else' }));
    expect(await codeOf(givePermission(vault, permission(vault)))).toBe('TRUST_CHANGED');
    await acceptTrust(vault);
    expect(await codeOf(givePermission(vault, permission(vault)))).toBe('done');
  });

  it('notices a deleted row, at the end and in the middle, and a rewritten history', async () => {
    const { db } = house.house.engines.database;
    const vault = await newcomer();
    await put(vault, 'a', utf8('1'));
    const grant = await givePermission(vault, permission(vault));
    const mine = await received(grant.id);
    for (let i = 0; i < 3; i++) await openList(clinic, mine, asked);
    await expect.poll(async () => (await auditAccess(vault)).waiting).toBe(0);
    const { accountId } = await vault.io.api.call(identityApi.me);
    await sql`CREATE TEMP TABLE kept AS SELECT * FROM vault.access WHERE patient_id = ${accountId}`.execute(
      db,
    );
    const take = (seq: number) =>
      sql`DELETE FROM vault.access WHERE patient_id = ${accountId} AND seq = ${seq}`.execute(db);

    await take(4);
    expect(await codeOf(auditAccess(vault))).toBe('ACCESS_LOG_BROKEN history');
    // even on a device that never saw it: the log has a fourth entry
    await vault.update((contents) => ({ ...contents, log: null }));
    expect(await codeOf(auditAccess(vault))).toBe('ACCESS_LOG_BROKEN missing');
    await take(2);
    expect(await codeOf(auditAccess(vault))).toBe('ACCESS_LOG_BROKEN gap');
  });
});
