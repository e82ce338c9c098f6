/** A whole visit's money in a running house: every night it fits to the cent across chain, ledger and custodian. */
import { playVisit } from '@zhenmei/cli/play-visit.ts';
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { toIso } from '@zhenmei/kernel';
import { moneyOperatorApi, nextNight } from '@zhenmei/money';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { paperApi } from '@zhenmei/server/api/papers.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse();
  await playVisit({ baseUrl: house.url, origin: house.url, onStep: () => undefined });
});
afterAll(async () => {
  await house?.close();
});

const api = () => apiAt({ baseUrl: house.url, origin: house.url, patience: 0 }, 'desk');
const bearer = () => house.house.operatorToken;
const desk = () => api().call(moneyOperatorApi.readMoneyDesk, { bearer: bearer() });
const change = (text: string) => sql.raw(text).execute(house.house.engines.database.db);
const night = async () => {
  const at = nextNight(house.house.deps.clock.now());
  await api().call(demoApi.advanceTime, { body: { to: toIso(at + 1_000) } });
  return at;
};

it('is compared at night by itself, and fits', async () => {
  await expect.poll(async () => (await desk()).outgoing.map(({ state }) => state)).toEqual(['booked']);
  const at = await night();
  await expect.poll(async () => Date.parse((await desk()).last?.at ?? '')).toBeGreaterThanOrEqual(at);
  const { last, stopped, nextAt } = await desk();
  expect(last).toMatchObject({ fits: true, agreements: 1, differences: [] });
  expect(stopped).toBe(false);
  expect(Date.parse(nextAt!)).toBe(nextNight(house.house.deps.clock.now()));
});

it('stops payouts the night after a cent went missing, and names the agreement', async () => {
  await change('update money.account set held = held + 1');
  await night();
  await expect.poll(async () => (await desk()).stopped).toBe(true);
  const { alarms } = await desk();
  const kinds = alarms[0]!.differences.map(({ kind }) => kind);
  expect(kinds).toEqual(['ledger', 'escrow', 'account']);
  expect(alarms[0]!.differences.at(-1)!.where).toMatch(/^0x[0-9a-f]{64}$/);
  await change('update money.account set held = held - 1');
  const { call } = { call: api() };
  await call.call(moneyOperatorApi.closeAlarm, {
    bearer: bearer(),
    params: { id: alarms[0]!.id },
    body: { reason: 'a row was changed by hand and put right' },
  });
  expect(await call.call(moneyOperatorApi.reconcileNow, { bearer: bearer(), body: {} })).toMatchObject({
    fits: true,
  });
  expect((await desk()).stopped).toBe(false);
});

it('is the operator’s business alone', async () => {
  for (const token of ['', 'guess'])
    await expect(api().call(moneyOperatorApi.readMoneyDesk, { bearer: token })).rejects.toMatchObject({
      status: 401,
    });
  const id = '00000000-0000-7000-8000-000000000000';
  await expect(api().call(paperApi.agreementPaper, { params: { id } })).rejects.toMatchObject({
    code: 'VISIT_UNKNOWN',
  });
});
