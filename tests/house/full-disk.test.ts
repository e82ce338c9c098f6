/** A house without room says so by name, keeps what it acknowledged, and goes on by itself when there is room again. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import { Api, type ApiError } from '@zhenmei/client/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { parseTrustFile } from '@zhenmei/evidence';
import { identityApi } from '@zhenmei/identity/api.ts';
import { toBase64Url, utf8 } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { family, limitFiles, pidOf, type ServerProcess, up } from './server-process.ts';
import { freePort, heard } from './test-house.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-full-'));
fs.chmodSync(root, 0o711);
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('a start without room', () => {
  const folder = path.join(root, 'start');

  it.each([
    ['en', 'The disk is full'],
    ['zh_CN.UTF-8', '磁盘已满'],
  ] as const)('is refused by name (%s)', async (lang, words) => {
    const start = up({ folder, port: await freePort(), lang, fileBlocks: 0 });
    await expect(start).rejects.toThrow(new RegExp(`"code":"DISK_FULL","message":"${words}`));
  });

  it('leaves nothing that a start with room would stumble over', async () => {
    const house = await up({ folder, port: await freePort() });
    expect((await fetch(`${house.url}/readyz`)).status).toBe(200);
    house.child.kill('SIGTERM');
    expect(await house.ended).toBe(0);
  });

  it('is refused by name on data that are there, too, and does not harm them', async () => {
    const start = up({ folder, port: await freePort(), fileBlocks: 0 });
    await expect(start).rejects.toThrow(/"code":"DISK_FULL"/);
    const house = await up({ folder, port: await freePort() });
    house.child.kill('SIGTERM');
    expect(await house.ended).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('a house that runs out of room', () => {
  let house: ServerProcess;
  let patient: Patient;
  let clinic: Clinic;
  let play: VisitPlay;
  const part = (name: 'postgres' | 'sequencer') => family(pidOf(house.pids.server, name)!);
  const everything = () => family(house.pids.server);

  beforeAll(async () => {
    house = await up({
      folder: path.join(root, 'visit'),
      port: await freePort(),
      demo: true,
      hear: () => undefined,
    });
    const place: Place = { baseUrl: house.url, origin: house.url, patience: 60 };
    [patient, clinic] = [await openPatient(place), await openClinic(place)];
    play = new VisitPlay(place, patient, clinic);
    await play.book(await play.choose());
    await play.offer();
    await play.agree();
    await play.pay();
  });
  afterAll(async () => {
    house?.child.kill('SIGKILL');
    await house?.ended;
  });

  /** Asks once. @returns the refusal; says it in both languages */
  async function refusal(work: (api: Api) => Promise<unknown>, api = patient.io.api): Promise<string> {
    try {
      await work(new Api({ ...api.options, patience: 0 }));
      return 'done';
    } catch (error) {
      const { code, status, retryable, texts } = error as ApiError;
      expect([status, retryable, texts.zh.length > 8, texts.en.length > 8], code).toEqual([
        code === 'BLOB_STORE_FULL' ? 507 : 503,
        true,
        true,
        true,
      ]);
      return code;
    }
  }
  const impatient = (api: Api) =>
    new VisitPlay(play.place, { ...patient, io: { ...patient.io, api } }, clinic);
  const leave = (api: Api) =>
    api.call(vaultApi.leave, {
      params: { label: toBase64Url(random(32)) },
      body: { sealed: toBase64Url(random(2_000)) },
    });
  const now = async () => Date.parse((await patient.io.api.call(houseApi.readConfig)).now);

  it('says that its ledger takes nothing, still shows what is there, and holds the money when it can', async () => {
    limitFiles(part('sequencer'), 0);
    const view = await play.atPhone();
    const { relayEscrow } = await import('@zhenmei/client/patient.ts');
    const open = (api: Api) => relayEscrow({ ...patient.io, api }, play.visit, 'open', view);
    expect(await refusal(open)).toBe('CHAIN_JOURNAL_WRITE');
    expect((await play.atPhone()).state).toBe('agreed');
    // it is signed while the ledger still takes nothing: afterwards the first one may be done before it is asked for
    const brought = Promise.withResolvers<void>();
    const hear = (route: unknown) => void (route === moneyApi.relay && brought.resolve());
    const waiting = open(heard(patient.io.api, hear));
    await brought.promise;
    limitFiles(part('sequencer'), 'unlimited');
    await waiting;
    await play.reached('held');
    expect((await play.atPhone()).money?.held).toBe(view.total);
  });

  it('says that its own folder has no room, and neither moves its clock nor keeps half a file', async () => {
    limitFiles([house.pids.server], 0);
    const before = await now();
    const later = (api: Api) => impatient(api).passTime(before + 86_400_000);
    expect(await refusal(later)).toBe('STORAGE_FULL');
    expect((await now()) - before).toBeLessThan(60_000);
    expect(await refusal(leave, clinic.desk.api)).toBe('BLOB_STORE_FULL');
    limitFiles([house.pids.server], 'unlimited');
    expect(await refusal(leave, clinic.desk.api)).toBe('done');
    await play.passTime();
  });

  it('says that nothing can be saved at all, loses nothing, and goes on when there is room', async () => {
    const acknowledged = await play.atPhone();
    limitFiles(everything(), 0);
    const challenge = (api: Api) => api.call(identityApi.challenge, { body: { purpose: 'patient' } });
    await expect.poll(() => refusal(challenge)).toBe('STORAGE_FULL');
    await expect
      .poll(async () => (await fetch(`${house.url}/readyz`)).json())
      .toMatchObject({ ready: false, checks: { database: { code: 'STORAGE_FULL' } } });
    const waiting = play.ready();
    limitFiles(everything(), 'unlimited');
    await waiting;
    const { state, history } = await play.atPhone();
    expect(state).toBe('ready');
    expect(history.slice(0, -1)).toEqual(acknowledged.history);
  });

  it('ends the visit as if nothing had been', async () => {
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
      now: Date.now(),
    });
    expect(exit).toBe(0);
    house.child.kill('SIGTERM');
    expect(await house.ended).toBe(0);
  });
});
