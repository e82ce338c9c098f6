/** Licences decide: what may be listed, what may be booked, and what happens when one falls away. */
import { careApi } from '@zhenmei/care/api.ts';
import {
  apiAt,
  openClinic,
  openPatient,
  type Patient,
  type Place,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { changeEntry } from '@zhenmei/identity/app/register/change-entry.ts';
import { readRegister } from '@zhenmei/identity/app/register/read-register.ts';
import { licenceChangedJob } from '@zhenmei/server/compose/background.ts';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let clinic: Clinic;
let ann: Patient;
beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0 };
  [ann, clinic] = await Promise.all([openPatient(place), openClinic(place)]);
});
afterAll(async () => {
  await house?.close();
});

const failure = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'done', params: {} as Record<string, string> }),
    (error: { code: string; params: Record<string, string> }) => error,
  );

it('a clinic without the specialty cannot list a rhinoplasty, whatever it calls it', async () => {
  const { services } = await apiAt(place, 'desk').call(careApi.readClinic, {
    params: { id: clinic.desk.organisationId },
  });
  const { body } = services[0]!;
  const list = async (change: object) => {
    const procedure = { ...body.procedure, ...change };
    const { code, params } = (await failure(
      clinic.desk.api.call(careApi.publishService, { body: { ...body, procedure } }),
    )) as { code: string; params: Record<string, string> };
    return `${code} ${params.pack}: ${params.rules}`;
  };
  const surgery = { department: 'aesthetic-surgery', specialty: 'aesthetic-surgery' };
  expect(await list({ code: 'rhinoplasty', ...surgery })).toMatch(
    /^SCOPE_REFUSED cn 1\.6\.0: .*doctor-lead-specialty/,
  );
  expect(await list({ code: 'rhinoplasty' })).toMatch(/^SCOPE_REFUSED .*procedure-as-listed/);
  expect(await list({ code: 'nose-magic' })).toMatch(/^SCOPE_REFUSED .*procedure-listed/);
});

describe('a suspension', () => {
  it('reaches profile, booking and free times in the next answer, and tells whoever booked', async () => {
    const { identity, care } = house.house.modules;
    const play = new VisitPlay(place, ann, clinic);
    const choice = await play.choose();
    await play.book(choice, 1);
    const booked = await play.atDesk();
    const doctor = booked.doctor.id;
    const regulator = readActors(house.dataDir)!.regulator.id;
    const { entries } = await readRegister(identity, regulator, { subject: doctor });
    const entry = entries.find(({ kind }) => kind === 'physicianLicence')!;
    const read = () =>
      apiAt(place, 'patient').call(careApi.readClinic, { params: { id: clinic.desk.organisationId } });
    const free = async () => {
      const { slots } = await read();
      return slots.filter((slot) => slot.doctorId === doctor && slot.free).length;
    };
    expect(await free()).toBeGreaterThan(0);
    expect(booked.warning).toBeNull();

    const reason = { zh: '正在调查', en: 'Being looked into' };
    await changeEntry(identity, regulator, entry.id, { state: 'suspended', reason });
    expect(await free()).toBe(0);
    const shown = (await read()).doctors.find(({ id }) => id === doctor)!;
    expect(shown.licences).toMatchObject([{ verdict: 'false', code: 'CREDENTIAL_SUSPENDED' }]);
    expect((await failure(play.offer())).code).toBe('SCOPE_REFUSED');

    // what the worker does with the work that was put in with the change
    const work = await house.house.engines.database
      .as<{ 'jobs.job': { kind: string; payload: unknown } }>()
      .selectFrom('jobs.job')
      .select('payload')
      .where('kind', '=', 'licence-changed')
      .execute();
    expect(work).toContainEqual({ payload: { subject: doctor } });
    const told: string[] = [];
    const watched = {
      ...care,
      notices: { visitChanged: async (_: unknown, id: string) => void told.push(id) },
    };
    await licenceChangedJob({ ...house.house.modules, care: watched })({ payload: { subject: doctor } });
    const view = await play.atDesk();
    expect(told).toContain(view.id);
    expect(view.warning).toMatchObject({
      who: 'doctor',
      code: 'CREDENTIAL_SUSPENDED',
      choices: ['wait', 'other-doctor', 'cancel'],
    });

    await changeEntry(identity, regulator, entry.id, { state: 'valid', reason });
    expect((await play.atDesk()).warning).toBeNull();
    expect(await free()).toBeGreaterThan(0);
  });
});
