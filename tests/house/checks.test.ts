/** Paid checks through the public API: asked, drawn, answered, contested, withdrawn, and a made-up clinic found out. */
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import {
  apiAt,
  deviceOf,
  openClinic,
  openPatient,
  type Place,
  random,
  until,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import {
  answerTask,
  askForCheck,
  type CheckSeat,
  certificateOf,
  certifyCheck,
  clinicCheck,
  contestCheck,
  keepUpWithCheck,
  readTask,
  revokeCheck,
  verifierDesk,
} from '@zhenmei/client/check.ts';
import { type Desk, joinDesk } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { DAY } from '@zhenmei/kernel';
import { SOURCES, type Source } from '@zhenmei/money/core/verification-papers.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessorsAt } from './assessor-play.ts';
import { differencesIn } from './reconciled.ts';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let play: VisitPlay;
let seat: CheckSeat;
let regulator: Desk;
const STATEMENT = {
  licence: 'PDY10023-5',
  scope: ['美容外科', '美容皮肤科'],
  doctors: ['110000000000123'],
  devices: ['20243140001'],
};
const PAGES = SOURCES.map((source) => ({ source, where: '公示网站', said: '编号与名称相符' }));

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
  seat = { desk: play.clinic.desk, secret: play.clinic.secret };
  const api = apiAt(place, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation: 'regulator' } });
  const passkey = softwarePasskey(random(32), house.url);
  regulator = await joinDesk(api, passkey, deviceOf(random(32)), invitation, 'desk');
  await api.call(demoApi.equipDesk);
}, 600_000);
afterAll(() => house?.close());

const db = () => house.house.modules.money.db;
const later = (ms: number) => play.passTime(play.patient.io.now() + ms);
const publicly = () =>
  play.patient.io.api.call(verificationApi.readCheck, { params: { id: seat.desk.organisationId } });
const operator = () => ({ bearer: house.house.operatorToken });

async function paidIn(who: Desk, amount: string): Promise<void> {
  const order = await who.api.call(verificationApi.orderCheckMoney, { body: { amount } });
  await who.api.call(demoApi.payAtBank, {
    body: { reference: order.reference, amount: order.amount, currency: order.currency },
  });
}

/** Asked, and drawn; the seats of the verifiers of a round. */
async function asked(): Promise<string> {
  const { fee } = await clinicCheck(seat);
  const before = BigInt((await clinicCheck(seat)).units);
  await paidIn(seat.desk, fee);
  await until(async () => (BigInt((await clinicCheck(seat)).units) > before ? true : null));
  await askForCheck(seat, STATEMENT);
  await until(async () => ((await keepUpWithCheck(seat)) ? true : null));
  const task = await until(async () => {
    const now = (await clinicCheck(seat)).task;
    return now?.phase === 'answering' ? now : null;
  });
  return task.id;
}

async function seated(id: string, round: number): Promise<CheckSeat[]> {
  const rows = await until(async () => {
    const found = await db()
      .selectFrom('money.check_seat')
      .select('verifier')
      .where('task_id', '=', id)
      .where('round', '=', round)
      .execute();
    return found.length > 0 ? found : null;
  });
  return assessorsAt(
    house,
    rows.map(({ verifier }) => verifier),
  );
}

const phaseIs = (id: string, phase: string) =>
  until(async () => {
    const row = await db()
      .selectFrom('money.check_task')
      .select('phase')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return row.phase === phase ? true : null;
  });

const answer = (who: CheckSeat, id: string, failed: readonly Source[] = []) =>
  answerTask(who, id, { failed, pages: PAGES, at: play.patient.io.now() });

describe('a paid check', () => {
  it('is nothing before anybody asked, and for each only what is theirs', async () => {
    expect(await publicly()).toMatchObject({ state: 'none', accepted: null, verifiers: 0 });
    expect(await clinicCheck(seat)).toMatchObject({ pay: '3000', fee: '9474', tagged: true, task: null });
    expect(await codeOf(() => verifierDesk(seat))).toBe('CHECK_ROLE_WRONG');
    expect(await codeOf(() => regulator.api.call(verificationApi.clinicCheck))).toBe('CHECK_ROLE_WRONG');
    expect(await codeOf(() => askForCheck(seat, STATEMENT))).toBe('CHAIN_REVERTED');
  });

  it('stands once two agree and nobody objected, and not a second longer than its register', async () => {
    const id = await asked();
    expect((await publicly()).state).toBe('running');
    const [one, two] = (await seated(id, 0)) as [CheckSeat, CheckSeat];
    expect(await readTask(one, id)).toMatchObject({ statement: STATEMENT, task: { committed: false } });
    expect(
      await codeOf(() =>
        one.desk.api.call(verificationApi.leaveAnswer, {
          params: { id },
          body: {
            answer: { failed: 0, checkedOn: 1, pages: PAGES },
            salt: `0x${'11'.repeat(32)}`,
            signature: `0x${'22'.repeat(65)}`,
          },
        }),
      ),
    ).toBe('CHECK_ANSWER_WRONG');
    await answer(one, id);
    expect(await codeOf(() => answer(one, id))).toBe('CHECK_NOT_DRAWN');
    expect(await codeOf(() => readTask(one, '999'))).toBe('CHECK_NOT_DRAWN');
    await answer(two, id);
    await phaseIs(id, 'challengeable');
    expect(await publicly()).toMatchObject({ state: 'open', verifiers: 2, accepted: true, failed: [] });
    expect(
      await codeOf(() =>
        seat.desk.api.call(verificationApi.openCheckSecret, {
          body: { id: '77', secret: `0x${'00'.repeat(32)}` },
        }),
      ),
    ).toBe('CHECK_UNKNOWN');
    await later(14 * DAY + 60_000);
    await phaseIs(id, 'standing');
    expect(await publicly()).toMatchObject({ state: 'standing', verifiers: 2, sources: [...SOURCES] });
    expect(await verifierDesk(one)).toMatchObject({ checks: 0, tasks: [{ earned: '1500', mine: true }] });

    const { checks } = await regulator.api.call(verificationApi.standingChecks);
    expect(checks.map((check) => check.id)).toContain(id);
    const stands = checks.find((check) => check.id === id)!;
    await certifyCheck(regulator, stands);
    await certifyCheck(regulator, stands);
    expect((await certificateOf(regulator, stands))?.claims).toMatchObject({ task: id, sources: SOURCES });
    await revokeCheck(regulator, stands);
    expect(await certificateOf(regulator, stands)).toBeNull();
    await phaseIs(id, 'revoked');
    expect(await publicly()).toMatchObject({ state: 'revoked' });
    const choice = await play.choose();
    expect(await codeOf(() => play.book(choice, 0))).toBe('CHECK_REVOKED');
    expect(await differencesIn(house)).toEqual([]);
  });

  it('falls when a jury finds the opposite, and the objector gets the verifiers’ bonds', async () => {
    const id = await asked();
    for (const one of await seated(id, 0)) await answer(one, id);
    await phaseIs(id, 'challengeable');
    const grounds = { params: { id }, body: { text: '许可证已于上月注销，见公示' } };
    const { deposit } = await regulator.api.call(verificationApi.leaveGrounds, grounds);
    expect(deposit).toBe('12000');
    await paidIn(regulator, deposit);
    const codes = new Set<string>();
    await until(async () => {
      const code = await codeOf(() => contestCheck(regulator, id, '许可证已于上月注销，见公示'));
      codes.add(code);
      return code === 'done' ? true : null;
    }).catch(() => expect([...codes]).toEqual(['done']));
    for (const one of await seated(id, 2)) await answer(one, id, ['licence']);
    await phaseIs(id, 'rejected');
    expect(await publicly()).toMatchObject({ state: 'rejected', failed: ['licence'], challenged: true });
    expect(await codeOf(() => regulator.api.call(verificationApi.leaveGrounds, grounds))).toBe(
      'CHECK_UNKNOWN',
    );
    const lost = await db()
      .selectFrom('money.check_seat')
      .select('slashed')
      .where('task_id', '=', id)
      .execute();
    expect(lost.map(({ slashed }) => slashed).sort()).toEqual(['0', '0', '0', '6000', '6000']);
  });

  it('shows who falls for a made-up clinic, and never shows it as checked', async () => {
    const { api } = seat.desk;
    const fake = (organisationId: string) =>
      api.call(verificationApi.setFake, { ...operator(), body: { organisationId, fake: true } });
    expect(await codeOf(() => fake('01980000-0000-7000-8000-000000000001'))).toBe('CHECK_UNKNOWN');
    await fake(seat.desk.organisationId);
    const id = await asked();
    const [one, two] = (await seated(id, 0)) as [CheckSeat, CheckSeat];
    await answer(one, id);
    await answer(two, id, ['licence', 'doctors']);
    const [third] = (await seated(id, 1)) as [CheckSeat];
    await answer(third, id);
    await phaseIs(id, 'challengeable');
    await later(14 * DAY + 60_000);
    await phaseIs(id, 'exposed');
    expect((await publicly()).taskId).not.toBe(id);
    expect(await verifierDesk(one)).toMatchObject({ checks: 1, misses: 1 });
    expect(await verifierDesk(two)).toMatchObject({ checks: 1, misses: 0 });
    const seen = await api.call(verificationApi.operatorChecks, operator());
    expect(seen.tasks[0]).toMatchObject({ id, fake: true, phase: 'exposed' });
    const pay = (amount: string) =>
      api.call(verificationApi.setCheckPay, { ...operator(), body: { pay: amount } });
    expect(await codeOf(() => pay('999'))).toBe('CHECK_PAY_BOUNDS');
    await pay('4000');
    expect((await clinicCheck(seat)).fee).toBe('12632');
  });

  it('is the same after everything is built again from the ledger', async () => {
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.flatMap(({ what, different }) => different.map((key) => `${what} ${key}`))).toEqual([]);
  });
});
