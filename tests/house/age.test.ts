/** Proof of age at a booking, where the region's pack asks for it: through the public API. */
import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import { AGE_AUDIENCE, ageNonce } from '@zhenmei/care/core/age.ts';
import {
  deviceOf,
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
} from '@zhenmei/cli/visit-play.ts';
import { type AgeAsked, showAge } from '@zhenmei/client/age.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { bookVisit } from '@zhenmei/client/patient.ts';
import type { WalletKey } from '@zhenmei/client/wallet.ts';
import { enter, makeCertificate } from '@zhenmei/identity';
import type { NewEntry } from '@zhenmei/identity/app/register/enter.ts';
import { pointJwk } from '@zhenmei/identity/core/jwk.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { toSeconds } from '@zhenmei/kernel';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let clinic: Clinic;
let ann: Patient;
let graded: string;
let light: string;
let index = 200;

interface Copy {
  readonly token: string;
  readonly key: WalletKey;
}

async function copyOf(entry: NewEntry): Promise<Copy> {
  const { identity } = house.house.modules;
  const { regulator } = readActors(house.dataDir)!;
  const { id } = await enter(identity, regulator.id, entry);
  const secret = random(32);
  const key = { jwk: pointJwk(p256.getPublicKey(secret, false)), sign: deviceOf(secret).sign };
  return { token: await makeCertificate(identity, id, key.jwk), key };
}
const ageOf = (age: number) => copyOf({ kind: 'ageOver', claims: { age, reached: true } });
const now = () => house.house.deps.clock.now();

const page = () => ann.io.api.call(careApi.readClinic, { params: { id: clinic.desk.organisationId } });

async function book(serviceId: string, show: AgeAsked | null): Promise<string> {
  const { services, slots } = await page();
  const { doctors } = services.find(({ id }) => id === serviceId)!.body;
  const slotId = slots.filter((slot) => slot.free && doctors.includes(slot.doctorId)).at(-1)!.id;
  const choice = { serviceId, slotId, gate: 'clear' as const };
  try {
    const { view } = await bookVisit(ann.io, ann.root, ++index, choice, null, show);
    return view.state;
  } catch (error) {
    const { code, texts } = error as { code?: string; texts?: { en: string } };
    if (!code) throw error;
    return [code, /\(([A-Za-z_]+)\)/.exec(texts?.en ?? '')?.[1] ?? ''].join(' ').trim();
  }
}

beforeAll(async () => {
  house = await openTestHouse();
  const place: Place = { baseUrl: house.url, origin: house.url, patience: 0 };
  [ann, clinic] = await Promise.all([openPatient(place), openClinic(place)]);
  const { services } = await page();
  light = services[0]!.id;
  const { gtin: _, ...body } = services[0]!.body;
  const { route: __, ...procedure } = body.procedure;
  const surgery = 'aesthetic-surgery';
  const { id } = await clinic.desk.api.call(careApi.publishService, {
    body: {
      ...body,
      doctors: [readActors(house.dataDir)!.doctors.lin!.id],
      procedure: {
        ...procedure,
        code: 'liposuction',
        department: surgery,
        specialty: surgery,
        needsLead: true,
        usesProduct: false,
      },
    },
  });
  graded = id;
});
afterAll(async () => {
  await house?.close();
});

describe('proof of age', () => {
  it('is asked for by the grade of the procedure, and said before anybody books', async () => {
    const { services } = await page();
    const asked = (id: string) => services.find((one) => one.id === id)!.ageShown;
    expect([asked(light), asked(graded)]).toEqual([false, true]);
  });

  it('is not needed where a statement is enough', async () => {
    expect(await book(light, null)).toBe('quoted');
  });

  it('opens what a statement does not, for one booking', async () => {
    expect(await book(graded, null)).toMatch(/^SCOPE_REFUSED/);
    const shown = await ageOf(18);
    expect(await book(graded, showAge([shown], index, now()))).toBe('quoted');
    const [visit] = await house.house.modules.care.db
      .selectFrom('care.visit')
      .select(['age_proven'])
      .orderBy('created_at', 'desc')
      .limit(1)
      .execute();
    expect(visit).toEqual({ age_proven: true });
  });

  it('says what is missing and what to do next', async () => {
    const { services, slots } = await page();
    const { doctors } = services.find(({ id }) => id === graded)!.body;
    const slotId = slots.filter((slot) => slot.free && doctors.includes(slot.doctorId)).at(-1)!.id;
    const choice = { serviceId: graded, slotId, gate: 'clear' as const };
    const error = await bookVisit(ann.io, ann.root, ++index, choice).catch((found: unknown) => found);
    const { texts } = error as { texts: { en: string } };
    expect(texts.en).toContain('certificate of age into your wallet');
  });

  it('is refused with its reason if it does not hold, even where none is asked for', async () => {
    const young = await ageOf(16);
    expect(await book(graded, showAge([young], 0, now()))).toBe('AGE_NOT_PROVEN AGE_BELOW');
    const good = await ageOf(18);
    const other: AgeAsked = (about) => showAge([good], 0, now())({ ...about, visit: about.slot });
    expect(await book(graded, other)).toBe('AGE_NOT_PROVEN KB_NONCE');
    const early = showAge([good], 0, now() - 600_000);
    expect(await book(graded, early)).toBe('AGE_NOT_PROVEN KB_TIME');
    const thief = await ageOf(18);
    expect(await book(graded, showAge([{ token: good.token, key: thief.key }], 0, now()))).toBe(
      'AGE_NOT_PROVEN KB_SIGNATURE',
    );
    expect(await book(light, showAge([young], 0, now()))).toBe('AGE_NOT_PROVEN AGE_BELOW');
    const bare: AgeAsked = async () => good.token;
    expect(await book(graded, bare)).toBe('AGE_NOT_PROVEN KB_MISSING');
    const showing =
      ({ token, key }: Copy, names: string[]): AgeAsked =>
      (about) =>
        presentSdJwt(
          token,
          names,
          { audience: AGE_AUDIENCE, nonce: ageNonce(about), at: toSeconds(now()) },
          key.sign,
        );
    expect(await book(graded, showing(good, []))).toBe('AGE_NOT_PROVEN AGE_NOT_SHOWN');
    const guardian = await copyOf({
      kind: 'guardianOf',
      claims: { child: 'A'.repeat(43), relation: 'parent', until: '2099-01-01' },
    });
    expect(await book(graded, showing(guardian, ['child']))).toBe('AGE_NOT_PROVEN CREDENTIAL_TYPE_OTHER');
  });
});
