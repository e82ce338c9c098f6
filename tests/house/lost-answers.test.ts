/** A visit whose every answer is lost once: what was done is found again, and nothing is done twice. */
import { careHandlers } from '@zhenmei/care';
import { openClinic, openPatient, type Place, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { cancelBooking } from '@zhenmei/client/patient.ts';
import { agreementKey, readSecret } from '@zhenmei/vault/core/derive.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse();
});
afterAll(async () => {
  await house?.close();
});

const rows = async <T>(text: string): Promise<T[]> =>
  (await sql.raw<T>(text).execute(house.house.engines.database.db)).rows;

const asked: string[] = [];
/** The newest body sent to a path. */
const sent = new Map<string, object>();
const listening: typeof fetch = (input, init) => {
  if (init?.method === 'POST')
    sent.set(new URL(String(input)).pathname, JSON.parse(String(init.body ?? null)) as object);
  return fetch(input, init);
};

/** Sends what changes something twice, as after a crash between the work and the answer. */
const losing: typeof fetch = async (input, init) => {
  await rows('delete from http.answer');
  const first = await fetch(input, init);
  // an answer with a cookie is not kept: whoever registers begins anew
  if (init?.method !== 'POST' || first.headers.getSetCookie().length > 0) return first;
  expect(first.status, `${input} ${await first.clone().text()}`).toBe(200);
  const lost = await rows(
    `update http.answer set sealed = null, started_at = 'epoch' where sealed is not null returning 1`,
  );
  expect(lost).toHaveLength(1);
  asked.push(new URL(String(input)).pathname.replace(/[0-9a-f-]{36}|0x[0-9a-f]{64}|[\w-]{43}/, ':id'));
  return fetch(input, init);
};

it('goes on, and does each thing once', async () => {
  const place: Place = { baseUrl: house.url, origin: house.url, patience: 0, fetch: losing };
  const minted = () => rows(`select 1 from chain.event where name = 'Minted'`);
  // what the demo world paid in
  const before = (await minted()).length;
  const [patient, clinic] = [await openPatient(place), await openClinic(place)];
  const play = new VisitPlay(place, patient, clinic);
  await play.book(await play.choose());
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  await play.ready();
  await play.checkIn();
  await play.unseal();
  await play.treat();
  await play.claim();
  await play.release();
  await play.withdraw();
  const { state, history } = await play.atPhone();
  expect(state).toBe('closed');
  expect(history.map(({ type }) => type)).toEqual([
    'offer',
    'agree',
    'hold',
    'make-ready',
    'check-in',
    'unseal',
    'perform',
    'claim',
    'release',
    'close',
  ]);
  for (const path of ['/api/visits', '/api/visits/:id/steps', '/api/relay', '/api/accounts/operations'])
    expect(asked).toContain(path);
  expect(await rows('select 1 from care.visit')).toHaveLength(1);
  expect(await rows(`select 1 from money.rail_entry where state not in ('matched', 'paid')`)).toEqual([]);
  expect(await minted()).toHaveLength(before + 1);
  expect(await rows(`select 1 from chain.event where name = 'MilestoneReleased'`)).toHaveLength(1);
  expect(await rows(`select 1 from chain.event where name = 'Withdrawn'`)).toHaveLength(1);
});

it('takes nobody’s word for what was done', async () => {
  const place: Place = { baseUrl: house.url, origin: house.url, patience: 0, fetch: listening };
  const [patient, clinic] = [await openPatient(place), await openClinic(place)];
  const play = new VisitPlay(place, patient, clinic);
  await play.book(await play.choose());
  await cancelBooking(patient.io, play.visit, await play.atPhone());
  const { token } = readSecret(patient.root, play.visit.index);
  const handlers = careHandlers(house.house.modules.care);
  const asAgain = (path: string, change: object, params?: object) => ({
    params,
    query: undefined,
    body: { ...sent.get(path)!, ...change },
    caller: null,
    bearer: token,
    lang: 'en',
    idempotencyKey: null,
    again: true,
  });
  const book = (change: object) => handlers.bookVisit(asAgain('/api/visits', change) as never);
  const { id } = play.visit;
  const step = (change: object) =>
    handlers.takeStep(asAgain(`/api/visits/${id}/steps`, change, { id }) as never);

  expect((await book({})).id).toBe(id);
  const stranger = agreementKey(patient.root, 9).address;
  await expect(book({ patientAddress: stranger })).rejects.toMatchObject({ code: 'VISIT_EXISTS' });
  await expect(book({ readTokenHash: `0x${'11'.repeat(32)}` })).rejects.toMatchObject({
    code: 'VISIT_EXISTS',
  });

  expect((await step({})).state).toBe('cancelled');
  for (const change of [{ signature: `0x${'22'.repeat(65)}` }, { by: 'clinic' }])
    await expect(step(change)).rejects.toMatchObject({ code: 'STEP_NOT_ALLOWED' });
  expect((await step({})).history).toHaveLength(1);
});
