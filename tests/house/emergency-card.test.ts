/** What becomes of an emergency card when its owner restricts, corrects or erases what it shows. */
import { openClinic, random } from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { openEmergency, switchOffEmergency, switchOnEmergency } from '@zhenmei/client/vault/emergency.ts';
import { eraseItems, restrictItem } from '@zhenmei/client/vault/erasing.ts';
import { itemOf } from '@zhenmei/client/vault/health.ts';
import { keepAllergies, keepFacts } from '@zhenmei/client/vault/keep-health.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { newId } from '@zhenmei/kernel';
import type { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFriend } from './friend.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let clinic: Clinic;
let ann: Vault;
let code = '';
beforeAll(async () => {
  house = await openTestHouse();
  [ann, clinic] = await Promise.all([
    newFriend(house),
    openClinic({ baseUrl: house.url, origin: house.url, patience: 0 }),
  ]);
});
afterAll(async () => {
  await house?.close();
});

const list = (substance: 'lidocaine' | 'latex'): AllergyList => ({
  answered: true,
  facts: [
    {
      substance,
      text: substance,
      verification: 'unconfirmed',
      criticality: 'high',
      recordedOn: '2026-05-03',
    },
  ],
});
const doctor = () => Object.keys(clinic.doctorLicences)[0]!;
/** What the doctor reads, or why nothing. */
async function scan(): Promise<string> {
  const by = { doctor: doctor(), reason: 'unconscious', request: newId(Date.now(), random(10)) } as const;
  try {
    const { allergies, facts } = await openEmergency(clinic, code, by);
    const told = [
      ...(allergies?.facts ?? []).map(({ text }) => text),
      ...(facts?.facts ?? []).map(({ condition }) => condition),
    ];
    return told.join();
  } catch (error) {
    return (error as { code: string }).code;
  }
}
const allergies = () => itemOf(ann, 'allergies')!;

describe('an emergency card', () => {
  it('shows at once what was corrected', async () => {
    await keepAllergies(ann, list('lidocaine'), 'a');
    code = await switchOnEmergency(ann, false);
    await keepAllergies(ann, list('latex'), 'a');
    expect(await scan()).toBe('latex');
  });

  it('shows nothing while its owner restricts her allergies, whatever else she tells', async () => {
    await restrictItem(ann, allergies(), true);
    expect(await scan()).toBe('EMERGENCY_CARD_PAUSED');
    await keepFacts(ann, { version: 1, facts: [] }, 'f');
    expect(await scan()).toBe('EMERGENCY_CARD_PAUSED');
    await restrictItem(ann, allergies(), false);
    expect(await scan()).toBe('latex');
  });

  it('is paused, not lost, if restricting stops half-way', async () => {
    const { api } = ann.io;
    const call = api.call.bind(api);
    api.call = ((route: { path: string; method: string }, ...rest: [never]) =>
      route.path.endsWith('/restriction')
        ? Promise.reject(new Error('stopped'))
        : call(route as never, ...rest)) as never;
    await expect(restrictItem(ann, allergies(), true)).rejects.toThrow('stopped');
    api.call = call as never;
    expect(await scan()).toBe('EMERGENCY_CARD_PAUSED');
    await restrictItem(ann, allergies(), false);
    expect(await scan()).toBe('latex');
  });

  it('no longer shows what was erased', async () => {
    code = await switchOnEmergency(ann, false);
    await eraseItems(ann, [allergies()], { region: 'CN', whole: false });
    expect(await scan()).toBe('');
    await keepAllergies(ann, list('lidocaine'), 'a');
    expect(await scan()).toBe('lidocaine');
  });

  it('is not made while allergies are restricted', async () => {
    await switchOffEmergency(ann);
    await restrictItem(ann, allergies(), true);
    await expect(switchOnEmergency(ann, false)).rejects.toMatchObject({ code: 'EMERGENCY_RESTRICTED' });
  });
});
