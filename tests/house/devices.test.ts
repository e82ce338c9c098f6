/** A tablet is lost: another takes its place on the real chain, the visit goes on, and what it signed before counts. */
import {
  apiAt,
  deviceOf,
  openClinic,
  openPatient,
  type Place,
  random,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { type Desk, joinDesk, operate, sendOperation, signOperation } from '@zhenmei/client/desk.ts';
import { confirmDevice, retireDevice } from '@zhenmei/client/devices.ts';
import { mismatchEvent, stateSigned } from '@zhenmei/client/hand-over.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { registerDevice } from '@zhenmei/client/stock.ts';
import { PasskeyAccountAbi } from '@zhenmei/contracts/generated/abis.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import type { Hex } from '@zhenmei/kernel';
import { judgeUnit } from '@zhenmei/provenance';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { encodeFunctionData } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
const asked: string[] = [];
const listening: typeof fetch = (input, init) => {
  asked.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
  return fetch(input, init);
};
beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0, fetch: listening };
});
afterAll(async () => {
  await house?.close();
});

/** A new tablet joins with a code that a device of the organisation gave. */
async function joinWith(by: Desk): Promise<Desk> {
  const { invitation } = await by.api.call(identityApi.inviteDevice);
  const passkey = softwarePasskey(random(32), place.origin);
  return joinDesk(apiAt(place, 'desk'), passkey, deviceOf(random(32)), invitation, 'desk');
}

async function signIn({ api, authenticator }: Desk): Promise<unknown> {
  const { challenge, rpId } = await api.call(identityApi.challenge, { body: { purpose: 'sign-in' } });
  const { answer } = authenticator as ReturnType<typeof softwarePasskey>;
  return api.call(identityApi.signIn, { body: { assertion: answer(challenge, rpId) as never } });
}

/** Whatever an account may always do to itself: nothing changes by it. */
const harmless = (desk: Desk) => [
  {
    to: desk.account,
    data: encodeFunctionData({ abi: PasskeyAccountAbi, functionName: 'setThreshold', args: [1n] }),
  },
];
const call = (desk: Desk, functionName: 'addSigners' | 'removeSigners', signers: Hex[]) => ({
  to: desk.account,
  data: encodeFunctionData({ abi: PasskeyAccountAbi, functionName, args: [signers] }),
});
const listed = async (desk: Desk, id: string) =>
  (await desk.api.call(identityApi.listDevices)).devices.find((one) => one.id === id)!;

describe('a lost tablet of a clinic', () => {
  let kept: Clinic;
  let lost: Clinic;
  let next: Desk;
  let play: VisitPlay;

  it('signs at the same moment as another device, and neither stands in the way', async () => {
    const [one, other] = await Promise.all([openClinic(place), openClinic(place)]);
    const signed = await Promise.all([one, other].map(({ desk }) => signOperation(desk, harmless(desk))));
    await Promise.all([one, other].map(({ desk }, i) => sendOperation(desk, signed[i]!)));
    // two at once of one device: the second is told to try again, in words
    const [first, second] = [
      await signOperation(one.desk, harmless(one.desk)),
      await signOperation(one.desk, [...harmless(one.desk), ...harmless(one.desk)]),
    ];
    await sendOperation(one.desk, first);
    expect(await codeOf(() => sendOperation(one.desk, second))).toBe('OPERATION_OUTDATED');
    await operate(one.desk, harmless(one.desk));
  });

  it('had treated a patient', async () => {
    const patient = await openPatient(place);
    [kept, lost] = [await openClinic(place), await openClinic(place)];
    play = new VisitPlay(place, patient, lost);
    await play.book(await play.choose());
    for (const step of ['offer', 'agree', 'hold', 'passTime', 'ready', 'checkIn', 'unseal', 'treat'] as const)
      await play[step]();
    expect((await play.atDesk()).state).toBe('performed');
  });

  it('is followed by one that may do nothing on the account before it is confirmed', async () => {
    next = await joinWith(kept.desk);
    expect((await listed(next, next.deviceId)).confirmed).toBe(false);
    expect(await codeOf(() => operate(next, harmless(next)))).toBe('DESK_DEVICE_NOT_CONFIRMED');
    // nor by way of what another device had prepared
    const { operation, signature } = await signOperation({ ...next, api: kept.desk.api }, harmless(next));
    expect(
      await codeOf(() => next.api.call(houseApi.sendOperation, { body: { operation, signature } })),
    ).toBe('CHAIN_REVERTED');
    expect(await codeOf(() => confirmDevice(next, next.deviceId))).toBe('DESK_DEVICE_NOT_CONFIRMED');
    expect(await codeOf(() => retireDevice(next, lost.desk.deviceId, 'lost'))).toBe(
      'DESK_DEVICE_NOT_CONFIRMED',
    );
  });

  it('is refused a retirement off the chain, and a stranger a place on it', async () => {
    const { deviceId, signer } = lost.desk;
    const body = { reason: 'lost', replacedBy: null } as const;
    const retire = () => kept.desk.api.call(identityApi.retireDevice, { params: { id: deviceId }, body });
    expect(await codeOf(retire)).toBe('DESK_DEVICE_STILL_SIGNS');
    const stranger = `${signer.slice(0, -2)}${signer.endsWith('00') ? '01' : '00'}` as Hex;
    expect(await codeOf(() => operate(kept.desk, [call(kept.desk, 'addSigners', [stranger])]))).toBe(
      'DESK_DEVICE_UNKNOWN',
    );
    const all = (await kept.desk.api.call(identityApi.listDevices)).devices.filter((one) => one.confirmed);
    const everyone = all.map((one) => one.signer);
    expect(await codeOf(() => operate(kept.desk, [call(kept.desk, 'removeSigners', everyone)]))).toBe(
      'DESK_DEVICE_LAST',
    );
  });

  it('is replaced by one prompt and one operation', async () => {
    let prompts = 0;
    const { authenticator } = kept.desk;
    const counted: Desk = {
      ...kept.desk,
      authenticator: {
        ...authenticator,
        sign: (hash, rpId) => {
          prompts++;
          return authenticator.sign(hash, rpId);
        },
      },
    };
    asked.length = 0;
    await retireDevice(counted, lost.desk.deviceId, 'lost', next.deviceId);
    expect(prompts).toBe(1);
    expect(asked.filter((one) => one === 'POST /api/accounts/operations')).toHaveLength(1);
    const { number } = await listed(kept.desk, next.deviceId);
    expect(await listed(kept.desk, lost.desk.deviceId)).toMatchObject({
      confirmed: false,
      reason: 'lost',
      replacedBy: number,
      retiredBy: (await listed(kept.desk, kept.desk.deviceId)).number,
    });
    // again, as after an interruption, changes nothing
    await retireDevice(kept.desk, lost.desk.deviceId, 'lost', next.deviceId);
    expect(await codeOf(() => retireDevice(kept.desk, lost.desk.deviceId, 'broken'))).toBe(
      'DESK_DEVICE_RETIRED',
    );
  });

  it('is signed out, and signs in no more', async () => {
    expect(await codeOf(() => lost.desk.api.call(identityApi.me))).toBe('NOT_SIGNED_IN');
    expect(await codeOf(() => signIn(lost.desk))).toBe('DESK_DEVICE_RETIRED');
    expect(await codeOf(() => signIn(kept.desk))).toBe('done');
  });

  it('signs no operation, even through another device; the new one does', async () => {
    const thief: Desk = { ...lost.desk, api: kept.desk.api };
    const { operation, signature } = await signOperation(thief, harmless(thief));
    expect(
      await codeOf(() => kept.desk.api.call(houseApi.sendOperation, { body: { operation, signature } })),
    ).toBe('CHAIN_REVERTED');
    expect(await codeOf(() => operate(next, harmless(next)))).toBe('done');
    expect(await codeOf(() => operate(next, [call(next, 'addSigners', [lost.desk.signer])]))).toBe(
      'DESK_DEVICE_RETIRED',
    );
  });

  it('states nothing more, even through another device', async () => {
    const thief: Clinic = { ...lost, desk: { ...lost.desk, api: kept.desk.api } };
    const { code: unit } = await judged();
    const facts = { unit, deviceClass: null, person: 'x' };
    expect(await codeOf(() => registerDevice(thief, facts))).toBe('STATEMENT_SIGNATURE_WRONG');
    const event = (who: Clinic) => mismatchEvent({ gln: who.gln, epcs: [unit], at: who.now() - 60_000 });
    expect(await codeOf(() => stateSigned(thief, event(thief)))).toBe('EVENT_SIGNATURE_WRONG');
  });

  it('leaves a visit that goes on', async () => {
    const after = new VisitPlay(place, play.patient, { ...lost, desk: next });
    after.resume(play.visit, play.choice);
    await after.claim();
    await after.release();
    await after.withdraw();
    expect((await after.atPhone()).state).toBe('closed');
  });
});

/** A unit whose hand-overs were signed. */
async function judged() {
  const { units } = readActors(house.dataDir)!;
  for (const code of Object.values(units).flat()) {
    const { verdict } = await judgeUnit(house.house.modules.provenance, { code, purpose: 'public' });
    if (verdict.handovers.signed > 0) return { code, ...verdict.handovers };
  }
  throw new Error('nothing was handed over');
}

describe('devices that end along the way of the goods', () => {
  it('have signed hand-overs that still count', async () => {
    const before = await judged();
    for (const organisation of ['chengchuan', 'bailu', 'yuanqiao', 'meiyuan']) await endFirst(organisation);
    expect(await judged()).toEqual(before);
  });
});

/** Another device joins, and ends the one with which everything was signed. */
async function endFirst(organisation: string): Promise<void> {
  const api = apiAt(place, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation } });
  const passkey = softwarePasskey(random(32), place.origin);
  const desk = await joinDesk(api, passkey, deviceOf(random(32)), invitation, organisation);
  await api.call(demoApi.equipDesk);
  const [first] = (await api.call(identityApi.listDevices)).devices;
  await retireDevice(desk, first!.id, 'broken');
  expect(await listed(desk, first!.id)).toMatchObject({ confirmed: false, reason: 'broken' });
}
