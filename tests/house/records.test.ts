/** A sealed record over the public API: both sign, amendments add, and one changed byte in the database is found. */
import { acknowledge, type SealedRecord, statementHash } from '@zhenmei/care/core/sealed-record.ts';
import { recordApi } from '@zhenmei/care/record-api.ts';
import {
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import { type Clinic, visitSecretOf } from '@zhenmei/client/clinic.ts';
import { visitSecret } from '@zhenmei/client/patient.ts';
import { acknowledgeVersion, openRecord, patientRecord } from '@zhenmei/client/records/read-record.ts';
import { amendRecord, makeVersion } from '@zhenmei/client/records/write-record.ts';
import { keepProofs, readSealed } from '@zhenmei/client/vault/proofs.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence';
import { canonicalJson, type Json, toIso, utf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { agreementKey, readSecret } from '@zhenmei/vault/core/derive.ts';
import { readRecordDocument, recordChanges } from '@zhenmei/vault/core/record-document.ts';
import { verifyRecord } from '@zhenmei/verifier/verify-record.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let ann: Patient;
let bo: Patient;
let clinic: Clinic;
let play: VisitPlay;
let secret: Uint8Array<ArrayBuffer>;
let trust: TrustFile;

beforeAll(async () => {
  house = await openTestHouse();
  const place: Place = { baseUrl: house.url, origin: house.url, patience: 0 };
  [ann, bo, clinic] = await Promise.all([openPatient(place), openPatient(place), openClinic(place)]);
  play = new VisitPlay(place, ann, clinic);
  await play.book(await play.choose());
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  await play.ready();
  await play.checkIn();
  await play.unseal();
  await play.treat(undefined, 'Bruise on the left, no pain');
  secret = await visitSecret(play.visit, await play.atPhone());
  trust = parseTrustFile(canonicalJson(await ann.io.api.call(houseApi.readTrust)));
});
afterAll(async () => {
  await house?.close();
});

const mine = async (): Promise<SealedRecord> => (await patientRecord(ann.io, play.visit, secret))!;
const verdict = (record: SealedRecord) => verifyRecord(utf8(canonicalJson(record)), trust);
/** The record once the log has published all of it. */
async function published(versions: number): Promise<SealedRecord> {
  return expect
    .poll(async () => {
      const record = await mine();
      return record.versions.length === versions && verdict(record).waiting.length === 0 ? record : null;
    })
    .not.toBeNull()
    .then(mine);
}
const last = (record: SealedRecord) => {
  const version = record.versions.at(-1)!;
  return { statement: version.statement, document: readRecordDocument(version.content) };
};
const amend = async (reason = 'The amount on the right was written wrongly') =>
  amendRecord(clinic, await play.atDesk(), last(await mine()), visitSecretOf(clinic, play.visit.id), {
    author: { name: '林静' },
    reason,
    note: 'Bruise on the left, no pain. Seen again after two days.',
    amounts: {},
  });

describe('a sealed record', () => {
  it('is signed by both sides with the treatment, and stands in the log', async () => {
    const record = await published(1);
    const { since, waiting } = verdict(record);
    expect(waiting).toEqual([]);
    expect(since).toBe(record.versions[0]!.statement.at);
    expect(record.versions[0]!.acknowledgement).not.toBeNull();
    const { document } = last(record);
    expect(document.reason).toBeNull();
    expect(document.record.entry[0].resource.note?.[0].text).toBe('Bruise on the left, no pain');
    const step = (
      await sql<{ record: string }>`select step->'data'->>'record' as record from care.visit_step
      where visit_id = ${play.visit.id} and type = 'perform'`.execute(
        house.house.engines.database.db as never,
      )
    ).rows[0]!;
    expect(step.record).toBe(statementHash(record.versions[0]!.statement));
  });

  it('is the same for the clinic, and nobody else gets even the ciphertext', async () => {
    const view = await clinic.desk.api.call(recordApi.readRecord, { params: { id: play.visit.id } });
    const theirs = await openRecord(
      clinic.desk.api,
      play.visit.id,
      visitSecretOf(clinic, play.visit.id),
      view,
    );
    expect(canonicalJson(theirs!.versions[0]!.content)).toBe(
      canonicalJson((await mine()).versions[0]!.content),
    );
    expect(JSON.stringify(view)).not.toContain('Bruise');
    for (const bearer of [undefined, readSecret(bo.root, 0).token])
      expect(
        await codeOf(() =>
          bo.io.api.call(recordApi.readRecord, {
            params: { id: play.visit.id },
            ...(bearer ? { bearer } : {}),
          }),
        ),
      ).toBe('VISIT_UNKNOWN');
  });

  it('takes an amendment beside the first version, acknowledged once by the patient', async () => {
    const before = await mine();
    await amend();
    const after = await published(2);
    expect(canonicalJson(after.versions[0]!)).toBe(
      canonicalJson({ ...before.versions[0]!, proof: after.versions[0]!.proof }),
    );
    expect(after.versions[1]!.acknowledgement).toBeNull();
    const [a, b] = after.versions.map(({ content }) => readRecordDocument(content));
    expect(b!.reason).toBe('The amount on the right was written wrongly');
    expect(recordChanges(a!.record, b!.record).map(({ field }) => field)).toEqual(['note']);
    await acknowledgeVersion(ann.io, play.visit, after, 2);
    const first = (await mine()).versions[1]!.acknowledgement!;
    ann = { ...ann, io: { ...ann.io, now: () => Date.now() + 99_000_000 } };
    await acknowledgeVersion(ann.io, play.visit, after, 2);
    expect((await mine()).versions[1]!.acknowledgement).toEqual(first);
  });

  it('refuses what does not fit', async () => {
    const record = await mine();
    const { statement, document } = last(record);
    const params = { id: play.visit.id };
    const make = (previous: typeof statement | null, writer = clinic) =>
      makeVersion(writer, {
        visit: play.visit.id,
        secret,
        previous,
        author: { name: 'x' },
        reason: previous ? 'because' : null,
        record: document.record,
      });
    const add = (body: Awaited<ReturnType<typeof make>>) => () =>
      clinic.desk.api.call(recordApi.addVersion, { params, body });
    const next = await make(statement);
    const other = await openClinic({ baseUrl: house.url, origin: house.url, patience: 0 });
    const flipped = { ...next, box: `${next.box.slice(0, -4)}AAAA` };
    const nextVersion = { ...next, statement: { ...next.statement, version: 9 } };
    expect(await codeOf(add(await make(record.versions[0]!.statement)))).toBe('RECORD_VERSION_WRONG');
    expect(await codeOf(add(await make(null)))).toBe('RECORD_VERSION_WRONG');
    expect(await codeOf(add(flipped))).toBe('RECORD_SIGNATURE_WRONG');
    expect(await codeOf(add(nextVersion))).toBe('RECORD_SIGNATURE_WRONG');
    expect(await codeOf(add(await make(statement, other)))).toBe('RECORD_SIGNATURE_WRONG');
    expect(await codeOf(() => ann.io.api.call(recordApi.addVersion, { params, body: next }))).toMatch(
      /NOT_SIGNED_IN|SEAT_WRONG/,
    );
    const bearer = readSecret(ann.root, play.visit.index).token;
    const ack = (version: number, key: Uint8Array) => () =>
      ann.io.api.call(recordApi.acknowledge, {
        params: { ...params, version },
        bearer,
        body: acknowledge(statement, toIso(Date.now()), key),
      });
    expect(await codeOf(ack(2, agreementKey(bo.root, 0).privateKey))).toBe('RECORD_SIGNATURE_WRONG');
    expect(await codeOf(ack(7, agreementKey(ann.root, 0).privateKey))).toBe('RECORD_VERSION_UNKNOWN');
    expect(await codeOf(() => make({ ...statement, version: 50 }))).toBe('RECORD_INVALID');
    // the same amendment twice is one
    await add(next)();
    await add(next)();
    expect((await published(3)).versions).toHaveLength(3);
  });

  it('cannot be amended before the treatment', async () => {
    const place: Place = { baseUrl: house.url, origin: house.url, patience: 0 };
    const early = new VisitPlay(place, bo, clinic);
    await early.book(await early.choose());
    await early.offer();
    const { record } = last(await mine()).document;
    const body = await makeVersion(clinic, {
      visit: early.visit.id,
      secret: visitSecretOf(clinic, early.visit.id),
      previous: null,
      author: { name: 'x' },
      reason: null,
      record,
    });
    expect(
      await codeOf(() =>
        clinic.desk.api.call(recordApi.addVersion, { params: { id: early.visit.id }, body }),
      ),
    ).toBe('RECORD_NOT_YET');
  });
});

describe('a changed byte', () => {
  it('in any value of the file is found, and named by its version', async () => {
    const record = await published(3);
    /** Another value at a place, by its path; nothing at all takes the place away. */
    const change = (...steps: (string | number)[]) => ({
      to: async (value?: Json) => {
        const copy = JSON.parse(canonicalJson(record)) as Json;
        const parent = steps.slice(0, -1).reduce((at, step) => (at as never)[step], copy) as never;
        const key = steps.at(-1)!;
        if (value !== undefined) (parent as Record<string, Json>)[key] = value;
        else (parent as Json[]).splice(Number(key), 1);
        return codeOf(() => verdict(copy as unknown as SealedRecord));
      },
    });
    const old = '2020-01-01T00:00:00.000Z';
    const proofs = record.versions.map(({ proof }) => proof!);
    const codes = await Promise.all([
      change('versions', 0, 'content', 'at').to(old),
      change('versions', 1, 'content', 'reason').to('another'),
      change('versions', 0, 'statement', 'at').to(old),
      change('versions', 1, 'salt').to(`0x${'1'.repeat(64)}`),
      change('versions', 0, 'signature').to(`0x${'1'.repeat(128)}`),
      change('versions', 0, 'acknowledgement', 'at').to(old),
      change('versions', 0).to(),
      change('versions', 1).to(),
      change('versions').to([...record.versions].reverse() as unknown as Json),
      change('versions', 0, 'proof', 'index').to(proofs[0]!.index + 1),
      change('versions', 0, 'proof').to(proofs[1] as unknown as Json),
      change('versions', 0, 'proof', 'origin').to('another.example/log'),
      change('clinicKey').to(`0x04${'2'.repeat(128)}`),
      change('patient').to(`0x${'2'.repeat(40)}`),
      change('visit').to('0198f0a0-0000-7000-8000-000000000001'),
    ]);
    expect(await change('version').to(1)).toBe('done');
    expect(codes).toEqual(codes.map(() => 'RECORD_CHANGED'));
  });

  it('in the database is found by the phone', async () => {
    const { db } = house.house.engines.database;
    const run = (query: ReturnType<typeof sql>) => query.execute(db as never);
    const id = play.visit.id;
    // the table itself refuses; whoever owns the database goes around it
    await expect(
      run(
        sql`update care.record_version set box = set_byte(box, 40, 255 - get_byte(box, 40)) where visit_id = ${id}`,
      ),
    ).rejects.toThrow('not changed');
    const spoil = async (edit: ReturnType<typeof sql>, undo: ReturnType<typeof sql>): Promise<string> => {
      await run(sql`alter table care.record_version disable trigger record_version_is_kept`);
      await run(edit);
      const code = await codeOf(mine);
      await run(undo);
      await run(sql`alter table care.record_version enable trigger record_version_is_kept`);
      return code;
    };
    const flip = sql`update care.record_version set box = set_byte(box, 40, 255 - get_byte(box, 40))
      where visit_id = ${id} and version = 1`;
    expect(await spoil(flip, flip)).toBe('RECORD_CHANGED');
    const at = (value: string) => sql`update care.record_version
      set statement = jsonb_set(statement, '{at}', to_jsonb(${value}::text)) where visit_id = ${id} and version = 2`;
    const real = (await mine()).versions[1]!.statement.at;
    expect(await spoil(at('2020-01-01T00:00:00.000Z'), at(real))).toBe('RECORD_CHANGED');
    const hide = sql`update care.record_version set version = version + 20 where visit_id = ${id} and version = 1`;
    const show = sql`update care.record_version set version = version - 20 where visit_id = ${id} and version = 21`;
    expect(await spoil(hide, show)).toBe('RECORD_CHANGED');
    expect(await codeOf(mine)).toBe('done');
  });
});

describe('the vault', () => {
  it('keeps the record, follows what is added, and refuses a server that takes something away', async () => {
    const io = { api: ann.io.api, now: ann.io.now, random };
    const vault = await Vault.openWithRoot(io, await ann.io.api.call(vaultApi.readKeyset), ann.root);
    const { clinic: at, service, slot } = await play.atPhone();
    const note = { clinic: at.name, service: service.procedure.name, at: slot.startsAt, generation: 1 };
    await vault.rememberVisit({ id: play.visit.id, index: play.visit.index, ...note });
    const look = () => keepProofs(vault, ann.io, vault.visits[0]!, 'Filler');
    const kept = () => vault.contents.items.find(({ kind }) => kind === 'sealed-record')!;
    await published(3);
    await look();
    expect(kept().version).toBe(1);
    await look();
    expect(kept().version).toBe(1);
    await amend('And once more');
    await published(4);
    await look();
    expect(kept().version).toBe(2);
    const run = (query: ReturnType<typeof sql>) => query.execute(house.house.engines.database.db as never);
    const id = play.visit.id;
    await run(sql`delete from care.record_version where visit_id = ${id} and version = 4`);
    expect(await codeOf(look)).toBe('RECORD_REWRITTEN');
    await run(sql`delete from care.record_version where visit_id = ${id}`);
    expect(await codeOf(look)).toBe('RECORD_REWRITTEN');
    expect(verdict(await readSealed(vault, kept())).record.versions).toHaveLength(4);
  });
});
