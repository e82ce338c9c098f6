/** A clinic closes after three of ten sessions: three are paid, seven come back, and every night it fits to the cent. */

import { careApi } from '@zhenmei/care/api.ts';
import { serviceCode } from '@zhenmei/care/core/service.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { recordApi } from '@zhenmei/care/record-api.ts';
import { openClinic, openPatient, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { toIso, utf8 } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { differencesIn } from './reconciled.ts';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let play: VisitPlay;
beforeAll(async () => {
  house = await openTestHouse();
  const place = { baseUrl: house.url, origin: house.url, patience: 0 };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
});
afterAll(async () => {
  await house?.close();
});

const YUAN = 100n;
const DEPOSIT = 1_280n * YUAN;
const EACH = 1_152n * YUAN;
const statement = () => play.clinic.desk.api.call(moneyApi.statement);
const parts = async () => (await play.atPhone()).parts!;

it('asks for a deposit first: nothing is prepared before it is settled', async () => {
  await play.book(await play.choose('skin-booster-course'));
  await play.offer();
  await play.agree();
  await play.hold();
  expect((await parts()).list.map(({ kind, amount }) => [kind, BigInt(amount)])).toEqual([
    ['deposit', DEPOSIT],
    ...Array.from({ length: 10 }, () => ['session', EACH]),
  ]);
  expect(await codeOf(() => play.claim())).not.toBe('done');
  const { money } = await play.atPhone();
  await play.passTime(Date.parse(money!.coolingEndsAt!) + 1_000);
  expect(await codeOf(() => play.ready())).toBe('DEPOSIT_NOT_SETTLED');
  await play.claim();
  expect(await codeOf(() => play.ready())).toBe('STEP_NOT_ALLOWED');
  await play.releasePart();
  expect(await parts()).toMatchObject({ present: 1, kind: 'session', n: 1, of: 10, needsTime: false });
});

it('is done session by session, each opened, recorded and attended by itself', async () => {
  await play.passTime();
  await play.session();
  await play.releasePart();
  for (const n of [2, 3]) {
    expect(await parts()).toMatchObject({ n, needsTime: true, done: n - 1 });
    expect(await codeOf(() => play.ready())).toBe('SESSION_TIME_MISSING');
    await play.passTime(Date.parse(await play.pickTime()) - 60_000);
    await play.session();
    await play.releasePart();
  }
  const { list } = await parts();
  expect(list.map(({ state }) => state)).toEqual([
    ...Array.from({ length: 4 }, () => 'paid'),
    'now',
    ...Array.from({ length: 6 }, () => 'held'),
  ]);
});

it('returns what was not done to the cent once the clinic closes', async () => {
  await play.pickTime();
  await play.giveUp();
  await play.reached('released', 'closed');
  const { money } = await play.atPhone();
  const paid = DEPOSIT + 3n * EACH;
  expect(money).toMatchObject({ state: 'closed', held: '0', refunded: String(7n * EACH) });
  // the platform's hundredth is part of what was paid, and nothing of it is taken from what returns
  expect(BigInt(money!.paid)).toBe(paid - paid / 100n);
  expect((await parts()).list.filter(({ state }) => state === 'returned')).toHaveLength(7);
  expect(await statement()).toMatchObject({ held: '0', credit: money!.paid });
  expect(await differencesIn(house)).toEqual([]);
});

it('leaves a receipt of the last session that was paid, which any stranger can check', async () => {
  const { text, trust } = await play.receipt();
  const { exit, proofs } = await verifyReceipt({
    bytes: utf8(text),
    trust: parseTrustFile(trust),
    now: play.patient.io.now(),
  });
  expect(exit).toBe(0);
  expect(proofs.money.facts).toMatchObject({
    total: String(DEPOSIT + 10n * EACH),
    refunded: String(7n * EACH),
  });
  expect((await play.atPhone()).state).toBe('closed');
});

it('keeps one record of all sessions, with a version for each', async () => {
  const { versions } = await play.clinic.desk.api.call(recordApi.readRecord, {
    params: { id: play.visit.id },
  });
  expect(
    versions.map(({ statement, acknowledgement }) => [statement.version, acknowledgement !== null]),
  ).toEqual([
    [1, true],
    [2, true],
    [3, true],
  ]);
});

it('holds a share back until the follow-up, which opens nothing', async () => {
  const { api } = play.clinic.desk;
  const from = play.patient.io.now() + 60_000;
  const { services } = await api.call(careApi.readClinic, {
    params: { id: play.clinic.desk.organisationId },
  });
  await api.call(priceApi.publishPriceList, {
    body: {
      validFrom: toIso(from),
      services: services.map(({ body }) => ({
        code: serviceCode(body),
        items: body.items,
        included: [],
        excluded: body.excluded,
        ...(body.plan
          ? { plan: { sessions: 2, everyDays: 7, followUp: { bps: 1_000, afterDays: 14 } } }
          : {}),
      })),
    },
  });
  await play.passTime(from + 1_000);
  await play.book(await play.choose('skin-booster-course'), 1);
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  await play.session();
  await play.releasePart();
  await play.passTime(Date.parse(await play.pickTime()) - 60_000);
  await play.session();
  await play.releasePart();
  expect(await parts()).toMatchObject({ kind: 'follow-up', needsTime: true, done: 2 });
  await play.passTime(Date.parse(await play.pickTime()) - 60_000);
  await play.ready();
  await play.checkIn();
  expect(await codeOf(() => play.unseal())).not.toBe('done');
  await play.followUp();
  await play.claim();
  await play.release();
  const { text, trust } = await play.receipt();
  const bytes = utf8(text);
  const { exit } = await verifyReceipt({
    bytes,
    trust: parseTrustFile(trust),
    now: play.patient.io.now(),
  });
  expect(exit).toBe(0);
  expect((await parts()).list.map(({ kind, amount, state }) => [kind, amount, state])).toEqual([
    ['session', String(5_760n * YUAN), 'paid'],
    ['session', String(5_760n * YUAN), 'paid'],
    ['follow-up', String(1_280n * YUAN), 'paid'],
  ]);
  expect(await differencesIn(house)).toEqual([]);
});

it('stands in a list that the clinic can follow to its end', async () => {
  const { db } = house.house.engines.database;
  const list = (query = {}) => play.clinic.desk.api.call(careApi.deskVisits, { query });
  const own = (await list()).visits.map(({ id }) => id);
  expect([own.length, (await list({ before: own[0] })).visits.map(({ id }) => id)]).toEqual([2, [own[1]]]);
  // older ones, all of one moment
  const older = await sql<{
    id: string;
  }>`insert into care.visit select (jsonb_populate_record(v, jsonb_build_object(
      'id', gen_random_uuid(), 'state', 'cancelled', 'created_at', '2020-01-01T00:00:00Z', 'agreement_id', null,
      'patient_address', '0x' || lpad(to_hex(n), 40, '0')))).* from care.visit v, generate_series(1, 60) n where v.id = ${own[1]}
    returning id`.execute(db);
  const seen: string[] = [];
  let page = await list();
  for (; page.more; page = await list({ before: seen.at(-1) })) seen.push(...page.visits.map(({ id }) => id));
  seen.push(...page.visits.map(({ id }) => id));
  expect(seen.slice(0, 2)).toEqual(own);
  expect([...seen].sort()).toEqual([...own, ...older.rows.map(({ id }) => id)].sort());
  expect(await codeOf(() => list({ before: play.patient.io.newId() }))).toBe('VISIT_UNKNOWN');
});
