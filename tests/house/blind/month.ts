/** A month in the house: people keep, give, are treated, take back, lose phones. Everything clinical in it is planted. */
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
import { joinDesk } from '@zhenmei/client/desk.ts';
import { judgeService, syncGate } from '@zhenmei/client/gate.ts';
import { decideGate } from '@zhenmei/client/override.ts';
import { readVisit, visitSecret } from '@zhenmei/client/patient.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { addUnlock, dropDevices, joinAccount, rootByCode } from '@zhenmei/client/vault/devices.ts';
import { openEmergency, switchOnEmergency } from '@zhenmei/client/vault/emergency.ts';
import { givePermission, takeBack } from '@zhenmei/client/vault/granting.ts';
import { becomeGuardian, chooseGuardians } from '@zhenmei/client/vault/guardians.ts';
import type { VaultIo } from '@zhenmei/client/vault/io.ts';
import { keepAllergies } from '@zhenmei/client/vault/keep-health.ts';
import { joinStudy, myStudies, namePayees } from '@zhenmei/client/vault/pool.ts';
import { agreeToRun, askForRun, runOnce } from '@zhenmei/client/vault/programs.ts';
import {
  leaveFile,
  openFile,
  openList,
  receivedGrants,
  registerDeskKey,
} from '@zhenmei/client/vault/reading.ts';
import { type NewItem, Vault } from '@zhenmei/client/vault/vault.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { canonicalJson, DAY, newId, toIso, utf8 } from '@zhenmei/kernel';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import { treatmentRecord } from '@zhenmei/vault/core/record.ts';
import { recoveryCode, recoveryUnlock } from '@zhenmei/vault/core/recovery-code.ts';
import type { Plants } from './plants.ts';

export const PEOPLE = 6;
export const FACES = 60;
export const PLANTED = 500;
const COMPARTMENTS: readonly Compartment[] = [
  'allergies',
  'treatments',
  'skin-measures',
  'genetics',
  'messages',
  'identity',
];

/** A vault with a passkey of its own. */
async function newcomer(place: Place, now: () => number) {
  const io: VaultIo = { api: apiAt(place, 'patient'), now, random };
  const passkey = softwarePasskey(random(32), place.origin);
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'x' });
  await io.api.call(identityApi.registerPatient, { body: { registration: json } });
  const unlock = { kind: 'passkey', id: json.id, secret: prf! } as const;
  return { io, passkey, unlock, vault: await Vault.create(io, unlock) };
}

const facts = (
  compartment: Compartment,
  title: string,
  now: number,
  change: Partial<NewItem> = {},
): NewItem => ({
  compartment,
  kind: 'document',
  title,
  at: toIso(now),
  mime: 'text/plain',
  ...change,
});

/** @returns the vaults, so that whoever looks can see that the attack works when it is given a root */
export async function liveAMonth(place: Place, now: () => number, plants: Plants): Promise<Vault[]> {
  const clinic = await openClinic(place);
  await registerDeskKey(clinic);
  const doctor = Object.keys(clinic.doctorLicences)[0]!;
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => newcomer(place, now)));
  const vaults = people.map(({ vault }) => vault);

  await treat(place, clinic, plants);
  for (const [i, vault] of vaults.entries()) {
    for (let n = 0; n < FACES / PEOPLE; n++) {
      const photo = facts('face-photos', plants.text(), now(), { kind: 'photo', mime: 'image/png' });
      await vault.put(photo, plants.face());
    }
    for (const compartment of COMPARTMENTS)
      await vault.put(
        facts(compartment, plants.text(), now()),
        utf8(Array.from({ length: 4 }, () => plants.text()).join('\n')),
      );
    await vault.rememberVisit({
      id: newId(now(), random(10)),
      index: 0,
      generation: 1,
      clinic: { zh: '梅园', en: 'Plum' },
      service: { zh: plants.text(), en: 'Filler' },
      at: toIso(now()),
    });
    await permissionsOf(vault, clinic, i % 2 === 0 ? doctor : null, plants);
    await passDays(place, now, 4);
  }
  await emergencies([vaults[0]!, vaults[4]!], clinic, plants);
  await programs(vaults[5]!, plants);
  await study(place, vaults[5]!);
  await guardians(vaults, plants);
  await lostPhone(place, now, people[1]!);
  await vaults[2]!.rotate();
  await vaults[3]!.remove(vaults[3]!.contents.items[0]!);
  await passDays(place, now, 6);

  for (let left = PLANTED - plants.all.length; left > 0; left--) {
    const vault = vaults[left % PEOPLE === 1 ? 0 : left % PEOPLE]!;
    const record = { resourceType: 'Observation', note: [{ text: plants.text() }] };
    const mime = 'application/fhir+json';
    await vault.put(
      facts('treatments', 'Observation', now(), { kind: 'fhir', mime }),
      utf8(canonicalJson(record)),
    );
  }
  return vaults.filter((_, i) => i !== 1);
}

/** A whole visit, whose record holds a planted note; the patient collects it. Then a second one, up to the held money. */
async function treat(place: Place, clinic: Clinic, plants: Plants): Promise<void> {
  const note = plants.text();
  const patient = await openPatient(place);
  const play = new VisitPlay(place, patient, clinic);
  await play.book(await play.choose());
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  await lookedAt(play, clinic, plants);
  await play.ready();
  await play.checkIn();
  await play.unseal();
  await play.treat(undefined, note);
  await visitSecret(play.visit, await readVisit(patient.io, play.visit));
  await play.claim();
  await play.release();
  // the same person comes again: nothing public may show it
  const again = new VisitPlay(place, patient, clinic);
  await again.book(await again.choose(), 1);
  await again.offer();
  await again.agree();
  await again.hold();
}

/** An allergy in her own words makes the gate ask; a doctor decides in theirs. */
async function lookedAt(play: VisitPlay, clinic: Clinic, plants: Plants): Promise<void> {
  const recordedOn = toIso(play.patient.io.now()).slice(0, 10);
  const own = {
    substance: null,
    text: plants.text(),
    verification: 'unconfirmed',
    criticality: 'high',
  } as const;
  const known = { ...play.health(), allergies: { answered: true, facts: [{ ...own, recordedOn }] } };
  const view = await play.atPhone();
  await syncGate(play.patient.io, play.visit, view, await judgeService(play.patient.io, view.service, known));
  const seen = await play.atDesk();
  const doctor = { id: seen.doctor.id, name: seen.doctor.name.zh };
  await decideGate(clinic, seen, { doctor, reason: 'precaution-taken', note: plants.text() });
  play.known = known;
}

/** A card that is opened in an emergency, and one that is only on. */
async function emergencies(vaults: readonly Vault[], clinic: Clinic, plants: Plants): Promise<void> {
  for (const vault of vaults) {
    const recordedOn = toIso(vault.io.now()).slice(0, 10);
    const fact = {
      substance: null,
      text: plants.text(),
      verification: 'confirmed',
      criticality: 'high',
    } as const;
    await keepAllergies(vault, { answered: true, facts: [{ ...fact, recordedOn }] }, plants.text());
    await switchOnEmergency(vault, true);
  }
  const request = newId(vaults[0]!.io.now(), random(10));
  const doctor = Object.keys(clinic.doctorLicences)[0]!;
  const opened = { doctor, reason: 'unconscious', request } as const;
  await openEmergency({ ...clinic, now: vaults[0]!.io.now }, vaults[0]!.contents.emergency!.code, opened);
}

/** A program that has run, and one that may. */
async function programs(vault: Vault, plants: Plants): Promise<void> {
  const record = treatmentRecord({
    at: toIso(vault.io.now()),
    procedure: { code: 'filler', name: plants.text() },
    doctor: plants.text(),
    zones: [{ zone: 'chin', amount: 300 }],
    amountUnit: 'uL',
    product: { gtin: '09521234100010', serial: 'A1', lot: 'L1', name: plants.text() },
  });
  const item = await vault.put(
    facts('treatments', plants.text(), vault.io.now(), { kind: 'record', mime: 'application/fhir+json' }),
    utf8(canonicalJson(record)),
  );
  const offer = await askForRun(vault, 'treatment-totals');
  await runOnce(vault, offer, await agreeToRun(vault, offer, [item]), plants.text());
  await agreeToRun(vault, await askForRun(vault, 'treatment-totals'), [item]);
}

/** A study of the data pool, answered from what was planted. */
async function study(place: Place, vault: Vault): Promise<void> {
  const api = apiAt(place, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation: 'regulator' } });
  await joinDesk(api, softwarePasskey(random(32), place.origin), deviceOf(random(32)), invitation, 'desk');
  const id = newId(vault.io.now(), random(10));
  await api.call(vaultApi.registerStudy, {
    body: {
      id,
      title: { zh: '一年的治疗', en: 'A year of treatments' },
      why: { zh: '了解用量', en: 'To learn what is used' },
      questions: ['area-year', 'product-kind', 'anaesthetic-allergy'],
      epsilon: 3_000,
      epsilonTotal: 6_000,
      k: 20,
      releases: [20, 40].map((days) => toIso(vault.io.now() + days * DAY)),
      payment: { minor: '500', currency: 'CNY' },
    },
  });
  const order = await api.call(vaultApi.fundStudy, { params: { id }, body: { answers: 40 } });
  const { reference, missing: amount, currency } = order;
  await api.call(demoApi.payAtBank, { body: { reference, amount, currency } });
  await joinStudy(vault, (await myStudies(vault)).find(({ plan }) => plan.id === id)!, 'zh-CN');
  await namePayees(vault, [id]);
}

/** Gives, is read, gets something, and takes back. */
async function permissionsOf(
  vault: Vault,
  clinic: Clinic,
  person: string | null,
  plants: Plants,
): Promise<void> {
  const name = plants.text().slice(0, 60);
  const give = (compartments: Compartment[], more: object = {}) =>
    givePermission(vault, {
      organisation: { id: clinic.desk.organisationId, name: { zh: '梅园', en: 'Plum' } },
      person,
      purpose: 'TREAT',
      actions: ['view', 'write'],
      compartments,
      objects: [],
      until: toIso(vault.io.now() + 60 * DAY),
      reads: null,
      region: 'CN',
      language: 'zh-CN',
      name,
      visit: null,
      ...more,
    });
  const wide = await give(['face-photos', 'allergies']);
  await give(['genetics']);
  const { open } = await receivedGrants(clinic);
  const mine = open.find(({ grant }) => grant.id === wide.id)!;
  const asked = { reason: 'visit', person } as const;
  for (const file of (await openList(clinic, mine, asked)).slice(0, 3))
    await (await openFile(clinic, mine, file, asked)).read();
  await leaveFile(clinic, mine, utf8(plants.text()), asked);
  await takeBack(vault, wide.id);
}

async function guardians(vaults: readonly Vault[], plants: Plants): Promise<void> {
  const codes = await Promise.all(vaults.slice(1).map(becomeGuardian));
  const chosen = codes.map((code) => ({ code, name: plants.text().slice(0, 60) }));
  await chooseGuardians(vaults[0]!, chosen, { need: 3, hours: 72, ward: plants.text().slice(0, 60) });
}

/** Back with the code on paper; the lost device is taken out. */
async function lostPhone(place: Place, now: () => number, person: Awaited<ReturnType<typeof newcomer>>) {
  const paper = recoveryCode(random(26));
  await addUnlock(person.vault, recoveryUnlock(paper));
  const io: VaultIo = { api: apiAt(place, 'patient'), now, random };
  const passkey = softwarePasskey(random(32), place.origin);
  const { vault, credential } = await joinAccount(io, passkey, await rootByCode(io, paper));
  await dropDevices(vault, [person.unlock], [person.passkey.credentialId], credential);
}

async function passDays(place: Place, now: () => number, days: number): Promise<void> {
  await apiAt(place, 'patient').call(demoApi.advanceTime, { body: { to: toIso(now() + days * DAY) } });
}
