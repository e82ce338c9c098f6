/** A clinic that does not come pays what it put aside, to the cent; one that objects does not. Through the public API. */

import { careApi } from '@zhenmei/care/api.ts';
import { serviceCode } from '@zhenmei/care/core/service.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import { openClinic, openPatient, type Place, until, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import {
  type AbsenceSeat,
  clinicAbsenceSeat,
  objectToAbsence,
  patientAbsenceSeat,
  readAbsence,
  reportAbsence,
} from '@zhenmei/client/absence.ts';
import { leaveAgreement } from '@zhenmei/client/course.ts';
import { placePledgeBond, pledgeComing, promisedPledge, reclaimPledgeBond } from '@zhenmei/client/pledge.ts';
import { ClinicBondAbi } from '@zhenmei/contracts/generated/abis.ts';
import { DAY, HOUR, MINUTE, toIso } from '@zhenmei/kernel';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesIn } from './reconciled.ts';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

/** 33.33 %: what is put aside is no whole number of cents. */
const SHARE = 3_333;
const BOND = 5_000_000n;

let house: TestHouse;
let play: VisitPlay;
let patient: AbsenceSeat;
let clinic: AbsenceSeat;
let index = 0;

beforeAll(async () => {
  house = await openTestHouse();
  const place: Place = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
  // the first house of a run makes the world
}, 600_000);
afterAll(() => house?.close());

const starts = () => Date.parse(play.choice.slot.startsAt);
const desk = () => play.clinic.desk;
const bond = async () => (await desk().api.call(guaranteeApi.readDesk)).pledges.bond;

async function states(share: number): Promise<void> {
  const { services } = await desk().api.call(careApi.readClinic, { params: { id: desk().organisationId } });
  await desk().api.call(priceApi.publishPriceList, {
    body: {
      validFrom: toIso(play.clinic.now() + 2_000),
      services: services.map(({ body }) => ({
        code: serviceCode(body),
        items: body.items,
        included: [],
        excluded: body.excluded,
        pledgeBps: share,
      })),
    },
  });
  await play.passTime(play.clinic.now() + 5_000);
}

/** A visit whose money is held and for whose coming the clinic stands. */
async function pledged(): Promise<bigint> {
  await play.book(await play.choose(), index++);
  await play.offer();
  await play.agree();
  await play.hold();
  const view = await play.atDesk();
  await pledgeComing(desk(), view);
  patient = patientAbsenceSeat(play.patient.io, play.visit, await play.atPhone());
  clinic = clinicAbsenceSeat(play.clinic, view);
  const { sum } = await standsAs('standing');
  expect(BigInt(sum)).toBe(promisedPledge(view));
  return BigInt(sum);
}

const standsAs = (state: string) =>
  until(async () => {
    const { pledge } = await readAbsence(clinic);
    return pledge?.state === state ? pledge : null;
  });
/** What the bank paid to the patient of this visit, in minor units. */
const sentHome = async (): Promise<bigint> => {
  const { payout } = (await play.atDesk()).terms as { payout: string };
  const rows = await house.house.modules.money.db
    .selectFrom('money.rail_payment')
    .select('amount')
    .where('party', '=', payout)
    .where('state', '=', 'booked')
    .execute();
  return rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
};
const arrives = (amount: bigint) => until(async () => ((await sentHome()) === amount ? true : null));

describe('a clinic that stands for its coming', () => {
  it('states the share in its price list, and it is part of what is signed', async () => {
    await states(SHARE);
    const order = await desk().api.call(guaranteeApi.orderBond, { body: { amount: String(BOND) } });
    await desk().api.call(demoApi.payAtBank, {
      body: { reference: order.reference, amount: order.amount, currency: order.currency },
    });
    await until(() =>
      placePledgeBond(desk(), BOND).then(
        () => true,
        () => null,
      ),
    );
    const choice = await play.choose();
    await play.book(choice, index++);
    expect((await play.atPhone()).quote.pledgeBps).toBe(SHARE);
  });

  it('returns the price and pays the pledge where it does not come and does not object', async () => {
    const sum = await pledged();
    const { held } = (await play.atPhone()).money!;
    expect((BigInt(held) * BigInt(SHARE)) % 10_000n).not.toBe(0n);
    expect(sum).toBe((BigInt(held) * BigInt(SHARE) + 9_999n) / 10_000n);
    expect(await bond()).toMatchObject({ total: String(BOND), locked: String(sum) });
    // what stands cannot be taken back
    expect(await codeOf(() => reclaimPledgeBond(desk(), BOND))).toBe('CHAIN_REVERTED');
    await play.passTime(starts() + HOUR);
    await reportAbsence(patient);
    // the report came through the book: nobody had to look
    await standsAs('reported');
    const { until: last } = (await readAbsence(clinic)).report!;
    await play.passTime(Date.parse(last) + MINUTE);
    await play.reached('cancelled');
    await standsAs('paid');
    await arrives(BigInt(held) + sum);
    expect((await readAbsence(patient)).report).toMatchObject({ outcome: 'settled' });
    expect(await bond()).toEqual({ total: String(BOND - sum), locked: '0' });
    expect(await differencesIn(house)).toEqual([]);
  });

  it('pays although it is quick to give everything back after the report', async () => {
    const sum = await pledged();
    const { held } = (await play.atPhone()).money!;
    await play.passTime(starts() + HOUR);
    await reportAbsence(patient);
    await standsAs('reported');
    await leaveAgreement(play.clinic, await play.atDesk());
    await play.reached('cancelled');
    await standsAs('paid');
    await arrives(BigInt(held) + sum);
  });

  it('pays nothing once it objected, and has its money back when the dispute is over', async () => {
    const before = BigInt((await bond()).total);
    await pledged();
    const { held } = (await play.atPhone()).money!;
    await play.passTime(starts() + HOUR);
    await reportAbsence(patient);
    await standsAs('reported');
    await objectToAbsence(clinic);
    await play.reached('disputed');
    await standsAs('standing');
    // nobody rules: the price comes back, and nothing on top
    await play.passTime(play.clinic.now() + 31 * DAY);
    await standsAs('freed');
    await arrives(BigInt(held));
    expect(await bond()).toEqual({ total: String(before), locked: '0' });
  });

  it('takes back what no visit needs with one signature, and the books fit to the cent', async () => {
    const { total } = await bond();
    const { account } = desk();
    const { engines, deps } = house.house;
    const { contracts } = deps.protocol;
    const onLedger = () =>
      engines.chain.viem.readContract({
        address: contracts.ClinicBond,
        abi: ClinicBondAbi,
        functionName: 'bond',
        args: [contracts.AbsencePledge, account],
      });
    expect(await onLedger()).toEqual({ total: BigInt(total), locked: 0n });
    await reclaimPledgeBond(desk(), BigInt(total));
    const booked = () =>
      house.house.modules.money.db
        .selectFrom('money.rail_payment')
        .select('amount')
        .where('party', '=', account.toLowerCase() as typeof account)
        .where('state', '=', 'booked')
        .execute();
    await until(async () => ((await booked()).some(({ amount }) => String(amount) === total) ? true : null));
    expect(await bond()).toEqual({ total: '0', locked: '0' });
    expect(await onLedger()).toEqual({ total: 0n, locked: 0n });
    expect(await differencesIn(house)).toEqual([]);
    // what the bond keeps and what stands are compared by themselves
    const keeps = (locked: string) =>
      house.house.modules.money.db.updateTable('money.pledge_bond').set({ total: '100', locked }).execute();
    await keeps('1');
    expect(await differencesIn(house)).toEqual([
      { kind: 'pledges', expected: '0', found: '1', where: account.toLowerCase() },
    ]);
  });

  it('leaves the books in order, and is the same when built again', async () => {
    const spoiled = await rebuildAndCompare(house.house);
    expect(spoiled.filter(({ different }) => different.length > 0).map(({ what }) => what)).toEqual([
      'money.pledge_bond',
    ]);
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.filter(({ different }) => different.length > 0)).toEqual([]);
    expect(compared.find(({ what }) => what === 'money.pledge')?.rows).toBe(3);
    expect(compared.find(({ what }) => what === 'money.pledge_bond')?.rows).toBe(1);
  });
});
