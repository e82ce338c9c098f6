/** Giving, reading and taking back, over a real database and a real log. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, toBase64Url, toIso } from '@zhenmei/kernel';
import { parseLogProof, verifyLogProof } from '@zhenmei/tlog';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEGINNING, checkEntries } from '../core/access/audit.ts';
import { accessLeaf, accessTag } from '../core/access/entry.ts';
import { granteeNonce } from '../core/grants/card.ts';
import { keyThumb } from '../core/grants/grant.ts';
import { LIST } from '../core/grants/release.ts';
import { sealKeys } from '../core/seal.ts';
import {
  asking,
  clinicKeys,
  give,
  keep,
  makeGrant,
  newPerson,
  openOne,
  type Person,
  registerClinic,
} from './giving.property.ts';
import { codeOf, idOf, openRig, type Rig, random } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
beforeAll(async () => {
  rig = await openRig();
  as = rig.as;
  await registerClinic(rig);
});
afterAll(async () => {
  await rig?.close();
});

const log = async (person: Person) => (await as('readAccess', person.name)).entries;
const kinds = async (person: Person) => {
  const { entries } = checkEntries(BEGINNING, await log(person));
  return entries.map(({ entry }) => entry.kind);
};
const release = (id: string, object: string, change: object = {}, who = 'desk:clinic') =>
  codeOf(as('release', who, { params: { id }, body: asking(object, change) }));
const read = (reading: string, who = 'desk:clinic', range = { from: 0, to: 10 }) =>
  codeOf(as('readReleased', who, { params: { id: reading }, range }));

describe('a grant', () => {
  it('lets the clinic open what was given, and the patient sees each opening', async () => {
    const ann = await newPerson(rig, 'ann');
    const [a, b] = [await keep(rig, ann, 'a'), await keep(rig, ann, 'b')];
    const id = await give(rig, ann, await makeGrant(rig, ann, [a, b]));
    const listed = await as('release', 'desk:clinic', { params: { id }, body: asking(LIST) });
    expect(listed.files.map((f) => f.object)).toEqual(['a', 'b']);
    expect(listed.reading).toBeNull();
    const opened = await openOne(rig, id, 'a');
    expect([...opened.key]).toEqual([...a.contentKey]);
    expect(Buffer.from(opened.bytes).equals(Buffer.from(a.content))).toBe(true);
    const { entries } = checkEntries(BEGINNING, await log(ann));
    expect(entries.map(({ entry }) => [entry.kind, entry.object])).toEqual([
      ['granted', null],
      ['list', null],
      ['view', 'a'],
    ]);
    expect(entries[2]!.entry).toMatchObject({
      organisation: idOf('clinic'),
      device: idOf('desk:clinic'),
      purpose: 'TREAT',
      reason: 'visit',
      at: toIso(rig.clock.at),
    });
    expect((await as('listGrants', 'ann')).grants[0]).toMatchObject({ used: 1, revokedAt: null });
  });

  it('is refused whenever anything is not as it says, and nothing is logged then', async () => {
    const bo = await newPerson(rig, 'bo');
    const a = await keep(rig, bo, 'bo-a');
    await keep(rig, bo, 'bo-b');
    const grantee = { organisation: idOf('clinic'), person: idOf('doctor'), keys: [] as string[] };
    const made = await makeGrant(rig, bo, [a]);
    grantee.keys = made.grant.grantee.keys;
    const doctors = await makeGrant(rig, bo, [a], { grantee, reads: 1 });
    const later = await makeGrant(rig, bo, [a], { notBefore: toIso(rig.clock.at + 1_000) });
    for (const one of [made, doctors, later]) await give(rig, bo, one);
    const before = (await log(bo)).length;
    const { id } = made.grant;
    for (const [change, code] of [
      [{ action: 'export' }, 'GRANT_ACTION'],
      [{ action: 'compute' }, 'GRANT_ACTION'],
      [{ purpose: 'HMARKT' }, 'GRANT_PURPOSE'],
      [{ object: 'bo-b' }, 'GRANT_OBJECT'],
      [{ object: 'nothing' }, 'GRANT_OBJECT'],
      [{ person: idOf('stranger') }, 'GRANT_PERSON'],
    ] as const)
      expect(await release(id, 'bo-a', change)).toBe(code);
    expect(await release(id, 'bo-a', {}, 'desk:other')).toBe('GRANT_UNKNOWN');
    expect(await release(idOf('none'), 'bo-a')).toBe('GRANT_UNKNOWN');
    expect(await release(doctors.grant.id, 'bo-a')).toBe('GRANT_PERSON');
    expect(await release(later.grant.id, 'bo-a')).toBe('GRANT_NOT_YET');
    expect(await log(bo)).toHaveLength(before);
    expect(await release(doctors.grant.id, 'bo-a', { person: idOf('doctor') })).toBe('none');
    expect(await release(doctors.grant.id, 'bo-a', { person: idOf('doctor') })).toBe('GRANT_USED_UP');
    rig.clock.at += 31 * 86_400_000;
    expect(await release(id, 'bo-a')).toBe('GRANT_EXPIRED');
    expect((await as('deskGrants', 'desk:clinic')).grants.some((g) => g.grant.id === id)).toBe(false);
  });

  it('is not kept unless it is signed, sealed to registered keys, and about this vault', async () => {
    const cy = await newPerson(rig, 'cy');
    const dan = await newPerson(rig, 'dan');
    const a = await keep(rig, cy, 'cy-a');
    const made = await makeGrant(rig, cy, [a]);
    const put = (change: object, who: Person = cy) => codeOf(give(rig, who, made, change));
    expect(await put({ signature: toBase64Url(random(64)) })).toBe('GRANT_SIGNATURE_WRONG');
    expect(await put({ grant: { ...made.grant, reads: 5 } })).toBe('GRANT_SIGNATURE_WRONG');
    expect(await put({ sealed: [{ key: toBase64Url(random(32)), sealed: 'AA' }] })).toBe('GRANT_INVALID');
    expect(await put({}, dan)).toBe('GRANT_OBJECT');
    expect(await put({ files: [{ ...made.files[0]!, version: 2 }] })).toBe('GRANT_OBJECT');
    expect(await put({ files: [{ ...made.files[0]!, object: 'cy-b' }] })).toBe('GRANT_OBJECT');
    const grantee = { organisation: idOf('other'), person: null, keys: made.grant.grantee.keys };
    expect(await codeOf(makeGrant(rig, cy, [a], { grantee }).then((m) => give(rig, cy, m)))).toBe(
      'GRANTEE_UNKNOWN',
    );
    const whole = await makeGrant(rig, cy, [], { compartments: ['photos'] });
    expect(await codeOf(give(rig, { ...cy, name: 'nolog' }, whole))).toBe('ACCESS_LOG_CLOSED');
    expect((await as('listGrants', 'cy')).grants).toEqual([]);
    await give(rig, cy, made);
    await give(rig, cy, made);
    expect(await kinds(cy)).toEqual(['granted']);
    expect(await put({}, dan)).toBe('GRANT_UNKNOWN');
  });

  it('follows its compartment: new files come under it, files of others never', async () => {
    const eve = await newPerson(rig, 'eve');
    const a = await keep(rig, eve, 'eve-a', 'photos');
    const made = await makeGrant(rig, eve, [a], { objects: [], compartments: ['photos'] });
    const id = await give(rig, eve, made);
    const b = await keep(rig, eve, 'eve-b', 'photos');
    const c = await keep(rig, eve, 'eve-c', 'genes');
    const add = async (file: typeof b, who = 'eve') => {
      const { files } = await makeGrant(rig, eve, [file]);
      return codeOf(as('addToGrant', who, { params: { id }, body: { files } }));
    };
    expect(await add(b)).toBe('none');
    expect(await add(c)).toBe('GRANT_OBJECT');
    expect(await add(b, 'ann')).toBe('GRANT_UNKNOWN');
    expect(await release(id, 'eve-b')).toBe('none');
    expect(await release(id, 'eve-c')).toBe('GRANT_OBJECT');
    await as('deleteObject', 'eve', { params: { name: 'eve-b' }, query: { revision: '1' } });
    expect(await release(id, 'eve-b')).toBe('GRANT_OBJECT');
  });
});

describe('taking back', () => {
  it('takes effect with the very next read, an open reading included', async () => {
    const fay = await newPerson(rig, 'fay');
    const [a, b] = [await keep(rig, fay, 'fay-a'), await keep(rig, fay, 'fay-b')];
    const id = await give(rig, fay, await makeGrant(rig, fay, [a, b]));
    const { reading } = await openOne(rig, id, 'fay-a');
    expect(await read(reading)).toBe('none');
    expect(await read(reading, 'desk:other')).toBe('READ_UNKNOWN');
    await as('revokeGrant', 'fay', { params: { id } });
    expect(await read(reading)).toBe('READ_UNKNOWN');
    expect(await release(id, 'fay-a')).toBe('GRANT_REVOKED');
    expect(await release(id, 'fay-b')).toBe('GRANT_REVOKED');
    expect(
      await codeOf(
        as('addToGrant', 'fay', {
          params: { id },
          body: { files: [{ object: 'x', version: 1, wrapped: 'AA', listed: 'AA' }] },
        }),
      ),
    ).toBe('GRANT_REVOKED');
    expect(rig.heard).toContain(`grant/${id}`);
    await as('revokeGrant', 'fay', { params: { id } });
    expect(await kinds(fay)).toEqual(['granted', 'view', 'revoked']);
    expect(await codeOf(as('revokeGrant', 'ann', { params: { id } }))).toBe('GRANT_UNKNOWN');
    const { rows } = await sql<{ share: unknown; sealed: unknown[]; files: number }>`
      SELECT share, sealed, (SELECT count(*)::int FROM vault.permission_file WHERE permission_id = ${id}) AS files
      FROM vault.permission WHERE id = ${id}`.execute(rig.database.db);
    expect(rows[0]).toEqual({ share: null, sealed: [], files: 0 });
  });

  it('is one act with what takes its place: narrower or longer', async () => {
    const gil = await newPerson(rig, 'gil');
    const a = await keep(rig, gil, 'gil-a');
    const old = await give(rig, gil, await makeGrant(rig, gil, [a]));
    const next = await makeGrant(rig, gil, [a], { reads: 2 });
    expect(await codeOf(give(rig, gil, next, { replaces: idOf('none') }))).toBe('GRANT_UNKNOWN');
    expect(await release(old, 'gil-a')).toBe('none');
    const id = await give(rig, gil, next, { replaces: old });
    expect(await release(old, 'gil-a')).toBe('GRANT_REVOKED');
    expect(await release(id, 'gil-a')).toBe('none');
    expect(await kinds(gil)).toEqual(['granted', 'view', 'granted', 'revoked', 'view']);
  });

  it('ends a reading after ten minutes, and with the grant', async () => {
    const hal = await newPerson(rig, 'hal');
    const a = await keep(rig, hal, 'hal-a');
    const short = await makeGrant(rig, hal, [a], { notAfter: toIso(rig.clock.at + 60_000) });
    const id = await give(rig, hal, short);
    const { reading } = await openOne(rig, id, 'hal-a');
    rig.clock.at += 60_000;
    expect(await read(reading)).toBe('GRANT_EXPIRED');
    const long = await give(rig, hal, await makeGrant(rig, hal, [a]));
    const open = await openOne(rig, long, 'hal-a');
    rig.clock.at += 10 * 60_000;
    expect(await read(open.reading)).toBe('READ_UNKNOWN');
  });
});

describe('writing under a grant', () => {
  it('needs leave for it, is logged, and only the patient collects it', async () => {
    const ivy = await newPerson(rig, 'ivy');
    const a = await keep(rig, ivy, 'ivy-a');
    const id = await give(rig, ivy, await makeGrant(rig, ivy, [a], { actions: ['view', 'write'] }));
    const viewOnly = await give(rig, ivy, await makeGrant(rig, ivy, [a]));
    const leave = (to: string, who = 'desk:clinic') =>
      codeOf(
        as('leaveUnder', who, {
          params: { id: to },
          body: { sealed: 'AAAA', purpose: 'TREAT', reason: 'aftercare', person: idOf('doctor') },
        }),
      );
    expect(await leave(viewOnly)).toBe('GRANT_ACTION');
    expect(await leave(id, 'desk:other')).toBe('GRANT_UNKNOWN');
    expect(await leave(id)).toBe('none');
    expect((await as('collectLeft', 'ivy', { params: { id } })).files).toEqual([{ n: 1, sealed: 'AAAA' }]);
    expect((await as('collectLeft', 'ann', { params: { id } })).files).toEqual([]);
    expect((await kinds(ivy)).at(-1)).toBe('write');
  });
});

describe('an organisation’s key', () => {
  it('is registered with a licence shown for that very key, by its own organisation', async () => {
    const other = toBase64Url(random(1_216));
    const { publicKey } = clinicKeys;
    const put = (key: string, presentation: string, who = 'desk:clinic') =>
      codeOf(as('registerGranteeKey', who, { body: { publicKey: key, presentation } }));
    expect(await put(other, 'clinic wrong-nonce')).toBe('GRANTEE_NOT_PROVEN');
    expect(await put(publicKey, `clinic ${granteeNonce(publicKey)}`, 'desk:other')).toBe(
      'GRANTEE_NOT_PROVEN',
    );
    expect(await codeOf(as('granteeCards', null, { params: { id: idOf('other') } }))).toBe('GRANTEE_UNKNOWN');
    const { cards } = await as('granteeCards', null, { params: { id: idOf('clinic') } });
    expect(cards.map((c) => c.publicKey)).toEqual([publicKey]);
  });
});

describe('the access log', () => {
  it('is in the transparency log, entry by entry, and its end can be checked', async () => {
    const jo = await newPerson(rig, 'jo');
    const a = await keep(rig, jo, 'jo-a');
    const id = await give(rig, jo, await makeGrant(rig, jo, [a]));
    await openOne(rig, id, 'jo-a');
    expect((await log(jo)).map((e) => e.proof)).toEqual([null, null]);
    await rig.log.tick({ force: true });
    const given = await log(jo);
    const { entries } = checkEntries(BEGINNING, given);
    const trust = { origin: rig.log.origin, keys: [rig.log.verifierKey] };
    for (const [i, { entry, salt }] of entries.entries()) {
      const proven = verifyLogProof(parseLogProof(given[i]!.proof), trust);
      expect(Buffer.from(proven.leaf.subarray(1)).toString()).toBe(accessLeaf(jo.logKey, salt, entry));
      expect(proven.leaf[0]).toBe(7);
    }
    const at = async (seq: number) =>
      (await as('findAccessLeaf', 'jo', { params: { tag: accessTag(jo.logKey, seq) } })).proof;
    expect(await at(2)).not.toBeNull();
    expect(await at(3)).toBeNull();

    // somebody with the database's password deletes the last row, and sets the counter back
    const db = rig.database.db;
    const patient = idOf('jo');
    await sql`DELETE FROM vault.access WHERE patient_id = ${patient} AND seq = 2`.execute(db);
    await sql`UPDATE vault.access_log SET seq = 1, head = ${entries[0]!.head} WHERE patient_id = ${patient}`.execute(
      db,
    );
    expect(checkEntries(BEGINNING, await log(jo)).mark.seq).toBe(1);
    expect(await at(2)).not.toBeNull();
    // and whatever is read next cannot take the deleted number again
    expect(await release(id, 'jo-a')).toBe('TLOG_KEY_REUSED');
  });

  it('shows a deleted row in the middle as a gap', async () => {
    const kim = await newPerson(rig, 'kim');
    const a = await keep(rig, kim, 'kim-a');
    const id = await give(rig, kim, await makeGrant(rig, kim, [a]));
    for (let i = 0; i < 3; i++) await openOne(rig, id, 'kim-a');
    await sql`DELETE FROM vault.access WHERE patient_id = ${idOf('kim')} AND seq = 3`.execute(
      rig.database.db,
    );
    const entries = await log(kim);
    expect(() => checkEntries(BEGINNING, entries)).toThrow(/ACCESS_LOG_BROKEN.*gap/);
  });

  it('keeps its order when many read at once', async () => {
    const lea = await newPerson(rig, 'lea');
    const files = await Promise.all(['l1', 'l2', 'l3'].map((name) => keep(rig, lea, name)));
    const ids = await Promise.all([1, 2].map(async () => give(rig, lea, await makeGrant(rig, lea, files))));
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, i) => release(ids[i % 2]!, `l${(i % 3) + 1}`)),
    );
    expect(new Set(all)).toEqual(new Set(['none']));
    expect(checkEntries(BEGINNING, await log(lea)).mark.seq).toBe(26);
    expect((await as('listGrants', 'lea')).grants.map((g) => g.used)).toEqual([12, 12]);
  });

  it('begins once, with one key', async () => {
    const key = toBase64Url(random(32));
    await as('openAccessLog', 'max', { body: { key } });
    await as('openAccessLog', 'max', { body: { key } });
    expect(await codeOf(as('openAccessLog', 'max', { body: { key: toBase64Url(random(32)) } }))).toBe(
      'ACCESS_LOG_KEY_SET',
    );
  });
});

it('gives two organisations no common name of one person', async () => {
  const otherKeys = sealKeys(random(32));
  await registerClinic(rig, 'desk:second', otherKeys);
  const ned = await newPerson(rig, 'ned');
  const [a, b] = [await keep(rig, ned, 'ned-a'), await keep(rig, ned, 'ned-b')];
  const one = await makeGrant(rig, ned, [a]);
  const grantee = { organisation: idOf('second'), person: null, keys: [keyThumb(otherKeys.publicKey)] };
  const two = await makeGrant(rig, ned, [b], { grantee });
  await give(rig, ned, one);
  await give(rig, ned, two);
  const seen = async (who: string) =>
    (await as('deskGrants', who)).grants.filter((g) => [one.grant.id, two.grant.id].includes(g.grant.id));
  const words = (value: unknown) => new Set(canonicalJson(value).match(/[A-Za-z0-9_-]{16,}/g) ?? []);
  const second = words(await seen('desk:second'));
  const common = [...words(await seen('desk:clinic'))].filter((word) => second.has(word));
  // dates, and the notice that everybody is shown
  expect(common.filter((w) => !w.startsWith('2026') && !w.startsWith('2027'))).toEqual([
    one.grant.notice.hash,
  ]);
  for (const who of ['desk:clinic', 'desk:second'])
    expect(canonicalJson(await seen(who))).not.toContain(idOf('ned'));
});

it('holds nothing that could be read: no compartment, no title, no share of the grantee', async () => {
  const dump: string[] = [];
  for (const table of ['permission', 'permission_file', 'access', 'access_log', 'grantee_key', 'reading']) {
    const { rows } = await sql<{ row: string }>`
      select row_to_json(t)::text as row from ${sql.id('vault', table)} t`.execute(rig.database.db);
    dump.push(...rows.map(({ row }) => row));
  }
  for (const f of readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()))
    dump.push(readFileSync(join(f.parentPath, f.name)).toString('utf8'));
  expect(dump.length).toBeGreaterThan(60);
  for (const word of ['face-photos', '正面', 'image/jpeg', '小安'])
    expect(dump.join('\n')).not.toContain(word);
});
