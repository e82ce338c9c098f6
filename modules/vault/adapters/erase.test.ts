/** Erasing over a real database, blobs and log: what goes, what stays, what a backup still says. */
import { readdirSync, readFileSync } from 'node:fs';
import { canonicalJson, DAY, toBase64Url, toIso } from '@zhenmei/kernel';
import { openNote } from '@zhenmei/tlog';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseDue, OWN } from '../app/erase-due.ts';
import { BEGINNING, checkEntries } from '../core/access/audit.ts';
import { accessLeaf, readEntry } from '../core/access/entry.ts';
import { masterKey, openContentKey, wrapContentKey } from '../core/content-keys.ts';
import { readCertificate } from '../core/erasure/certificate.ts';
import { createKeyset, openKeyset } from '../core/keyset.ts';
import { ownerStatement, signAsOwner, signKeyset } from '../core/owner.ts';
import {
  asking,
  give,
  keep,
  makeGrant,
  newPerson,
  openOne,
  type Person,
  registerClinic,
} from './giving.property.ts';
import { codeOf, idOf, openRig, passkey, type Rig, random, verifierKeys } from './rig.property.ts';

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

/** A person whose vault has a keyset, so that the owner's signature is known. */
async function owner(name: string): Promise<Person> {
  const { keyset, root } = await createKeyset(passkey(1), random);
  await as('writeKeyset', name, { body: signKeyset(keyset, root) });
  rig.passkeys.set(idOf(name), ['cred-1']);
  return newPerson(rig, name, root);
}
const release = (id: string, object: string) =>
  codeOf(as('release', 'desk:clinic', { params: { id }, body: asking(object) }));
let count = 0;
const files = (person: Person, objects: string[], change: object = {}) => {
  const asked = { id: idOf(`e${++count}`), region: 'CN', objects, whole: false, ...change };
  return { ...asked, signature: signAsOwner(person.root, ownerStatement.erase(asked)) };
};
const everything = (person: Person, change: object = {}) => {
  const asked = { id: idOf(`E${++count}`), region: 'CN', ...change };
  return { ...asked, signature: signAsOwner(person.root, ownerStatement.eraseAll(asked)) };
};
const stateOf = (id: string, bearer: string | null) => as('readErasure', null, { params: { id }, bearer });
const opened = (note: string) => readCertificate(openNote(note, verifierKeys).text).certificate;
const blobs = () =>
  readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
const tables = ['vault', 'tlog'];
/** Everything the database holds, as text. */
async function dump(): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string }>`
    SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
    WHERE table_schema IN (${sql.join(tables)}) AND table_type = 'BASE TABLE'`.execute(rig.database.db);
  const all = new Map<string, string>();
  for (const { name } of rows) {
    const found = await sql<{ r: string }>`SELECT row_to_json(t)::text AS r FROM ${sql.raw(name)} t`.execute(
      rig.database.db,
    );
    all.set(name, found.rows.map(({ r }) => r).join('\n'));
  }
  return all;
}

describe('erasing files', () => {
  it('destroys key and ciphertext at once, from grants too, and gives a certificate that holds offline', async () => {
    const ann = await owner('ann');
    const [a, b] = [await keep(rig, ann, 'ann-a'), await keep(rig, ann, 'ann-b')];
    const id = await give(rig, ann, await makeGrant(rig, ann, [a, b]));
    const { reading } = await openOne(rig, id, 'ann-a');
    const before = blobs().length;
    const body = files(ann, ['ann-a', 'nothing']);
    const { certificate } = await as('eraseObjects', 'ann', { body });
    expect(opened(certificate)).toMatchObject({
      id: body.id,
      scope: 'objects',
      cause: 'owner',
      doneAt: toIso(rig.clock.at),
      erased: [
        { what: 'files', count: 1 },
        { what: 'keys', count: 1 },
        { what: 'permissions', count: 1 },
      ],
      kept: [{ rule: 'cn 1 record', by: 'clinic', days: 5_475, until: null }],
    });
    expect(certificate).not.toContain(idOf('ann'));
    expect(blobs()).toHaveLength(before - 1);
    expect(await release(id, 'ann-a')).toBe('GRANT_OBJECT');
    expect(await codeOf(as('readReleased', 'desk:clinic', { params: { id: reading } }))).toBe('READ_UNKNOWN');
    expect(await release(id, 'ann-b')).toBe('none');
    expect(rig.heard).toContain(`grant/${id}`);
    const { entries } = checkEntries(BEGINNING, (await as('readAccess', 'ann')).entries);
    expect(entries.map(({ entry }) => entry.kind)).toEqual(['granted', 'view', 'erased', 'view']);
    expect(await as('eraseObjects', 'ann', { body })).toEqual({ certificate });
    expect((await as('listErasures', 'ann')).erasures).toMatchObject([{ state: 'done', certificate }]);
  });

  it('is refused without the open vault’s signature, for nothing, and where the rules are not known', async () => {
    const bo = await owner('bo');
    await keep(rig, bo, 'bo-a');
    const erase = (body: object, who = 'bo') => codeOf(as('eraseObjects', who, { body }));
    const good = files(bo, ['bo-a']);
    expect(await erase({ ...good, objects: ['bo-a', 'bo-b'] })).toBe('OWNER_SIGNATURE_WRONG');
    expect(await erase(files({ ...bo, root: random(32) }, ['bo-a']))).toBe('OWNER_SIGNATURE_WRONG');
    expect(await erase(good, 'nokeyset')).toBe('OWNER_UNKNOWN');
    expect(await erase(files(bo, ['other']))).toBe('ERASURE_NOTHING');
    expect(await erase(files(bo, ['ann-b']))).toBe('ERASURE_NOTHING');
    expect(await erase(files(bo, ['bo-a'], { region: 'ZZ' }))).toBe('ERASURE_REGION');
    expect((await as('listErasures', 'bo')).erasures).toEqual([]);
    expect(await erase(good)).toBe('none');
  });
});

describe('a restriction', () => {
  it('opens a file to nobody until it is lifted; the others stay open', async () => {
    const cy = await owner('cy');
    const [a, b] = [await keep(rig, cy, 'cy-a'), await keep(rig, cy, 'cy-b')];
    const id = await give(rig, cy, await makeGrant(rig, cy, [a, b]));
    const { reading } = await openOne(rig, id, 'cy-a');
    const set = (name: string, restricted: boolean, who = 'cy') =>
      codeOf(as('restrictObject', who, { params: { name }, body: { restricted } }));
    expect(await set('cy-a', true, 'ann')).toBe('OBJECT_UNKNOWN');
    expect(await set('cy-a', true)).toBe('none');
    expect(await set('cy-a', true)).toBe('none');
    expect((await as('listRestricted', 'cy')).objects).toEqual(['cy-a']);
    expect(await release(id, 'cy-a')).toBe('OBJECT_RESTRICTED');
    expect(await codeOf(as('readReleased', 'desk:clinic', { params: { id: reading } }))).toBe('READ_UNKNOWN');
    const listed = await as('release', 'desk:clinic', { params: { id }, body: asking('list') });
    expect(listed.files.map(({ object }) => object)).toEqual(['cy-b']);
    expect(await release(id, 'cy-b')).toBe('none');
    // a new version is as restricted as the one before
    const body = { revision: 2, cipher: 'AAAA', compartment: 'label', wrappedKey: 'AAAA' };
    await as('writeObject', 'cy', { params: { name: 'cy-a' }, body });
    expect((await as('listRestricted', 'cy')).objects).toEqual(['cy-a']);
    expect(await set('cy-a', false)).toBe('none');
    const { files: again } = await makeGrant(rig, cy, [{ ...a, version: 2 }]);
    await as('addToGrant', 'cy', { params: { id }, body: { files: again } });
    expect(await release(id, 'cy-a')).toBe('none');
  });

  it('closes what is being read', async () => {
    const dan = await owner('dan');
    const a = await keep(rig, dan, 'dan-a');
    const id = await give(rig, dan, await makeGrant(rig, dan, [a]));
    const { reading } = await openOne(rig, id, 'dan-a');
    await sql`UPDATE vault.object SET restricted_at = now() WHERE name = 'dan-a'`.execute(rig.database.db);
    expect(await codeOf(as('readReleased', 'desk:clinic', { params: { id: reading } }))).toBe(
      'OBJECT_RESTRICTED',
    );
  });
});

describe('erasing everything', () => {
  it('waits, in which nobody opens anything and any device can undo it', async () => {
    const eve = await owner('eve');
    const a = await keep(rig, eve, 'eve-a');
    const id = await give(rig, eve, await makeGrant(rig, eve, [a]));
    const { reading } = await openOne(rig, id, 'eve-a');
    const ask = (body: object, who = 'eve') => codeOf(as('eraseEverything', who, { body }));
    expect(await ask(everything({ ...eve, root: random(32) }))).toBe('OWNER_SIGNATURE_WRONG');
    expect(await ask(everything(eve, { region: 'ZZ' }))).toBe('ERASURE_REGION');
    const body = everything(eve);
    const { token, dueAt } = await as('eraseEverything', 'eve', { body });
    expect(dueAt).toBe(toIso(rig.clock.at + 7 * DAY));
    expect(await ask(everything(eve))).toBe('ERASURE_WAITING');
    expect(await release(id, 'eve-a')).toBe('VAULT_CLOSING');
    expect(await codeOf(as('readReleased', 'desk:clinic', { params: { id: reading } }))).toBe('READ_UNKNOWN');
    expect(await stateOf(body.id, token)).toMatchObject({ state: 'waiting', dueAt });
    rig.clock.at += 7 * DAY - 1;
    expect(await eraseDue(rig.ctx)).toBe(0);
    expect(await codeOf(as('undoErasure', 'ann', { params: { id: body.id } }))).toBe('ERASURE_UNKNOWN');
    for (const _ of [1, 2]) await as('undoErasure', 'eve', { params: { id: body.id } });
    rig.clock.at += DAY;
    expect(await eraseDue(rig.ctx)).toBe(0);
    expect(await release(id, 'eve-a')).toBe('none');
    expect(await stateOf(body.id, token)).toMatchObject({ state: 'undone' });
    expect((await as('readNotices', 'eve')).notices.map(({ kind }) => kind)).toEqual([
      'erasure-asked',
      'erasure-undone',
    ]);
    for (const wrong of [toBase64Url(random(32)), null])
      expect(await codeOf(stateOf(body.id, wrong))).toBe('ERASURE_UNKNOWN');
    expect(await codeOf(stateOf(idOf('none'), token))).toBe('ERASURE_UNKNOWN');
  });

  it('leaves nothing that reads, names or recomputes: not in tables, blobs, the log, or a backup without its keys', async () => {
    const { keyset, root } = await createKeyset(passkey(7), random);
    await as('writeKeyset', 'fay', { body: signKeyset(keyset, root) });
    rig.passkeys.set(idOf('fay'), ['cred-7', 'cred-8']);
    const fay = await newPerson(rig, 'fay', root);
    const a = await keep(rig, fay, 'fay-a');
    const place = { compartment: 'face-photos', epoch: 1, object: 'fay-a', version: 2 } as const;
    const wrapped = await wrapContentKey(masterKey(root), place, a.contentKey, random(12));
    const body = { revision: 2, cipher: toBase64Url(a.content), compartment: 'label' };
    await as('writeObject', 'fay', {
      params: { name: 'fay-a' },
      body: { ...body, wrappedKey: toBase64Url(wrapped) },
    });
    const id = await give(rig, fay, await makeGrant(rig, fay, [{ ...a, version: 2 }]));
    await openOne(rig, id, 'fay-a');
    await rig.log.tick();

    const backup = await dump();
    const held = [...backup.values()].join('\n');
    expect(held.includes(idOf('fay'))).toBe(true);
    // the attack works while the keys are there: each entry gives its leaf again, and the keyset opens the file
    const log = await sql<{ key: Buffer; body: string; salt: Buffer }>`
      SELECT l.key, a.body, a.salt FROM vault.access a JOIN vault.access_log l USING (patient_id)
      WHERE a.patient_id = ${idOf('fay')}`.execute(rig.database.db);
    const leaves = log.rows.map(({ key, body: text, salt }) =>
      accessLeaf(new Uint8Array(key), new Uint8Array(salt), readEntry(text, 1)),
    );
    expect(leaves).toHaveLength(2);
    const asStored = (leaf: string) => Buffer.from(leaf).toString('hex');
    for (const leaf of leaves) expect(held.includes(asStored(leaf))).toBe(true);
    const again = await openKeyset(keyset, passkey(7));
    expect([...(await openContentKey(masterKey(again.root), place, wrapped))]).toEqual([...a.contentKey]);

    const asked = everything(fay);
    const { token } = await as('eraseEverything', 'fay', { body: asked });
    rig.clock.at += 7 * DAY;
    expect(await eraseDue(rig.ctx)).toBe(1);
    expect(await eraseDue(rig.ctx)).toBe(0);
    expect(rig.sessions).toContain(`closed ${idOf('fay')}`);

    const after = await dump();
    const left = [...after.values()].join('\n');
    for (const trace of [idOf('fay'), id, keyset.mac, toBase64Url(wrapped), 'fay-a'])
      expect(left.includes(trace), trace).toBe(false);
    for (const name of [
      'keyset',
      'owner',
      'object',
      'permission',
      'access',
      'access_log',
      'consent',
      'notice',
    ])
      expect(after.get(`vault.${name}`)!.includes(idOf('fay')), name).toBe(false);
    const bytes = Buffer.from(a.content);
    for (const file of blobs()) {
      expect(readFileSync(`${file.parentPath}/${file.name}`).includes(bytes)).toBe(false);
    }
    // leaves stay, and no number that is kept makes one of them again, even for somebody who knows the entries
    for (const leaf of leaves) expect(left.includes(asStored(leaf))).toBe(true);
    const numbers = [...left.matchAll(/\\\\x([0-9a-f]{32,64})\b|\b([0-9a-f]{32}|[0-9a-f]{64})\b/g)].map(
      ([, bytea, hex]) => new Uint8Array(Buffer.from(bytea ?? hex ?? '', 'hex')),
    );
    expect(numbers.length).toBeGreaterThan(10);
    const heads = new Set(leaves.map((leaf) => (JSON.parse(leaf) as { head: string }).head));
    const tags = new Set(leaves.map((leaf) => (JSON.parse(leaf) as { tag: string }).tag));
    for (const number of numbers)
      for (const { body: text } of log.rows) {
        const made = JSON.parse(accessLeaf(number, number, readEntry(text, 1))) as {
          head: string;
          tag: string;
        };
        expect(heads.has(made.head) || tags.has(made.tag)).toBe(false);
      }
    // a backup from before, without the keys that were destroyed: the passkey opens nothing of it
    const destroyed = ['keyset', 'access', 'access_log', 'permission', 'permission_file', 'guardianship'];
    const kept = [...backup].filter(([name]) => !destroyed.includes(name.slice('vault.'.length)));
    const stripped = kept.map(([, text]) => text.replaceAll(/"wrapped_key":"[^"]*"/g, '')).join('\n');
    expect(stripped.includes('fay-a')).toBe(true);
    for (const key of [toBase64Url(wrapped), keyset.mac, log.rows[0]!.salt.toString('hex')])
      expect(stripped.includes(key)).toBe(false);
    for (const [, hex] of stripped.matchAll(/\b([0-9a-f]{64})\b/g))
      expect(await codeOf(openContentKey(new Uint8Array(Buffer.from(hex!, 'hex')), place, wrapped))).toBe(
        'VAULT_DAMAGED',
      );

    const done = await stateOf(asked.id, token);
    expect(done.state).toBe('done');
    const certificate = opened(done.certificate!);
    expect(certificate).toMatchObject({ scope: 'everything', cause: 'owner', region: 'CN' });
    expect(Object.fromEntries(certificate.erased.map(({ what, count: n }) => [what, n]))).toMatchObject({
      files: 1,
      keyset: 1,
      passkeys: 2,
      permissions: 1,
      'access-log': 2,
      consents: 1,
    });
    expect(certificate.kept.map(({ rule, until }) => [rule, until])).toEqual([
      ['cn 1 record', null],
      ['cn 1 backup', toIso(rig.clock.at + 30 * DAY)],
    ]);
    expect(canonicalJson(done)).not.toContain(idOf('fay'));
    expect(await codeOf(as('readKeyset', 'fay'))).toBe('KEYSET_UNKNOWN');
    expect(await release(id, 'fay-a')).toBe('GRANT_UNKNOWN');
  });

  it('leaves out no table that names a person', async () => {
    const { rows } = await sql<{ name: string }>`
      SELECT table_name AS name FROM information_schema.columns
      WHERE table_schema = 'vault' AND column_name = 'patient_id'`.execute(rig.database.db);
    // the certificate forgets whose it is; a guardian leaves the wards
    const known = new Set<string>([...OWN, 'erasure', 'guardian']);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('keeps what was called misuse of a card, without the person', async () => {
    const gus = await owner('gus');
    const at = new Date(rig.clock.at);
    const card = {
      name: 'gus-card',
      of: 1,
      guardians: false,
      made_at: at,
      ends_at: at,
      proof_hash: random(32),
    };
    await rig.ctx.db
      .insertInto('vault.emergency_card')
      .values({ ...card, patient_id: idOf('gus') })
      .execute();
    const opened = { card: 'gus-card', patient_id: idOf('gus'), reason: 'unconscious', opened_at: at };
    const by = { person_id: idOf('doctor'), organisation_id: idOf('clinic'), device_id: idOf('device') };
    for (const [id, state] of [
      ['gus-1', 'misuse'],
      ['gus-2', 'right'],
    ] as const)
      await rig.ctx.db
        .insertInto('vault.emergency_case')
        .values({ id: idOf(id), ...opened, ...by, state, said_at: at })
        .execute();
    await as('eraseEverything', 'gus', { body: everything(gus) });
    rig.clock.at += 7 * DAY;
    await eraseDue(rig.ctx);
    const left = await rig.ctx.db.selectFrom('vault.emergency_case').selectAll().execute();
    expect(left).toMatchObject([{ id: idOf('gus-1'), patient_id: null, card: null, state: 'misuse' }]);
  });

  it('goes on where it was killed, and cannot be undone from then on', async () => {
    const gus = await owner('gus');
    await keep(rig, gus, 'gus-a');
    const body = everything(gus);
    const { token } = await as('eraseEverything', 'gus', { body });
    rig.clock.at += 8 * DAY;
    const before = blobs().length;
    const dying = { ...rig.ctx, seal: { ...rig.ctx.seal, sign: () => Promise.reject(new Error('killed')) } };
    await expect(eraseDue(dying)).rejects.toThrow('killed');
    expect(await stateOf(body.id, token)).toMatchObject({ state: 'started' });
    expect(await codeOf(as('undoErasure', 'gus', { params: { id: body.id } }))).toBe('ERASURE_STARTED');
    const store = { ...rig.ctx.blobs, delete: () => Promise.reject(new Error('killed again')) };
    await expect(eraseDue({ ...rig.ctx, blobs: store })).rejects.toThrow('killed again');
    expect(await stateOf(body.id, token)).toMatchObject({ state: 'done' });
    expect(blobs()).toHaveLength(before);
    await eraseDue(rig.ctx);
    expect(blobs()).toHaveLength(before - 1);
  });
});
