/** Somebody under age, a parent, and the day on which the parent's rights end: through the public API. */
import { p256 } from '@noble/curves/nist.js';

import { careApi } from '@zhenmei/care/api.ts';
import { guardianApi } from '@zhenmei/care/guardian-api.ts';
import {
  apiAt,
  deviceOf,
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import {
  type GuardianAsked,
  type GuardianCard,
  signAsGuardian,
  wardVisits,
  withChild,
} from '@zhenmei/client/guardian.ts';
import { agree, bookVisit, readVisit } from '@zhenmei/client/patient.ts';
import { enter, makeCertificate, type PublicJwk, refreshLists, thumbprint } from '@zhenmei/identity';
import { pointJwk } from '@zhenmei/identity/core/jwk.ts';
import { toBase64Url } from '@zhenmei/kernel';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let clinic: Clinic;
let child: Patient;
beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0 };
  [child, clinic] = await Promise.all([openPatient(place), openClinic(place)]);
});
afterAll(async () => {
  await house?.close();
});

async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    const { code, texts } = error as { code?: string; texts?: { en: string } };
    return [code ?? String(error), /\(([A-Za-z_]+)\)/.exec(texts?.en ?? '')?.[1] ?? ''].join(' ').trim();
  }
}
interface Holder {
  readonly jwk: PublicJwk;
  readonly sign: ReturnType<typeof deviceOf>['sign'];
}
const newHolder = (): Holder => {
  const secret = random(32);
  return { jwk: pointJwk(p256.getPublicKey(secret, false)), sign: deviceOf(secret).sign };
};
const own = newHolder();
/** A child without visits. */
const nobody = newHolder();
/** Everything that a guardian is told of a visit. */
const SEEN = [
  'clinic',
  'consent',
  'currency',
  'doctor',
  'id',
  'money',
  'startsAt',
  'state',
  'total',
  'treatment',
  'warning',
];
const thumb = ({ jwk }: Holder) => toBase64Url(thumbprint(jwk));

/** A certificate of guardianship from the regulator, bound to the guardian's key. */
async function guardianFor(who: Holder, until: string): Promise<GuardianCard> {
  const { identity } = house.house.modules;
  const { regulator } = readActors(house.dataDir)!;
  const claims = { child: thumb(who), relation: 'parent', until };
  const { id } = await enter(identity, regulator.id, { kind: 'guardianOf', claims });
  const key = newHolder();
  return { certificate: await makeCertificate(identity, id, key.jwk), key };
}
const now = () => house.house.deps.clock.now();
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const DAY = 86_400_000;
const asking =
  (card: GuardianCard, signer: Holder = own): GuardianAsked =>
  async (about, address) =>
    withChild(await signAsGuardian(card, 'book', { ...about }, now()), signer, about.visit, address);

let index = 100;
async function book(guardian: GuardianAsked | null, which = 0) {
  const first = await new VisitPlay(place, child, clinic).choose();
  const params = { id: clinic.desk.organisationId };
  const page = await child.io.api.call(careApi.readClinic, { params });
  const { doctors } = page.services.find(({ id }) => id === first.service.id)!.body;
  const free = page.slots.filter((slot) => slot.free && doctors.includes(slot.doctorId));
  const choice = { ...first, slot: free.at(which)! };
  const what = { serviceId: choice.service.id, slotId: choice.slot.id, gate: 'clear' as const };
  return { choice, ...(await bookVisit(child.io, child.root, ++index, what, { guardian })) };
}

describe('somebody under age', () => {
  it('cannot book without a guardian, and is told what to do next', async () => {
    try {
      await book(null);
      expect.unreachable();
    } catch (error) {
      const { code, texts } = error as { code: string; texts: { en: string } };
      expect(code).toBe('SCOPE_REFUSED');
      expect(texts.en).toContain('certificate of guardianship');
    }
  });

  it('books with a guardian’s signature, and with nobody else’s', async () => {
    const card = await guardianFor(own, day(now() + 800 * DAY));
    const stranger = await guardianFor(newHolder(), day(now() + 800 * DAY));
    const over = await guardianFor(own, day(now()));
    const other: GuardianAsked = async (about, address) =>
      withChild(
        await signAsGuardian(card, 'book', { ...about, slot: 'other' }, now()),
        own,
        about.visit,
        address,
      );
    const forConsent: GuardianAsked = async (about, address) =>
      withChild(await signAsGuardian(card, 'consent', { ...about }, now()), own, about.visit, address);
    expect(await refusal(() => book(asking(stranger)))).toBe('GUARDIAN_NOT_PROVEN OTHER_CHILD');
    expect(await refusal(() => book(asking(card, newHolder())))).toBe('GUARDIAN_NOT_PROVEN OTHER_CHILD');
    expect(await refusal(() => book(other))).toBe('GUARDIAN_NOT_PROVEN KB_NONCE');
    expect(await refusal(() => book(forConsent))).toBe('GUARDIAN_NOT_PROVEN KB_NONCE');
    expect(await refusal(() => book(asking(over)))).toMatch(/^GUARDIAN_ENDED/);
    const { view } = await book(asking(card));
    expect(view.minorUntil).toBe(day(now() + 800 * DAY));
  });

  it('has visits that a guardian sees without anything of health, and sees who looked', async () => {
    const card = await guardianFor(own, day(now() + 800 * DAY));
    const stranger = await guardianFor(newHolder(), day(now() + 800 * DAY));
    const over = await guardianFor(own, day(now()));
    const look = (c: GuardianCard, of: Holder) => wardVisits(child.io.api, c, thumb(of), now());
    expect(await refusal(() => look(stranger, own))).toBe('GUARDIAN_NOT_PROVEN OTHER_CHILD');
    expect(await refusal(() => look({ ...card, key: stranger.key }, own))).toBe(
      'GUARDIAN_NOT_PROVEN KB_SIGNATURE',
    );
    expect(await refusal(() => look(over, own))).toMatch(/^GUARDIAN_ENDED/);
    const replayed = signAsGuardian(card, 'view', { child: thumb(own) }, now() - 600_000);
    const body = { child: thumb(own), presentation: await replayed };
    expect(await refusal(() => child.io.api.call(guardianApi.wardVisits, { body }))).toBe(
      'GUARDIAN_NOT_PROVEN KB_TIME',
    );
    expect(await look(await guardianFor(nobody, day(now() + 800 * DAY)), nobody)).toEqual([]);

    const { visit } = await book(asking(card), 1);
    expect((await readVisit(child.io, visit)).guardianSeenAt).toBeNull();
    const seen = await look(card, own);
    const mine = seen.find(({ id }) => id === visit.id)!;
    expect(mine).toMatchObject({ state: 'quoted', money: null, consent: null, warning: null });
    expect(BigInt(mine.total)).toBeGreaterThan(0n);
    expect(Object.keys(mine).sort()).toEqual(SEEN);
    const { guardianSeenAt } = await readVisit(child.io, visit);
    expect(Math.abs(Date.parse(guardianSeenAt!) - now())).toBeLessThan(10_000);
  });

  it('consents and pays only with the guardian’s signature for each, until coming of age', async () => {
    const card = await guardianFor(own, day(now() + 3 * DAY));
    const { visit, choice } = await book(asking(card));
    const play = new VisitPlay(place, child, clinic);
    play.resume(visit, choice);
    await play.offer();
    const view = await play.atPhone();
    const template = await apiAt(place, 'patient').call(careApi.readConsent, {
      params: view.service.consent,
    });
    const answers = template.questions.map((q) => q.answer);
    type Sign = Parameters<typeof agree>[6];
    const tryAgree = (sign: Sign) =>
      refusal(() => agree(child.io, visit, view, template, 'zh-CN', answers, sign));
    expect(await tryAgree(null)).toBe('GUARDIAN_NEEDED consent');
    const signs =
      (c: GuardianCard, as?: 'consent') =>
      (use: 'consent' | 'money', about: Readonly<Record<string, string>>) =>
        signAsGuardian(c, as ?? use, about, now());
    const stranger = await guardianFor(newHolder(), day(now() + 3 * DAY));
    expect(await tryAgree(signs(stranger))).toBe('GUARDIAN_NOT_PROVEN OTHER_CHILD');
    // one signature is not good for both
    expect(await tryAgree(signs(card, 'consent'))).toBe('GUARDIAN_NOT_PROVEN KB_NONCE');
    expect(await tryAgree(signs(card))).toBe('done');

    const short = await guardianFor(own, day(now() + DAY));
    const later = await book(asking(short), -1);
    const next = new VisitPlay(place, child, clinic);
    next.resume(later.visit, later.choice);
    await next.offer();
    house.house.deps.clock.advance(DAY);
    await refreshLists(house.house.modules.identity);
    expect(await refusal(() => book(asking(short), -2))).toBe('GUARDIAN_ENDED');
    // what the guardian had to sign yesterday, the patient does alone
    await next.agree();
    expect((await next.atPhone()).state).not.toBe('quoted');
  });
});
