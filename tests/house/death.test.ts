/** A certificate of death as a guardian shows it, judged by the real issuer registry. */
import { p256 } from '@noble/curves/nist.js';
import { deviceOf, random } from '@zhenmei/cli/visit-play.ts';
import { enter, makeCertificate, type PublicJwk, refreshLists } from '@zhenmei/identity';
import { changeEntry } from '@zhenmei/identity/app/register/change-entry.ts';
import type { NewEntry } from '@zhenmei/identity/app/register/enter.ts';
import { pointJwk } from '@zhenmei/identity/core/jwk.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { toSeconds } from '@zhenmei/kernel';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { DEATH_AUDIENCE, deathNonce } from '@zhenmei/vault/core/closing/wish.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse();
});
afterAll(async () => {
  await house?.close();
});

const WARD = 'K7QD-2MXR';
const GUARDIAN = 'AB12-CD34';
const now = () => house.house.deps.clock.now();
const DAY = 86_400_000;
const secret = random(32);
const jwk: PublicJwk = pointJwk(p256.getPublicKey(secret, false));

async function issued(entry: NewEntry) {
  const { identity } = house.house.modules;
  const { regulator } = readActors(house.dataDir)!;
  const { id } = await enter(identity, regulator.id, entry);
  return { id, regulator: regulator.id, certificate: await makeCertificate(identity, id, jwk) };
}
const death = (ward = WARD, expires?: number): NewEntry => ({
  kind: 'deathCertificate',
  claims: { ward, on: '2026-11-20' },
  ...(expires ? { expires } : {}),
});

interface Shown {
  readonly names?: readonly string[];
  readonly nonce?: string;
  readonly audience?: string;
  readonly key?: Uint8Array;
}
async function judged(certificate: string, shown: Shown = {}) {
  const { names = ['ward'], audience = DEATH_AUDIENCE, key = secret } = shown;
  const nonce = deathNonce(WARD, GUARDIAN);
  const binding = { audience, nonce: shown.nonce ?? nonce, at: toSeconds(now()) };
  const presentation = await presentSdJwt(certificate, names, binding, deviceOf(key).sign);
  const { organisations } = house.house.modules.vault;
  return organisations.death(presentation, { audience: DEATH_AUDIENCE, nonce });
}

describe('a certificate of death', () => {
  it('proves who died, and tells nothing else', async () => {
    const { certificate } = await issued(death());
    expect(await judged(certificate)).toMatchObject({ proven: true, ward: WARD });
  });

  it('of somebody else proves that somebody else died', async () => {
    const { certificate } = await issued(death('ZZZZ-9999'));
    expect(await judged(certificate)).toMatchObject({ proven: true, ward: 'ZZZZ-9999' });
  });

  it('that does not say of whom names nobody', async () => {
    const { certificate } = await issued(death());
    expect((await judged(certificate, { names: [] })).ward).toBeNull();
  });

  it('is not a certificate of another kind', async () => {
    const { certificate } = await issued({ kind: 'ageOver', claims: { age: 18, reached: true } });
    const of = await judged(certificate, { names: ['age'] });
    expect(of).toEqual({ proven: false, code: 'CREDENTIAL_TYPE_OTHER', ward: null });
  });

  it('is refused with the nonce of another guardian, for another audience, and by another key', async () => {
    const { certificate } = await issued(death());
    const wrong = [
      await judged(certificate, { nonce: deathNonce(WARD, 'OTHER-1') }),
      await judged(certificate, { nonce: deathNonce('OTHER-1', GUARDIAN) }),
      await judged(certificate, { audience: 'zhenmei:guardian' }),
      await judged(certificate, { key: random(32) }),
    ];
    expect(wrong.map(({ proven }) => proven)).toEqual([false, false, false, false]);
    expect(wrong.map(({ code }) => code)).toEqual(['KB_NONCE', 'KB_NONCE', 'KB_AUDIENCE', 'KB_SIGNATURE']);
  });

  it('that was withdrawn, and one that is over, prove nothing', async () => {
    const { identity } = house.house.modules;
    const gone = await issued(death());
    const reason = { zh: '登记有误', en: 'entered by mistake' };
    await changeEntry(identity, gone.regulator, gone.id, { state: 'revoked', reason });
    await refreshLists(identity);
    expect((await judged(gone.certificate)).proven).toBe(false);
    const short = await issued(death(WARD, now() + DAY));
    expect((await judged(short.certificate)).proven).toBe(true);
    house.house.deps.clock.advance(2 * DAY);
    await refreshLists(identity);
    expect(await judged(short.certificate)).toMatchObject({ proven: false, code: 'CREDENTIAL_EXPIRED' });
  });
});
