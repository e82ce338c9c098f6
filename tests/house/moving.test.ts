/** Taking everything to another installation: what is there afterwards, byte for byte, and what it still proves. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  until,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import { visitSecretOf } from '@zhenmei/client/clinic.ts';
import { visitSecret } from '@zhenmei/client/patient.ts';
import { patientRecord } from '@zhenmei/client/records/read-record.ts';
import { amendRecord } from '@zhenmei/client/records/write-record.ts';
import { readAge, writeAge } from '@zhenmei/client/vault/age-file.ts';
import { exportAll } from '@zhenmei/client/vault/export-all.ts';
import { givePermission } from '@zhenmei/client/vault/granting.ts';
import { keepFiles, prepareFile, undoImport } from '@zhenmei/client/vault/import-files.ts';
import { judgeMoved, type Moved, moveIn, openExport } from '@zhenmei/client/vault/move-in.ts';
import { type Keep, keepProofs, readSealed } from '@zhenmei/client/vault/proofs.ts';
import { registerDeskKey } from '@zhenmei/client/vault/reading.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { type AppError, canonicalJson, DAY, toIso, utf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { readZip, writeZip } from '@zhenmei/vault/core/export/zip.ts';
import { profileIssues } from '@zhenmei/vault/core/fhir/profiles.ts';
import { readResource } from '@zhenmei/vault/core/fhir/validate.ts';
import { readRecordDocument } from '@zhenmei/vault/core/record-document.ts';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawFace } from './drawn-face.ts';
import { type ServerProcess, up } from './server-process.ts';
import { freePort, openTestHouse, type TestHouse } from './test-house.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const PHRASE = 'seven quiet herons at dusk';
let first: TestHouse;
/** In a process of its own, with a world made afresh: two houses do not fit into one. */
let second: ServerProcess;
let starting: Promise<ServerProcess>;
let folder: string;
let here: Place;
let ann: Patient;
let old: Vault;
let file: Bytes;
let moved: Moved;

const vaultOf = async (who: Patient): Promise<Vault> => {
  const io = { api: who.io.api, now: who.io.now, random };
  return Vault.openWithRoot(io, await who.io.api.call(vaultApi.readKeyset), who.root);
};
const keepIn =
  (vault: Vault): Keep =>
  (facts, content, known, sent) =>
    vault.put(facts, content, known, sent);
const on = () => true;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (e: AppError) => e.code ?? String(e),
  );
const asIs = async (bytes: Bytes) => bytes;
const prepare = async (name: string, bytes: Bytes) => prepareFile({ name, bytes }, asIs, '2026-12-31');
const NAMES = { trust: 'Whom they believed', history: 'Permissions and visits' };

const TABLE = `就诊日期,治疗项目,部位,用量,单位
2024-03-05,玻尿酸填充,下巴,1,mL
03/04/2024,不清楚的日期,额头,1,mL
2025年1月2日,水光,全面部,2,mL
`;
const FHIR = canonicalJson({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resource: {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
          ],
        },
        code: { text: 'Lidocaine' },
        patient: { reference: 'Patient/77' },
      },
    },
    {
      resource: {
        resourceType: 'Condition',
        subject: { reference: 'Patient/77' },
        code: { text: 'Rosacea' },
      },
    },
    { resource: { resourceType: 'Condition', subject: { reference: 'Patient/77' }, kode: {} } },
  ],
});

beforeAll(async () => {
  first = await openTestHouse();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-second-'));
  starting = freePort().then((port) => up({ folder, port, demo: true }));
  here = { baseUrl: first.url, origin: first.url, patience: 0 };
  const [patient, clinic] = await Promise.all([openPatient(here), openClinic(here)]);
  ann = patient;
  old = await vaultOf(ann);
  const play = new VisitPlay(here, ann, clinic);
  await play.book(await play.choose());
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  await play.ready();
  await play.checkIn();
  await play.unseal();
  await play.treat(undefined, 'No pain');
  const secret = await visitSecret(play.visit, await play.atPhone());
  const { statement, content } = (await patientRecord(ann.io, play.visit, secret))!.versions[0]!;
  const last = { statement, document: readRecordDocument(content) };
  await amendRecord(clinic, await play.atDesk(), last, visitSecretOf(clinic, play.visit.id), {
    author: { name: '林静' },
    reason: 'A place was left out',
    note: 'No pain. Also the left side.',
    amounts: {},
  });
  await play.claim();
  await play.release();
  await play.receipt();
  const { clinic: at, service, slot } = await play.atPhone();
  await old.rememberVisit({
    id: play.visit.id,
    index: play.visit.index,
    clinic: at.name,
    clinicId: at.id,
    service: service.procedure.name,
    at: slot.startsAt,
    generation: 1,
  });
  const files = [
    await prepare('old clinic.csv', utf8(TABLE)),
    await prepare('record.json', utf8(FHIR)),
    await prepare('front.png', drawFace(3, 'Hangzhou').file as Bytes),
    await prepare('letter.pdf', utf8('%PDF-1.7\n…')),
  ];
  await keepFiles(old, files as never, keepIn(old), on, 'Allergies');
  await registerDeskKey(clinic);
  await givePermission(old, {
    organisation: { id: at.id, name: at.name },
    person: null,
    purpose: 'TREAT',
    actions: ['view'],
    compartments: ['face-photos'],
    objects: [],
    until: toIso(old.io.now() + 30 * DAY),
    reads: null,
    region: 'CN',
    language: 'zh-CN',
    name: '小安',
    visit: null,
  });
  const note = old.visits[0]!;
  await until(async () => {
    await keepProofs(old, ann.io, note, 'Filler');
    const kept = old.contents.items.find(({ kind }) => kind === 'sealed-record')!;
    return (await readSealed(old, kept)).versions.every(({ proof }) => proof) ? true : null;
  });
  const exported = await exportAll(old, { passphrase: PHRASE });
  file = exported!;
  moved = await openExport(file, { passphrase: PHRASE });
  second = await starting;
  // two worlds and a whole visit
}, 600_000);
afterAll(async () => {
  await first?.close();
  const other = await starting?.catch(() => null);
  other?.child.kill('SIGTERM');
  await other?.ended;
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('an export', () => {
  it('holds every object, the trust file, and a bundle that is valid FHIR of our profiles', async () => {
    const files = readZip(await readAge(file, { passphrase: PHRASE }));
    expect(files.slice(0, 3).map(({ name }) => name)).toEqual(['index.json', 'trust.json', 'fhir.json']);
    expect(moved.index.items.map(({ kind }) => kind).sort()).toEqual([
      'allergies',
      'document',
      'document',
      'fhir',
      'fhir',
      'photo',
      'receipt',
      'sealed-record',
      'visit-receipt',
    ]);
    const { resource, issues } = readResource(files[2]!.bytes);
    expect(issues).toEqual([]);
    expect(profileIssues(resource)).toEqual([]);
    expect(JSON.stringify(resource)).toContain('Provenance');
  });

  it('is opened by its passphrase or key only, and refused if anything in it is not what it names', async () => {
    expect(await codeOf(openExport(file, { passphrase: 'seven quiet herons at dawn' }))).toBe(
      'AGE_NOT_OPENED',
    );
    const identity = await generateIdentity();
    const recipient = await identityToRecipient(identity);
    const byKey = await exportAll(old, { recipient });
    expect((await openExport(byKey!, { identity })).index.items).toHaveLength(moved.index.items.length);
    expect(await codeOf(openExport(byKey!, { identity: await generateIdentity() }))).toBe('AGE_NOT_OPENED');
    const files = readZip(await readAge(file, { passphrase: PHRASE }));
    const changed = async (change: (all: typeof files) => typeof files) =>
      codeOf(
        openExport(await writeAge(writeZip(change(files), 0), { passphrase: PHRASE }), {
          passphrase: PHRASE,
        }),
      );
    expect(await changed((all) => all)).toBe('done');
    expect(await changed((all) => all.slice(0, -1))).toBe('MOVED_WRONG');
    expect(await changed((all) => all.slice(1))).toBe('MOVED_WRONG');
    expect(await changed((all) => [...all, { name: 'files/more.bin', bytes: utf8('x') }])).toBe(
      'MOVED_WRONG',
    );
    expect(
      await changed((all) =>
        all.map((one, i) =>
          i < 3 ? one : { ...one, bytes: one.bytes.map((b, k) => (k === 9 ? b ^ 1 : b)) },
        ),
      ),
    ).toBe('MOVED_WRONG');
    expect(await exportAll(old, { passphrase: PHRASE }, () => false)).toBeNull();
  });
});

describe('another installation', () => {
  let bo: Patient;
  let young: Vault;

  it('is another: other logs, other issuers', async () => {
    const theirs = async (house: { url: string }) =>
      canonicalJson(
        await (await openPatient({ baseUrl: house.url, origin: house.url, patience: 0 })).io.api.call(
          houseApi.readTrust,
        ),
      );
    expect(await theirs(second)).not.toBe(moved.trust);
    expect(await theirs(first)).toBe(moved.trust);
  });

  it('keeps every object byte for byte, and a second time adds nothing', async () => {
    const there = { baseUrl: second.url, origin: second.url, patience: 0 };
    bo = await openPatient(there);
    young = await vaultOf(bo);
    // stopped on the way, then gone on with
    let left = 3;
    expect(await moveIn(young, moved, NAMES, keepIn(young), () => left-- > 0)).toMatchObject({
      stopped: true,
      kept: 3,
    });
    const result = await moveIn(young, moved, NAMES, keepIn(young));
    expect(result).toMatchObject({ stopped: false, known: 3 });
    expect((await moveIn(young, moved, NAMES, keepIn(young))).kept).toBe(0);
    young = await vaultOf(bo);
    for (const item of moved.index.items) {
      const kept = young.contents.items.find(({ digest }) => digest === item.digest)!;
      const { kind, title, at, zones, mime, compartment } = item;
      expect(kept).toMatchObject({ kind, title, at, zones, mime, compartment, source: result.source });
      expect(Buffer.from(await young.read(kept)).equals(Buffer.from(moved.bytesOf(item)))).toBe(true);
    }
    for (const item of old.contents.items)
      expect(young.contents.items.map(({ digest }) => digest)).toContain(item.digest);
  });

  it('finds every proof to hold by the trust file that came along, even with the first one gone', async () => {
    await first.close();
    const trust = young.contents.items.find(({ kind }) => kind === 'trust')!;
    expect(Buffer.from(await young.read(trust)).toString()).toBe(moved.trust);
    const judged = await judgeMoved(moved, Date.parse('2026-12-31T00:00:00Z'));
    expect(judged.map(({ kind, verdict }) => `${kind} ${verdict}`).sort()).toEqual([
      'grant proven',
      'sealed-record proven',
      'visit-receipt proven',
    ]);
    const own = canonicalJson(await bo.io.api.call(houseApi.readTrust));
    const foreign = await judgeMoved({ ...moved, trust: own }, Date.parse('2026-12-31T00:00:00Z'));
    // a permission is signed by the person, and needs no trust file
    expect(foreign.map(({ verdict }) => verdict)).toEqual(['false', 'false', 'proven']);
    const longer = moved.index.grants.map((one) => ({
      ...one,
      grant: { ...one.grant, notAfter: '2099-01-01T00:00:00.000Z' },
    }));
    const stretched = await judgeMoved({ ...moved, index: { ...moved.index, grants: longer } }, 0);
    expect(stretched.at(-1)).toMatchObject({ kind: 'grant', verdict: 'false' });
    const none = await judgeMoved({ ...moved, trust: null }, 0);
    expect(none.map(({ verdict }) => verdict)).toEqual(['cannot-judge', 'cannot-judge', 'proven']);
  });

  it('joins two allergy lists, and takes the import back as a whole', async () => {
    const before = young.contents.items.length;
    const source = young.contents.items[0]!.source;
    expect(await undoImport(young, source)).toBe(before);
    expect(young.contents.items).toEqual([]);
    const mine = {
      answered: true,
      facts: [
        {
          substance: null,
          text: 'Latex',
          verification: 'confirmed',
          criticality: 'high',
          recordedOn: '2020-01-01',
        },
      ],
    };
    const facts = {
      compartment: 'allergies',
      kind: 'allergies',
      title: 'Allergies',
      at: '2026-01-01',
      mime: 'application/json',
    } as const;
    await young.put(facts, utf8(canonicalJson(mine)));
    await moveIn(young, moved, NAMES, keepIn(young));
    const list = young.contents.items.filter(({ kind }) => kind === 'allergies');
    expect(list).toHaveLength(1);
    const text = Buffer.from(await young.read(list[0]!)).toString();
    expect(text).toContain('Latex');
    expect(text).toContain('Lidocaine');
    const came = moved.index.items.find(({ kind }) => kind === 'allergies')!;
    expect(young.contents.items.some(({ digest }) => digest === came.digest)).toBe(true);
  });
});
