/** Who stands behind a promise, through the public API: an insurer that is licensed by name, and the funded pool. */
import { recomputeTables } from '@zhenmei/cli/money/recompute.ts';
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
import { askExit, declinePolicy, placeInPool, signPolicy, takeOut } from '@zhenmei/client/backing.ts';
import { type Desk, joinDesk } from '@zhenmei/client/desk.ts';
import {
  askBacking,
  type Behind,
  claimCover,
  decideClaim,
  endCover,
  openInsured,
  openPooled,
  placeBond,
  reclaimBond,
} from '@zhenmei/client/guarantee.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import { dueCovers } from '@zhenmei/money';
import { backingApi } from '@zhenmei/money/backing-api.ts';
import { bordereauCsv } from '@zhenmei/money/core/bordereau.ts';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { cn } from '@zhenmei/policy';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { differencesIn } from './reconciled.ts';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let play: VisitPlay;
let insurer: Desk;
let authority: Desk;
let index = 0;

async function demoDesk(organisation: string): Promise<Desk> {
  const api = apiAt(place, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation } });
  const desk = await joinDesk(
    api,
    softwarePasskey(random(32), house.url),
    deviceOf(random(32)),
    invitation,
    'desk',
  );
  await api.call(demoApi.equipDesk);
  return desk;
}

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
  const { invitation } = await apiAt(place, 'desk').call(identityApi.createOrganisation, {
    bearer: house.house.operatorToken,
    body: {
      kind: 'insurer',
      name: { zh: '安和财产保险', en: 'Anhe Insurance' },
      city: { zh: '真安', en: 'Zhen’an' },
      address: { zh: '真安市金融街 20 号', en: '20 Finance Street, Zhen’an' },
      region: 'CN',
      gln: '6941234500999',
      licensedForToxin: false,
    },
  });
  insurer = await joinDesk(
    apiAt(place, 'desk'),
    softwarePasskey(random(32), house.url),
    deviceOf(random(32)),
    invitation,
    'desk',
  );
  authority = await demoDesk('regulator');
  await payIn(play.clinic.desk, guaranteeApi.orderBond, 5_000_000n, placeBond);
});
afterAll(() => house?.close());

const operator = <R extends 'readBackers' | 'licenseInsurer' | 'licensePool'>(route: R, body?: object) =>
  apiAt(place, 'desk').call(
    backingApi[route] as never,
    {
      bearer: house.house.operatorToken,
      ...(body ? { body } : {}),
    } as never,
  ) as Promise<never>;
const readInsurer = () => insurer.api.call(backingApi.readInsurer);
const atClinic = () => play.clinic.desk.api.call(guaranteeApi.readDesk);

async function payIn(
  desk: Desk,
  route: typeof guaranteeApi.orderBond,
  amount: bigint,
  put: (desk: Desk, amount: bigint) => Promise<void>,
): Promise<void> {
  const order = await desk.api.call(route, { body: { amount: amount.toString() } });
  await desk.api.call(demoApi.payAtBank, {
    body: { reference: order.reference, amount: order.amount, currency: order.currency },
  });
  await until(() =>
    put(desk, amount)
      .then(() => true)
      .catch(() => null),
  );
}

async function held(): Promise<void> {
  await play.book(await play.choose(), index++);
  await play.offer();
  await play.agree();
  await play.hold();
}

const ask = async (behind: NonNullable<Behind>): Promise<Hex> =>
  askBacking(play.clinic, await play.atDesk(), (await atClinic()).authority!, behind);
const cover = async (id: Hex) => (await atClinic()).covers.find((one) => one.id === id)!;

async function claimed(id: Hex): Promise<void> {
  await play.passTime();
  await play.ready();
  await play.checkIn();
  await play.unseal();
  await play.treat();
  await play.claim();
  await play.release();
  const open = await until(async () => {
    const now = await cover(id);
    return now.claimable ? now : null;
  });
  await play.passTime(Date.parse(open.from) + 60_000);
  await claimCover(play.patient.io, play.visit, await play.atPhone(), open, 2);
  await until(async () => ((await cover(id)).state === 'claimed' ? true : null));
}

const settled = (id: Hex) =>
  until(async () => {
    const now = await cover(id);
    return now.state === 'settled' ? now : null;
  });

describe('an insurer', () => {
  const ours = () => ({ profile: 'insurer', backer: insurer.account }) as const;

  it('stands behind nothing while nobody licensed it', async () => {
    const { profiles } = await atClinic();
    expect(profiles.map(({ profile, state }) => [profile, state])).toEqual([
      ['promise', 'on'],
      ['insurer', 'not-licensed'],
      ['pool', 'not-here'],
    ]);
    await held();
    expect(await codeOf(() => ask(ours()))).toBe('GUARANTEE_PROFILE_OFF');
    expect(
      await codeOf(() => insurer.api.call(backingApi.orderInsurerBond, { body: { amount: '1000000' } })),
    ).toBe('GUARANTEE_PROFILE_OFF');
    expect(await readInsurer()).toMatchObject({ licensed: false, covers: [], requests: [] });
    expect(await codeOf(() => operator('licensePool', { licensed: true }))).toBe('GUARANTEE_PROFILE_OFF');
    const nobody = { organisationId: play.clinic.desk.organisationId, licensed: true };
    expect(await codeOf(() => operator('licenseInsurer', nobody))).toBe('INSURER_UNKNOWN');
    expect(await codeOf(() => play.clinic.desk.api.call(backingApi.readInsurer))).toBe(
      'GUARANTEE_SEAT_WRONG',
    );
  });

  it('is licensed by its name, signs what the clinic asks for, and its bond pays what the clinic’s does not', async () => {
    const licence = { organisationId: insurer.organisationId, licensed: true };
    await operator('licenseInsurer', licence);
    await operator('licenseInsurer', licence);
    expect((await atClinic()).profiles[1]).toMatchObject({
      state: 'on',
      insurers: [{ account: insurer.account, name: { en: 'Anhe Insurance' } }],
    });
    await payIn(insurer, backingApi.orderInsurerBond as never, 3_000_000n, placeBond);
    const id = await ask(ours());
    const [request] = (await readInsurer()).requests;
    expect(request).toMatchObject({ id, state: 'offered', backing: { answer: 'asked' } });
    // a clinic’s hand is not the insurer’s
    const forged = {
      ...insurer,
      signer: play.clinic.desk.signer,
      authenticator: play.clinic.desk.authenticator,
    };
    expect(await codeOf(() => signPolicy(forged, request!, 20_000n))).toBe('POLICY_NOT_SIGNED');
    expect(await codeOf(async () => openInsured(play.clinic.desk, await cover(id)))).not.toBe('done');
    await signPolicy(insurer, request!, 20_000n);
    expect(await codeOf(() => declinePolicy(insurer, request!))).toBe('POLICY_TOO_LATE');
    await openInsured(play.clinic.desk, await cover(id));
    const open = await cover(id);
    expect(open).toMatchObject({
      state: 'open',
      decider: 'authority',
      backing: { profile: 'insurer', name: { en: 'Anhe Insurance' }, answer: 'signed', premium: '20000' },
    });
    const [price, backed] = [BigInt(open.price), BigInt(open.backing.backed)];
    expect(BigInt(open.backing.firstLoss) + backed).toBe(price);
    expect((await readInsurer()).bond).toEqual({ total: '3000000', locked: backed.toString() });
    expect(await codeOf(() => reclaimBond(insurer, 3_000_000n))).not.toBe('done');
    const sign = vi.spyOn(insurer.authenticator, 'sign');
    await reclaimBond(insurer, 3_000_000n - backed);
    expect(sign).toHaveBeenCalledTimes(1);
    const { account } = insurer;
    const home = house.house.modules.money.db
      .selectFrom('money.rail_payment')
      .select('amount')
      .where('party', '=', account.toLowerCase() as Hex);
    await until(async () =>
      (await home.execute()).some(({ amount }) => BigInt(amount) === 3_000_000n - backed) ? true : null,
    );
    expect(await codeOf(() => signPolicy(insurer, request!, 0n))).toBe('POLICY_TOO_LATE');

    await claimed(id);
    // the clinic cannot agree away what is not its own
    expect(await codeOf(async () => endCover(play.clinic.desk, 'concede', await cover(id)))).not.toBe('done');
    await decideClaim(authority, await cover(id), 2);
    const done = await settled(id);
    const due = BigInt(done.cases.noImprovement);
    expect(done).toMatchObject({ ruling: 2, silent: false, paidOut: due.toString() });
    expect(BigInt(done.backing.paid!)).toBe(due - BigInt(done.backing.firstLoss));
    const desk = await readInsurer();
    expect(desk.bond).toEqual({ total: (backed - BigInt(done.backing.paid!)).toString(), locked: '0' });
    const csv = bordereauCsv(desk.covers);
    expect(csv.split('\r\n')).toHaveLength(3);
    expect(csv).toContain('no-improvement,no-improvement');
    expect(csv).toContain(',200.00,');
    for (const secret of [play.visit.id, done.cover.person, done.cover.agreement])
      expect(csv).not.toContain(secret);
  }, 240_000);

  it('declines, or loses its licence: nothing new opens', async () => {
    await held();
    const id = await ask(ours());
    const request = (await readInsurer()).requests.find((one) => one.id === id)!;
    await declinePolicy(insurer, request);
    expect((await cover(id)).backing.answer).toBe('declined');
    expect((await readInsurer()).requests).toEqual([]);
    expect(await codeOf(() => declinePolicy(insurer, { ...request, id: `0x${'1'.repeat(64)}` }))).toBe(
      'POLICY_UNKNOWN',
    );
    await operator('licenseInsurer', { organisationId: insurer.organisationId, licensed: false });
    expect(await codeOf(() => ask(ours()))).toBe('GUARANTEE_PROFILE_OFF');
    expect(await codeOf(() => signPolicy(insurer, request, 0n))).toBe('GUARANTEE_PROFILE_OFF');
  }, 120_000);
});

describe('the funded pool', () => {
  it('is off in this region, and works where pack and admin allow it', async () => {
    const lender = await demoDesk('hengxin');
    const read = () => lender.api.call(backingApi.readPool);
    expect((await read()).profile).toMatchObject({ state: 'not-here', reason: { en: expect.any(String) } });
    expect(
      await codeOf(() => lender.api.call(backingApi.orderPoolCapital, { body: { amount: '100000' } })),
    ).toBe('GUARANTEE_PROFILE_OFF');
    const elsewhere = {
      ...cn,
      requirements: cn.requirements.filter(({ id }) => id !== 'guarantee-pool-off'),
    };
    Object.assign(house.house.modules.money.backing, { packs: [elsewhere] });
    expect((await read()).profile.state).toBe('not-licensed');
    expect(await codeOf(() => ask({ profile: 'pool' }))).toBe('GUARANTEE_PROFILE_OFF');
    await operator('licensePool', { licensed: true });
    await payIn(lender, backingApi.orderPoolCapital as never, 20_000_000n, placeInPool);
    expect(await read()).toMatchObject({
      profile: { state: 'on' },
      capital: '20000000',
      free: '20000000',
      ratioBps: null,
      enough: true,
    });

    const id = await ask({ profile: 'pool' });
    const price = () => play.clinic.desk.api.call(backingApi.priceCover, { params: { id }, body: {} });
    const asked = await price();
    expect(BigInt(asked.premium)).toBeGreaterThan(0n);
    expect((await price()).rate).toEqual(asked.rate);
    expect((await recomputeTables(house.house)).map(({ same }) => same)).toEqual([true]);
    const pay = async () => openPooled(play.clinic.desk, await cover(id), asked);
    expect(await codeOf(pay)).not.toBe('done');
    const rest = 70_000n;
    await payIn(play.clinic.desk, guaranteeApi.orderBond, BigInt(asked.premium) + rest, pay);
    // the premium used the order up; what it left on the account still gets into the bond
    const { units, bond } = await atClinic();
    expect(units).toBe(rest.toString());
    await placeBond(play.clinic.desk, rest);
    expect(await atClinic()).toMatchObject({
      units: '0',
      bond: { total: (BigInt(bond.total) + rest).toString() },
    });
    const desk = await read();
    const open = await cover(id);
    expect(open.backing).toMatchObject({ profile: 'pool', name: null, premium: asked.premium });
    expect(desk).toMatchObject({
      capital: (20_000_000n + BigInt(asked.premium)).toString(),
      exposure: open.backing.backed,
      enough: true,
      clinics: [{ amount: open.backing.backed }],
      covers: [{ id, state: 'open' }],
    });
    expect(await codeOf(price)).toBe('POLICY_UNKNOWN');

    await askExit(lender, BigInt(desk.mine.shares));
    expect((await read()).exits).toMatchObject([{ mine: true }]);
    expect(await codeOf(() => takeOut(lender, BigInt(desk.mine.shares)))).not.toBe('done');
    await claimed(id);
    expect((await read()).frozen).toBe(open.backing.backed);
    await decideClaim(authority, await cover(id), 1);
    const done = await settled(id);
    expect(done).toMatchObject({ paidOut: done.price, backing: { paid: open.backing.backed } });
    await play.passTime(Date.parse((await read()).exits[0]!.from) + DAY);
    const due = await until(async () => {
      const now = await read();
      return now.mine.ready === '0' ? null : now;
    });
    await takeOut(lender, BigInt(due.mine.ready));
    expect(await read()).toMatchObject({ exits: [], mine: { worth: '0', readyWorth: '0' } });
  }, 300_000);

  it('leaves every unit where the ledger says it is, and its rows can be built again from the chain', async () => {
    // what is due to patients is paid out by itself
    await until(async () => ((await dueCovers(house.house.modules.money)).length === 0 ? true : null));
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.flatMap(({ what, different }) => different.map((key) => `${what} ${key}`))).toEqual([]);
  });
});
