/** What is known of a patient's health stops a visit wherever it becomes known, until another doctor has decided. */
import { careApi } from '@zhenmei/care/api.ts';
import { presenceCode } from '@zhenmei/care/core/presence.ts';
import { signAsPatient } from '@zhenmei/care/core/steps.ts';
import {
  apiAt,
  freshUnit,
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  until,
  useOf,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import { type Clinic, openUnit, proposeCheckIn, proposeUnseal } from '@zhenmei/client/clinic.ts';
import { judgeService, readDecision, syncGate, tellVisits } from '@zhenmei/client/gate.ts';
import { decideGate, readGate } from '@zhenmei/client/override.ts';
import { bookVisit, confirm, makeReady } from '@zhenmei/client/patient.ts';
import { nextStep, send } from '@zhenmei/client/patient-steps.ts';
import { toIso } from '@zhenmei/kernel';
import { agreementKey } from '@zhenmei/vault/core/derive.ts';
import type { ConditionCode } from '@zhenmei/vault/core/health/conditions.ts';
import type { KnownHealth } from '@zhenmei/vault/core/health/gate.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let clinic: Clinic;
let ann: Patient;

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 5 };
  [ann, clinic] = await Promise.all([openPatient(place), openClinic(place)]);
});
afterAll(async () => {
  await house?.close();
});

const having = (play: VisitPlay, condition: ConditionCode): KnownHealth => {
  const { allergies, facts } = play.health();
  const recordedOn = toIso(ann.io.now()).slice(0, 10);
  return {
    allergies,
    facts: {
      version: 1,
      facts: [
        ...facts!.facts.filter((f) => f.condition !== condition),
        { condition, present: true, zones: [], source: 'self', recordedOn },
      ],
    },
  };
};
const allergic = (play: VisitPlay): KnownHealth => ({
  ...play.health(),
  allergies: {
    answered: true,
    facts: [
      {
        substance: 'lidocaine',
        text: '利多卡因',
        verification: 'confirmed',
        criticality: 'high',
        recordedOn: '2026-05-03',
      },
    ],
  },
});

let index = 40;
/** Paid for, on its day, with everything but the gate done. */
async function held(): Promise<VisitPlay> {
  const play = new VisitPlay(place, ann, clinic);
  await play.book(await play.choose('filler-nasolabial'), ++index);
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  return play;
}
const other = async (play: VisitPlay) => {
  const { doctor } = await play.atDesk();
  const id = Object.keys(clinic.doctorLicences).find((one) => one !== doctor.id)!;
  return { second: { id, name: '周明' }, treating: { id: doctor.id, name: '林书宁' } };
};
const decide = async (play: VisitPlay, doctor: { id: string; name: string }) =>
  decideGate(clinic, await play.atDesk(), {
    doctor,
    reason: 'precaution-taken',
    note: '改用不含利多卡因的麻醉',
  });

describe('an allergy', () => {
  it('stops the booking, whatever the device asks the server for', async () => {
    const play = new VisitPlay(place, ann, clinic);
    const choice = await play.choose('filler-nasolabial');
    const { services } = await ann.io.api.call(careApi.readClinic, {
      params: { id: clinic.desk.organisationId },
    });
    const service = services.find(({ id }) => id === choice.service.id)!;
    const { outcome, reasons } = await judgeService(ann.io, service.body, allergic(play));
    expect([outcome, reasons[0]]).toMatchObject(['blocked', { source: { by: 'doctor', on: '2026-05-03' } }]);
    const booking = bookVisit(ann.io, ann.root, ++index, {
      serviceId: choice.service.id,
      slotId: choice.slot.id,
      gate: outcome,
    });
    expect(await codeOf(() => booking)).toBe('GATE_BLOCKS');
  });

  it('stops the visit before it, at check-in and at unsealing; another doctor decides, the treating one cannot', async () => {
    const play = await held();
    const known = allergic(play);
    expect(await codeOf(async () => makeReady(ann.io, play.visit, await play.atPhone(), known))).toBe(
      'GATE_BLOCKS',
    );
    const seen = (await readGate(clinic, await play.atDesk()))!;
    expect(seen).toMatchObject({ outcome: 'blocked', reasons: [{ reason: { substance: 'lidocaine' } }] });
    const { second, treating } = await other(play);
    expect(await codeOf(() => decide(play, treating))).toBe('OVERRIDE_SAME_DOCTOR');
    expect(await codeOf(() => decide(play, { ...second, id: clinic.desk.deviceId }))).not.toBe('done');
    await decide(play, second);
    const view = await play.atPhone();
    expect(view.gate!.override).toMatchObject({ doctor: second.id, level: 'second' });
    expect(await readDecision(play.visit, view)).toMatchObject({
      reason: 'precaution-taken',
      doctor: '周明',
    });
    expect(JSON.stringify(view)).not.toMatch(/利多卡因|lidocaine|precaution/);
    play.known = known;
    await play.ready();
    await play.checkIn();
    await play.unseal();
    const page = await ann.io.api.call(careApi.readClinic, { params: { id: clinic.desk.organisationId } });
    expect(page.overrides.count).toBe(1);
  });

  it('that becomes known after check-in stops the unsealing on both screens, and withdraws what was proposed', async () => {
    const play = await held();
    await play.ready();
    await play.checkIn();
    const code = presenceCode(random(4));
    const unit = await freshUnit(clinic.desk.api, play.choice.service.gtin);
    await until(async () => ((await play.atDesk()).consent?.anchored ? true : null));
    await proposeUnseal(clinic, await play.atDesk(), useOf(unit), code);
    const known = allergic(play);
    expect(await codeOf(async () => confirm(ann.io, play.visit, await play.atPhone(), code, known))).toBe(
      'GATE_BLOCKS',
    );
    const desk = await play.atDesk();
    expect([desk.pending, desk.gate?.outcome]).toEqual([null, 'blocked']);
    expect(await codeOf(() => proposeUnseal(clinic, desk, useOf(unit), code))).toBe('GATE_BLOCKS');
    // a tablet that states it all the same is refused by the server
    const lying = { ...desk, gate: null };
    expect(await codeOf(() => proposeUnseal(clinic, lying, useOf(unit), code))).toBe('GATE_BLOCKS');
    const { second } = await other(play);
    await decide(play, second);
    expect(
      await codeOf(async () =>
        proposeUnseal(clinic, { ...(await play.atDesk()), gate: null }, useOf(unit), code),
      ),
    ).toBe('GATE_NOT_STATED');
    play.known = known;
    await play.unseal(unit);
  });
});

describe('what has to be looked at', () => {
  it('waits for a doctor, who may be the treating one; the next thing to become known waits again', async () => {
    const play = await held();
    const known = having(play, 'anticoagulants');
    expect(await codeOf(async () => makeReady(ann.io, play.visit, await play.atPhone(), known))).toBe(
      'GATE_ASKS',
    );
    const { treating } = await other(play);
    await decide(play, treating);
    play.known = known;
    await play.ready();
    const more = having(play, 'pregnancy');
    const code = presenceCode(random(4));
    await proposeCheckIn(clinic, await play.atDesk(), code);
    expect(await codeOf(async () => confirm(ann.io, play.visit, await play.atPhone(), code, more))).toBe(
      'GATE_BLOCKS',
    );
    expect(await codeOf(() => decide(play, treating))).toBe('OVERRIDE_SAME_DOCTOR');
    expect(await codeOf(async () => proposeCheckIn(clinic, await play.atDesk(), code))).toBe('GATE_BLOCKS');
    // it turned out not to be so
    const answer = await judgeService(ann.io, (await play.atPhone()).service, { ...known });
    await syncGate(ann.io, play.visit, await play.atPhone(), answer);
    expect((await play.atPhone()).gate).toMatchObject({ outcome: 'unknown', override: null });
    await decide(play, treating);
    await play.checkIn();
  });

  it('is decided about the newest report only, once, and never without one', async () => {
    const play = await held();
    const before = await play.atDesk();
    expect(await codeOf(() => decide(play, { id: clinic.desk.deviceId, name: '' }))).toBe('STEP_NOT_ALLOWED');
    const known = having(play, 'anticoagulants');
    await syncGate(
      ann.io,
      play.visit,
      await play.atPhone(),
      await judgeService(ann.io, before.service, known),
    );
    const first = await play.atDesk();
    await syncGate(
      ann.io,
      play.visit,
      await play.atPhone(),
      await judgeService(ann.io, before.service, having(play, 'keloids')),
    );
    const { treating } = await other(play);
    const stale = { ...(await play.atDesk()), gate: first.gate };
    const by = { doctor: treating, reason: 'place-not-affected', note: 'x' } as const;
    expect(await codeOf(() => decideGate(clinic, stale, by))).toBe('OVERRIDE_OTHER_REPORT');
    await decide(play, treating);
    expect(await codeOf(() => decide(play, treating))).toBe('STEP_NOT_ALLOWED');
  });

  it('is told to every visit: one that cannot be told keeps it from no other and is said, an unknown one is none', async () => {
    const [first, second] = [await held(), await held()];
    const unknown = { ...first.visit, id: ann.io.newId() };
    const all = [unknown, first.visit, second.visit];
    const cut: typeof fetch = (input, init) =>
      String(input).includes(first.visit.id) ? Promise.reject(new TypeError('cut')) : fetch(input, init);
    const io = { ...ann.io, api: apiAt({ ...place, patience: 0, fetch: cut }, 'patient') };
    expect(await codeOf(() => tellVisits(io, all, allergic(first)))).toBe('NETWORK');
    expect((await first.atDesk()).gate).toBeNull();
    expect((await second.atDesk()).gate).toMatchObject({ outcome: 'blocked' });
    expect(await tellVisits(ann.io, all, allergic(first))).toBe(2);
    expect((await first.atDesk()).gate).toMatchObject({ outcome: 'blocked' });
  });

  it('is said once both have signed only in person', async () => {
    const play = await held();
    await play.ready();
    await play.checkIn();
    await play.agreeOnUnit();
    const view = await play.atPhone();
    const answer = await judgeService(ann.io, view.service, allergic(play));
    expect(await codeOf(() => syncGate(ann.io, play.visit, view, answer))).toBe('GATE_TOO_LATE');
    await openUnit(clinic, await play.atDesk());
    await play.reached('unsealed');
  });

  it('is the patient’s to report, with its reasons sealed', async () => {
    const play = await held();
    const view = await play.atPhone();
    const step = nextStep(ann.io, view, 'report-gate', {
      outcome: 'blocked',
      reasons: `0x${'1'.repeat(64)}`,
    });
    expect(await codeOf(() => send(ann.io, play.visit, step))).toBe('STEP_DATA_WRONG');
    const sealedGate = 'AAAA';
    const by = (signature: string) =>
      ann.io.api.call(careApi.takeStep, {
        params: { id: view.id },
        bearer: 'x',
        body: { step, signature, by: 'patient', attachments: { sealedGate } } as never,
      });
    const foreign = signAsPatient(step, agreementKey(ann.root, 999).privateKey);
    expect(await codeOf(() => by(foreign))).toBe('VISIT_UNKNOWN');
    const ready = nextStep(ann.io, view, 'make-ready', { adult: true, allergyGate: 'overridden' });
    expect(await codeOf(() => send(ann.io, play.visit, ready))).toBe('GATE_NOT_STATED');
    const blocked = nextStep(ann.io, view, 'make-ready', { adult: true, allergyGate: 'blocked' });
    expect(await codeOf(() => send(ann.io, play.visit, blocked))).toBe('ALLERGY_NOT_CLEAR');
  });
});
