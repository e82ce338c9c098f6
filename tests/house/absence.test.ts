/** Appointments that one side did not keep, through the public API with real signatures: unanswered and objected to. */
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import { openClinic, openPatient, type Place, random, until, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import {
  type AbsenceSeat,
  clinicAbsenceSeat,
  objectToAbsence,
  patientAbsenceSeat,
  readAbsence,
  reportAbsence,
} from '@zhenmei/client/absence.ts';
import { patientSeat, readDispute } from '@zhenmei/client/dispute.ts';
import { DAY, HOUR, MINUTE, toIso } from '@zhenmei/kernel';
import { absenceApi } from '@zhenmei/money/absence-api.ts';
import { PATIENCE } from '@zhenmei/money/core/absence.ts';
import { moment } from '@zhenmei/money/core/plain-values.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesIn } from './reconciled.ts';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let play: VisitPlay;
let patient: AbsenceSeat;
let clinic: AbsenceSeat;
let index = 0;

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
  // the first house of a run makes the world
}, 600_000);
afterAll(() => house?.close());

const starts = () => Date.parse(play.choice.slot.startsAt);

/** A visit whose money is held; nobody acts until its appointment. */
async function waiting(): Promise<void> {
  await play.book(await play.choose(), index++);
  await play.offer();
  await play.agree();
  await play.hold();
  const view = await play.atPhone();
  patient = patientAbsenceSeat(play.patient.io, play.visit, view);
  clinic = clinicAbsenceSeat(play.clinic, await play.atDesk());
}
const reported = (seat: AbsenceSeat) =>
  until(async () => {
    const found = await readAbsence(seat);
    return found.report ? found : null;
  });
const money = async () => (await play.atPhone()).money!;

describe('an appointment that was not kept', () => {
  it('returns everything where the clinic was absent and does not object', async () => {
    await waiting();
    const { held } = await money();
    await play.passTime(starts() + PATIENCE - MINUTE);
    const from = toIso(starts() + PATIENCE);
    for (const [seat, act] of [
      [patient, 'clinicAbsent'],
      [clinic, 'patientAbsent'],
    ] as const) {
      expect(await readAbsence(seat)).toMatchObject({
        mayReport: false,
        whyNot: 'ABSENCE_TOO_EARLY',
        from,
        ifReported: null,
        ifAbsent: { patient: { toPatient: held }, clinic: { toPatient: held } },
      });
      // nobody gets round the question: what is sent is held back, too, and says from when on it is possible
      for (const report of [() => reportAbsence(seat), () => seat.act(act)]) {
        const refused = (await report().catch((error: unknown) => error)) as {
          code: string;
          texts: { zh: string; en: string };
        };
        expect(refused.code).toBe('ABSENCE_TOO_EARLY');
        expect(refused.texts.zh).toContain(moment['zh-CN'].write(Date.parse(from) / 1000));
        expect(refused.texts.en).toContain(moment.en.write(Date.parse(from) / 1000));
      }
    }
    await play.passTime(starts() + PATIENCE);
    expect(await readAbsence(patient)).toMatchObject({
      you: 'patient',
      mayReport: true,
      ifReported: { toClinic: '0', toPatient: held },
      report: null,
    });
    await reportAbsence(patient);
    const seen = await reported(clinic);
    expect(seen).toMatchObject({
      you: 'clinic',
      whyNot: 'ABSENCE_NOT_OPEN',
      report: {
        absent: 'clinic',
        outcome: null,
        mayObject: true,
        follows: { toClinic: '0', toPatient: held },
      },
    });
    expect(Date.parse(seen.report!.until) - Date.parse(seen.report!.at)).toBe(2 * DAY);
    expect((await money()).state).toBe('clinic-absent');
    // who reported does not answer itself, and neither side reports twice
    expect(await codeOf(() => objectToAbsence(patient))).toBe('CHAIN_REVERTED');
    expect(await codeOf(() => reportAbsence(clinic))).toBe('ABSENCE_NOT_OPEN');
    expect(await codeOf(() => clinic.act('patientAbsent'))).toBe('ABSENCE_NOT_OPEN');
    await play.passTime(Date.parse(seen.report!.until) + MINUTE);
    await play.reached('cancelled');
    expect(await money()).toMatchObject({ state: 'closed', held: '0', paid: '0', refunded: held });
    expect((await readAbsence(clinic)).report).toMatchObject({ outcome: 'settled', mayObject: false });
  });

  it('is settled by the agreement where the patient was absent and does not object', async () => {
    await waiting();
    const { held } = await money();
    await play.passTime(starts() + HOUR);
    await reportAbsence(clinic);
    const seen = await reported(patient);
    // the demo's agreements keep nothing of a part that was not treated
    expect(seen.report).toMatchObject({ absent: 'patient', mayObject: true, follows: { toPatient: held } });
    await play.passTime(Date.parse(seen.report!.until) + MINUTE);
    await play.reached('cancelled');
    expect(await money()).toMatchObject({ refunded: held, paid: '0' });
    expect((await readAbsence(patient)).report).toMatchObject({ absent: 'patient', outcome: 'settled' });
  });

  it('is a dispute once the patient objects', async () => {
    await waiting();
    await play.passTime(starts() + HOUR);
    await reportAbsence(clinic);
    await reported(patient);
    await objectToAbsence(patient);
    await play.reached('disputed');
    const view = await play.atPhone();
    const dispute = await readDispute(patientSeat(play.patient.io, play.visit, view, random));
    expect(dispute).toMatchObject({ stage: 'talk', you: 'patient', held: view.money!.held });
    expect((await readAbsence(clinic)).report).toMatchObject({ outcome: 'objected', follows: null });
  });

  it('is a dispute once the clinic objects', async () => {
    await waiting();
    await play.passTime(starts() + HOUR);
    await reportAbsence(patient);
    await reported(clinic);
    await objectToAbsence(clinic);
    await play.reached('disputed');
    expect((await readAbsence(patient)).report).toMatchObject({ absent: 'clinic', outcome: 'objected' });
  });

  it('is none where the patient has checked in', async () => {
    await waiting();
    await play.passTime();
    await play.ready();
    await play.checkIn();
    await play.passTime(starts() + HOUR);
    expect(await codeOf(() => reportAbsence(clinic))).toBe('ABSENCE_NOT_OPEN');
    expect(await codeOf(() => clinic.act('patientAbsent'))).toBe('ABSENCE_NOT_OPEN');
    expect((await readAbsence(patient)).mayReport).toBe(true);
  });

  it('is nobody else’s', async () => {
    const stranger = { ...patient, bearer: 'x'.repeat(43) };
    expect(await codeOf(() => readAbsence(stranger))).toBe('ABSENCE_UNKNOWN');
    const params = { id: `0x${'12'.repeat(32)}` as const };
    expect(await codeOf(() => clinic.api.call(absenceApi.prepareReport, { params, body: {} }))).toBe(
      'ABSENCE_UNKNOWN',
    );
  });

  it('is refused in plain words by a ledger of an earlier version', async () => {
    const { money: context } = house.house.modules;
    const known = context.absences.known;
    Object.assign(context.absences, { known: async () => false });
    expect(await codeOf(() => reportAbsence(patient))).toBe('ABSENCE_NOT_KNOWN');
    Object.assign(context.absences, { known });
  });

  it('leaves the books in order, and is the same when built again', async () => {
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.filter(({ different }) => different.length > 0)).toEqual([]);
    expect(compared.find(({ what }) => what === 'money.absence')?.rows).toBe(4);
  });
});
