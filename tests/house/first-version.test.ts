/** Data of the first version, opened by this one: read, judged, proven, and gone on with. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { careApi } from '@zhenmei/care/api.ts';
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import { apiAt, deviceOf, type Place, random, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { Api } from '@zhenmei/client/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { buildReceipt } from '@zhenmei/client/receipt.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { pendingMigrations } from '@zhenmei/db';
import { parseTrustFile } from '@zhenmei/evidence';
import { identityApi } from '@zhenmei/identity/api.ts';
import { enqueue } from '@zhenmei/jobs';
import { fromHex, fromUtf8, newId, toBase64Url, toHex, utf8 } from '@zhenmei/kernel';
import { reconcileMoney } from '@zhenmei/money';
import { moneyApi } from '@zhenmei/money/api.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { type House, startHouse } from '@zhenmei/server';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { MIGRATIONS } from '@zhenmei/server/compose/engines.ts';
import { readConfig } from '@zhenmei/server/config.ts';
import { carryOver } from '@zhenmei/server/demo/carry-over.ts';
import { createLogger } from '@zhenmei/telemetry';
import { verifyConsistency, verifyLogProof } from '@zhenmei/tlog';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { agreementSealKeys, readSecret } from '@zhenmei/vault/core/derive.ts';
import { openKeyset } from '@zhenmei/vault/core/keyset.ts';
import { openSealed } from '@zhenmei/vault/core/seal.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  changeRows,
  type FirstVersion,
  firstModules,
  firstReceipt,
  restoreFirstVersion,
} from './fixtures/first-version.ts';
import { freePort } from './test-house.ts';

/** Just before the appointment of the visit under way. */
const NOW = Date.parse('2026-12-10T01:59:45Z');
const log = createLogger({ level: 'silent' });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-first-'));

let house: House;
let old: FirstVersion;
let place: Place;

const rows = async <T>(text: string): Promise<T[]> =>
  (await sql.raw<T>(text).execute(house.engines.database.db)).rows;
const bytes = (hex: string) => fromHex(`0x${hex}`);

async function start(): Promise<House> {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const config = { ...readConfig({ PORT: String(port) }), dataDir: folder, publicUrl };
  return startHouse({ config, log });
}

beforeAll(async () => {
  fs.chmodSync(folder, 0o711);
  old = await restoreFirstVersion(folder, NOW);
  house = await start();
  place = { baseUrl: house.url, origin: house.url, patience: 10, ahead: house.deps.clock.offset() };
  expect(await carryOver(house.deps, house.modules)).toBe(true);
});
afterAll(async () => {
  await house?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The patient's device, signed in with the passkey of then. */
async function signIn() {
  const api = apiAt(place, 'patient');
  const passkey = softwarePasskey(bytes(old.patientPasskey), place.origin);
  const { challenge, rpId } = await api.call(identityApi.challenge, { body: { purpose: 'sign-in' } });
  const assertion = passkey.answer(challenge, rpId);
  await api.call(identityApi.signIn, { body: { assertion } as never });
  return { api, passkey };
}

let signedIn: ReturnType<typeof signIn> | undefined;
const patientApi = () => {
  signedIn ??= signIn();
  return signedIn;
};

const patientVisit = (index: 0 | 1) => ({ id: old.visits[index], index, root: bytes(old.root) });
const io = (api = apiAt(place, 'patient')) => ({
  api,
  now: () => house.deps.clock.now(),
  newId: () => newId(Date.now(), random(10)),
});

/** The clinic's tablet with the session of then. */
function tablet(): Clinic {
  const withSession: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', old.cookie);
    headers.set('origin', place.origin);
    return fetch(input, { ...init, headers });
  };
  const desk = apiAt(place, 'desk');
  return {
    desk: {
      ...old.desk,
      api: new Api({ ...desk.options, fetch: withSession }),
      device: deviceOf(bytes(old.deskDevice)),
      authenticator: softwarePasskey(bytes(old.deskPasskey), place.origin),
      rpId: 'localhost',
    },
    secret: bytes(old.clinicSecret),
    licence: old.licences.clinic,
    doctorLicences: old.licences.doctors,
    gln: old.gln,
    now: () => house.deps.clock.now(),
    random,
  };
}

/** What the public page of a doctor says of the licence. */
async function licenceOf(subject: string) {
  const { licences } = await apiAt(place, 'patient').call(identityApi.readProfile, { params: { subject } });
  return licences[0]!;
}

describe('data of the first version', () => {
  it('get every later migration, and had rows of every module', async () => {
    expect(await pendingMigrations(house.engines.database.db, MIGRATIONS)).toEqual([]);
    const modules = ['care', 'chain', 'http', 'identity', 'jobs', 'money', 'provenance', 'tlog', 'vault'];
    expect(firstModules().sort()).toEqual(modules);
    expect(MIGRATIONS.map(({ module }) => module)).toEqual(expect.arrayContaining(modules));
  });

  it('platform: a session goes on, done work is not done again, what was sent is known', async () => {
    const me = await tablet().desk.api.call(identityApi.me);
    expect(me.organisation?.id).toBe(old.desk.organisationId);
    const [job] = await rows<{ key: string; kind: string }>('select key, kind from jobs.job limit 1');
    const { db } = house.engines.database;
    expect(await enqueue(db, { ...job!, payload: null, dueAt: 0 })).toBe(false);
    const sent = await rows<{ key: string }>(`select key from chain.outgoing where key like 'mint/%'`);
    expect(sent.length).toBeGreaterThan(0);
    for (const { key } of sent)
      expect(await house.deps.protocol.custodian.settled(key)).toMatchObject({ block: expect.any(Number) });
  });

  it('log: its leaves prove, and its checkpoints lead to the newest', async () => {
    const { log: kept } = house.modules;
    const heads = await rows<{ size: bigint; root: Uint8Array }>(
      'select size, root from tlog.checkpoint order by size',
    );
    await kept.tick({ force: true });
    const newest = await kept.checkpoint();
    expect(heads.length).toBeGreaterThan(2);
    for (const { size, root } of heads)
      verifyConsistency(
        Number(size),
        newest.size,
        new Uint8Array(root),
        newest.root,
        await kept.consistency(Number(size), newest.size),
      );
    const trust = parseTrustFile(JSON.stringify(old.trust)).logs[0]!;
    for (const key of [`consent/${old.visits[0]}`, `seal/${old.visits[0]}`, `consent/${old.visits[1]}`])
      expect(verifyLogProof(await kept.proof({ key }), trust), key).toBeTruthy();
  });

  it('identity: certificates hold, and a passkey opens its account', async () => {
    const { licences } = await apiAt(place, 'patient').call(identityApi.readProfile, {
      params: { subject: old.desk.organisationId },
    });
    expect(licences.map(({ verdict }) => verdict)).toContain('proven');
    expect(await carryOver(house.deps, house.modules)).toBe(false);
    const { code } = await licenceOf(old.actors.doctors.qian!.id);
    expect(code).toBe('CREDENTIAL_SUSPENDED');
    const { api } = await patientApi();
    expect((await api.call(identityApi.me)).seat).toBe('patient');
  });

  it('vault: the keyset opens to the same root; an object and a delivery are as they were', async () => {
    const { api, passkey } = await patientApi();
    const challenge = toBase64Url(random(32));
    const { prf } = await passkey.register({ challenge, rpId: 'localhost', userName: 'x' });
    const keyset = await api.call(vaultApi.readKeyset);
    const opened = await openKeyset(keyset, { kind: 'passkey', id: passkey.credentialId, secret: prf! });
    expect(toHex(opened.root)).toBe(old.root);
    const object = await api.call(vaultApi.readObject, { params: { name: 'first-object' } });
    expect(object).toEqual({ revision: 1, cipher: old.object, compartment: '', wrappedKey: '' });
    const next = { revision: 2, cipher: toBase64Url(utf8('later')), compartment: 'c', wrappedKey: 'w' };
    await api.call(vaultApi.writeObject, { params: { name: 'first-object' }, body: next });
    expect(await api.call(vaultApi.readObject, { params: { name: 'first-object' } })).toEqual(next);
    const delivery = await api.call(vaultApi.collect, { params: { label: old.mailbox } });
    expect([delivery.n, delivery.count]).toEqual([1, 1]);
    const text = await openSealed(
      agreementSealKeys(bytes(old.root), 0).secretKey,
      delivery.sealed,
      `record/${old.visits[0]}`,
    );
    expect(JSON.parse(fromUtf8(text))).toMatchObject({ resourceType: 'Bundle' });
  });

  it('provenance: events are judged, and found with their hash', async () => {
    const api = apiAt(place, 'patient');
    const scan = (code: string) => api.call(provenanceApi.verify, { query: { code } });
    const [fresh, used] = await Promise.all([scan(unopened()), scan(await usedUnit())]);
    expect([fresh.level, fresh.trail.map(({ step }) => step)]).toEqual([
      'green',
      ['commissioning', 'shipping', 'receiving', 'shipping', 'receiving'],
    ]);
    expect(used.trail.at(-1)?.step).toBe('dispensing');
    const recalled = old.actors.codes.find(({ key }) => key === 'recalled')!;
    expect((await scan(recalled.code)).level).toBe('red');

    const found = await api.call(provenanceApi.events, { query: { MATCH_anyEPC: unopened() } });
    const events = found.epcisBody.queryResults.resultsBody.eventList;
    expect(events).toHaveLength(5);
    for (const event of events) expect(event.eventID).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
  });

  it('care: a closed visit is read, and its receipt is made and proven anew; the one of then still holds', async () => {
    const visit = patientVisit(0);
    const view = await io().api.call(careApi.readVisit, {
      params: { id: visit.id },
      bearer: readSecret(visit.root, 0).token,
    });
    expect([view.state, view.history.at(-1)?.type, view.receiptReady]).toEqual(['closed', 'close', true]);
    const trust = parseTrustFile(JSON.stringify(await io().api.call(houseApi.readTrust)));
    const now = house.deps.clock.now();
    const { text } = await buildReceipt(io(), visit, view);
    for (const [receipt, by] of [
      [text, trust],
      [firstReceipt(), trust],
      [firstReceipt(), parseTrustFile(JSON.stringify(old.trust))],
    ] as const) {
      const { exit } = await verifyReceipt({ bytes: utf8(receipt), trust: by, now });
      expect(exit).toBe(0);
    }
  });

  it('money: the escrow of then takes no report of absence, and the house knows it', async () => {
    expect(await house.modules.money.absences.known()).toBe(false);
  });

  it('money: accounts and statement are as they were, and follow from the ledger', async () => {
    const statement = await tablet().desk.api.call(moneyApi.statement);
    const [account] = await rows<{ funded: string }>(
      `select funded::text from money.account where state <> 'closed'`,
    );
    expect(statement.held).toBe(account!.funded);
    expect(statement.movements.map(({ kind }) => kind).sort()).toEqual(['credited', 'withdrawn']);
    const compared = await rebuildAndCompare(house);
    expect(compared.filter(({ different }) => different.length > 0)).toEqual([]);
  });

  it('money: what came in before there were statements reconciles, and what was withdrawn is paid', async () => {
    const paid = () => rows<{ state: string }>('select state from money.rail_payment');
    await expect.poll(paid).toEqual([{ state: 'booked' }]);
    expect((await reconcileMoney(house.modules.money, () => 0)).body.differences).toEqual([]);
  });

  it('care: a visit under way goes on to its receipt', async () => {
    const play = new VisitPlay(place, { io: io(), root: bytes(old.root) }, tablet());
    const visit = patientVisit(1);
    const view = await io().api.call(careApi.readVisit, {
      params: { id: visit.id },
      bearer: readSecret(visit.root, 1).token,
    });
    expect([view.state, view.money?.held]).toEqual(['held', view.total]);
    play.resume(visit, {
      service: { id: view.serviceId, gtin: view.service.gtin! },
      slot: { id: '', startsAt: view.slot.startsAt },
    });
    await play.ready();
    await play.checkIn();
    await play.unseal();
    await play.treat();
    await play.claim();
    await play.release();
    await play.withdraw();
    const { text, trust } = await play.receipt();
    const { exit } = await verifyReceipt({
      bytes: utf8(text),
      trust: parseTrustFile(trust),
      now: house.deps.clock.now(),
    });
    expect(exit).toBe(0);
  });
});

const unopened = () => old.actors.stock.meiyuan!.findLast(({ gtin }) => old.sample.includes(gtin))!.unit;
const usedUnit = async () =>
  (
    await rows<{ unit: string }>(`select treatment ->> 'unit' as unit from care.visit where state = 'closed'`)
  )[0]!.unit;

describe('what was applied never changes', () => {
  it.each([
    [
      'another',
      `update platform.migration set checksum = reverse(checksum) where module = 'care' and number = 1`,
      'MIGRATION_CHANGED',
    ],
    [
      'missing in the program',
      `insert into platform.migration (module, number, file, checksum) values ('care', 99, '0099_later.sql', 'x')`,
      'MIGRATION_MISSING',
    ],
  ])('a house whose migration is %s does not start', async (_, fault, code) => {
    await house.close();
    const postgres = path.join(folder, 'postgres');
    await changeRows(postgres, `create table public.kept as select * from platform.migration; ${fault}`);
    await expect(start()).rejects.toMatchObject({ code });
    await changeRows(
      postgres,
      'truncate platform.migration; insert into platform.migration select * from public.kept; drop table public.kept',
    );
    house = await start();
  });
});
