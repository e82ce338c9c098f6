/** A clinic's stock through the public API: the door, one vial for several patients, and what must not be possible. */

import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import type { StockUnitView } from '@zhenmei/care/core/stock-views.ts';
import { deviceApi } from '@zhenmei/care/device-api.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import {
  apiAt,
  freshUnit,
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { joinDesk } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { askFor, confirmRequest, sendScan, signScan, undoScan } from '@zhenmei/client/stock.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { utf8 } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let clinic: Clinic;
let second: Clinic;
let patients: Patient[];

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0 };
  patients = await Promise.all([openPatient(place), openPatient(place)]);
  clinic = await openClinic(place);
  // nothing happens for a while; the next device joins all the same
  const { now } = await patients[0]!.io.api.call(houseApi.readConfig);
  const later = new Date(Date.parse(now) + 300_000).toISOString();
  await patients[0]!.io.api.call(demoApi.advanceTime, { body: { to: later } });
  place.ahead = Date.parse(later) - Date.now();
  second = await openClinic(place);
});
afterAll(async () => {
  await house?.close();
});

const stock = (query: object) => clinic.desk.api.call(stockApi.stock, { query: query as never });
const unitOf = async (unit: string): Promise<StockUnitView> =>
  (await clinic.desk.api.call(stockApi.unit, { query: { unit } })).unit;
const scan = async (code: string) =>
  sendScan(clinic.desk, await signScan(clinic, { code, person: '陈护士' }));

describe('the door of the demo clinic', () => {
  it('answers each sample label by its own reason, and takes a receipt back', async () => {
    const { labels } = await clinic.desk.api.call(demoApi.sampleLabels);
    const code = (key: string) => labels.find((label) => label.key === key)!.code;
    const answers: Record<string, string> = {};
    for (const key of [
      'check-digit',
      'expired',
      'received',
      'not-approved',
      'other-lot',
      'other-clinic',
      'good',
    ])
      answers[key] = (await scan(code(key)))[0]!.reason;
    expect(answers).toEqual({
      'check-digit': 'code-malformed',
      expired: 'expired',
      received: 'already-received',
      'not-approved': 'rule',
      'other-lot': 'data-mismatch',
      'other-clinic': 'not-sent-here',
      good: 'accepted',
    });
    const [good] = (await clinic.desk.api.call(stockApi.goodsIn)).scans;
    expect(good).toMatchObject({ reason: 'accepted', canUndo: true });
    await undoScan(clinic, good!.scan, '陈护士');
    expect((await unitOf(good!.unit!)).state).toBe('announced');
    const box = await scan(code('box'));
    expect(box.filter(({ outcome }) => outcome === 'accepted').length).toBeGreaterThan(5);
    expect(box.every(({ outcome, reason }) => outcome === 'accepted' || reason === 'already-received')).toBe(
      true,
    );
  });

  it('signs for what it received, so that a unit’s every hand-over is signed by both sides', async () => {
    const { scans } = await clinic.desk.api.call(stockApi.goodsIn);
    const taken = scans.filter(({ outcome, undone }) => outcome === 'accepted' && !undone);
    expect(taken.length).toBeGreaterThan(5);
    const [digest] = taken[0]!.events;
    const { says, signatures } = await clinic.desk.api.call(provenanceApi.readSignatures, {
      params: { digest: digest! },
    });
    expect(says).toMatchObject({ bizStep: 'receiving' });
    expect(signatures).toHaveLength(1);
    const { units } = await stock({ state: 'in-stock', limit: 500 });
    const filler = units.find(({ toxin }) => !toxin)!;
    const { handovers } = await clinic.desk.api.call(provenanceApi.verify, { query: { code: filler.unit } });
    expect(handovers).toEqual({ signed: 2, total: 2 });
  });

  it('has stock of every state, in counts that add up', async () => {
    const { counts, total } = await stock({ limit: 500 });
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(total);
    for (const state of ['announced', 'in-stock', 'open', 'quarantined', 'recalled', 'installed'] as const)
      expect(counts[state], state).toBeGreaterThan(0);
    const [vial] = (await stock({ state: 'open' })).units;
    expect(vial).toMatchObject({ toxin: true, used: 40, remaining: 60, usable: true });
  });

  it('is not open to others', async () => {
    const stranger = apiAt(place, 'desk');
    expect(await codeOf(() => stranger.call(stockApi.stock, { query: {} }))).toBe('NOT_SIGNED_IN');
    expect(await codeOf(() => clinic.desk.api.call(stockApi.alerts))).toBe('NOT_A_REGULATOR');
  });
});

/** Booked, agreed, paid. */
async function held(patient: Patient, index: number, procedure: string): Promise<VisitPlay> {
  const play = new VisitPlay(place, patient, clinic);
  await play.book(await play.choose(procedure), index);
  await play.offer();
  await play.agree();
  await play.hold();
  return play;
}

describe('visits that take from stock', () => {
  it('split a vial, refuse what is used, and sign off on calibrated devices only', async () => {
    const [ann, bo] = patients as [Patient, Patient];
    const toxins = [await held(ann, 1, 'toxin-forehead'), await held(bo, 1, 'toxin-forehead')];
    const fillers = [await held(ann, 2, 'filler-nasolabial'), await held(bo, 2, 'filler-nasolabial')];
    const energy = await held(ann, 3, 'rf-face');
    const all = [...toxins, ...fillers, energy];
    const latest = Math.max(...all.map((play) => Date.parse(play.choice.slot.startsAt)));
    const old = (await stock({ state: 'open' })).units[0]!;
    await all[0]!.passTime(latest - 60_000);
    for (const play of all) {
      await play.ready();
      await play.checkIn();
    }

    // the vial of a week ago was open for too long
    expect(await codeOf(() => toxins[0]!.unseal(old, 20))).toBe('UNIT_OPEN_TOO_LONG');
    const vial = await freshUnit(clinic.desk.api, toxins[0]!.choice.service.gtin);
    await toxins[0]!.unseal(vial, 20);
    expect(await unitOf(vial.unit)).toMatchObject({ state: 'open', uses: 1, used: 20, remaining: 80 });
    expect(await codeOf(() => toxins[1]!.unseal(vial, 20)), 'as it was before').toBe('UNIT_CHANGED');
    expect(await codeOf(async () => toxins[1]!.unseal(await unitOf(vial.unit), 81))).toBe('UNIT_AMOUNT');
    await toxins[1]!.unseal(await unitOf(vial.unit), 30);
    expect(await unitOf(vial.unit)).toMatchObject({ uses: 2, used: 50, remaining: 50 });
    const waste = await askFor(clinic, {
      kind: 'waste',
      unit: vial.unit,
      amount: 50,
      reason: 'rest',
      note: '',
      person: '陈护士',
    });
    expect(await codeOf(() => confirmRequest(clinic, waste.id, '林医生'))).toBe('SECOND_PERSON_NEEDED');
    await confirmRequest(second, waste.id, '林医生');
    expect(await unitOf(vial.unit)).toMatchObject({ state: 'used', used: 50, wasted: 50, remaining: 0 });

    // one syringe, one patient
    const syringe = await freshUnit(clinic.desk.api, fillers[0]!.choice.service.gtin);
    expect(await codeOf(() => fillers[0]!.unseal({ ...syringe, unit: vial.unit }))).toBe(
      'UNIT_OTHER_PRODUCT',
    );
    await fillers[0]!.unseal(syringe);
    expect(await codeOf(() => fillers[1]!.unseal(syringe))).toBe('UNIT_ALREADY_USED');
    const regulator = await join('regulator');
    const { alerts } = await regulator.api.call(stockApi.alerts);
    expect(alerts.filter(({ kind }) => kind === 'reuse-attempt')).toMatchObject([
      { unit: syringe.unit, clinic: { id: clinic.desk.organisationId } },
    ]);
    expect(alerts.some(({ kind }) => kind === 'toxin-channel')).toBe(true);
    await fillers[1]!.unseal();

    // the device
    await energy.unseal();
    const { devices } = await clinic.desk.api.call(deviceApi.devices);
    const [fit, unfit] = [devices.find((d) => d.fit)!, devices.find((d) => !d.fit)!];
    expect(unfit.reasons.map(({ rule }) => rule)).toEqual(['device-calibration-valid']);
    const treat = (device?: { device: string; shots: number }) => codeOf(() => energy.treat(device));
    expect(await treat()).toBe('STEP_DATA_WRONG');
    expect(await treat({ device: unfit.unit, shots: 600 })).toBe('DEVICE_NOT_FIT');
    expect(await treat({ device: fit.unit, shots: 901 })).toBe('DEVICE_SHOTS');
    expect(await treat({ device: fit.unit, shots: 600 })).toBe('done');
    const after = (await clinic.desk.api.call(deviceApi.devices)).devices.find((d) => d.unit === fit.unit)!;
    expect(after.shots).toBe(fit.shots + 600);
    expect(after.parts[0]!.shots).toBe(fit.parts[0]!.shots + 600);
    const view = await energy.atPhone();
    expect(view.treatment).toMatchObject({ device: fit.unit, shots: 600 });
    const card = await ann.io.api.call(deviceApi.deviceCard, { query: { unit: fit.unit } });
    expect(card).toMatchObject({ serial: fit.serial, calibrationValid: true });

    // both patients of the vial hold a receipt that proves their product
    for (const play of toxins) {
      await play.treat();
      await play.claim();
      await play.release();
      const { text, trust } = await play.receipt();
      const now = Date.now() + (place.ahead ?? 0);
      const { proofs } = await verifyReceipt({ bytes: utf8(text), trust: parseTrustFile(trust), now });
      expect(Object.fromEntries(Object.entries(proofs).map(([name, p]) => [name, p.verdict]))).toEqual({
        licence: 'proven',
        product: 'proven',
        consent: 'proven',
        money: 'proven',
        review: 'proven',
      });
    }
    const { rows } = await clinic.desk.api.call(stockApi.toxinRegister, {
      query: { from: '2020-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' },
    });
    const ofVial = rows.filter(({ serial }) => serial === vial.serial);
    expect(ofVial.map(({ kind, amount, remaining }) => [kind, amount, remaining])).toEqual([
      ['received', 100, 100],
      ['used', -20, 80],
      ['used', -30, 50],
      ['wasted', -50, 0],
    ]);
    expect(ofVial.every(({ by }) => by !== '')).toBe(true);
    expect(ofVial.at(-1)).toMatchObject({ by: '陈护士', second: '林医生' });
    expect((await clinic.desk.api.call(careApi.deskVisits, { query: {} })).visits.length).toBe(5);
  });

  it('leave stock that follows from the log', async () => {
    const compared = await rebuildAndCompare(house.house);
    for (const { what, different, rows } of compared.filter((one) => one.what.startsWith('care.'))) {
      expect(different, what).toEqual([]);
      expect(rows, what).toBeGreaterThan(50);
    }
    expect(compared.map(({ what }) => what)).toContain('care.stock_unit');
  });
});

/** A device of some organisation of the demo. */
async function join(organisation: string) {
  const api = apiAt(place, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation } });
  const key = random(32);
  const device = {
    point: p256.getPublicKey(key, false),
    sign: async (message: Uint8Array) => p256.sign(message, key, { prehash: true }),
  };
  return joinDesk(api, softwarePasskey(random(32), place.origin), device, invitation, organisation);
}
