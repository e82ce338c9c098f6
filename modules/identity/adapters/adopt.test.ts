/** What an issuer signed by itself, taken over into its register over a real PostgreSQL. */
import { type AppError, DAY, type Json, toHex0x, toSeconds } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityContext } from '../app/context.ts';
import { judgeCredential } from '../app/judge-credential.ts';
import { publishStatusList } from '../app/publish-status-list.ts';
import { readProfile } from '../app/read-profile.ts';
import { adoptCertificates } from '../app/register/adopt.ts';
import { changeEntry } from '../app/register/change-entry.ts';
import { collectCertificates } from '../app/register/collect.ts';
import { openIssuer } from '../app/register/own-issuer.ts';
import { readRegister } from '../app/register/read-register.ts';
import { refreshLists } from '../app/register/sign-list.ts';
import { registerCredential } from '../app/register-credential.ts';
import { registerIssuer } from '../app/register-issuer.ts';
import { CREDENTIAL_TYPES, SELECTIVE } from '../core/catalogue.ts';
import { party } from '../core/fixtures/maker.ts';
import { issueSdJwt } from '../core/issue.ts';
import { jwkPoint } from '../core/jwk.ts';
import { REVOKED, StatusBits, SUSPENDED, signStatusList } from '../core/status-list.ts';
import { type TestIdentity, testIdentity } from './house.property.ts';

const ISSUER = 'https://regulator.example';
const LIST = `${ISSUER}/status/1`;
const VCT = CREDENTIAL_TYPES.physicianLicence;
/** The key with which the issuer signed before the house kept one for it. */
const own = party('the issuer’s own key');
const device = party('tablet');
const why = { zh: '正在调查', en: 'Being looked into' };

let house: TestIdentity;
let ctx: IdentityContext;
let regulator = '';
let clinic = '';
let tablet = '';
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );

beforeAll(async () => {
  house = await testIdentity();
  ctx = house.ctx;
});
afterAll(() => house?.database.close());

beforeEach(async () => {
  house.now += DAY;
  for (const table of ['credential', 'register_entry', 'status_list', 'device', 'issuer'] as const)
    await ctx.db.deleteFrom(`identity.${table}`).execute();
  regulator = await house.organisation('regulator', 'Authority');
  clinic = await house.organisation('clinic', 'Plum Garden');
  tablet = house.id();
  await ctx.db
    .insertInto('identity.device')
    .values({
      id: tablet,
      organisation_id: clinic,
      signer: `0x${tablet.replaceAll('-', '')}`,
      holder_key: toHex0x(jwkPoint(device.jwk)),
      joined_at: new Date(house.now),
    })
    .execute();
  await registerIssuer(ctx, regulator, { id: ISSUER, keys: [own.jwk] });
});

const claimsOf = (subject: string): Record<string, Json> => ({
  subject,
  name: { zh: '林晓', en: 'Lin Xiao' },
  licenceNumber: '110310000012345',
  leadSpecialties: ['aesthetic-dermatology'],
  practisesAt: clinic,
});
const told = (_: string, subject: string) => claimsOf(subject);

async function list(marks: Record<number, number> = {}): Promise<void> {
  const bits = StatusBits.empty(64);
  for (const [place, value] of Object.entries(marks)) bits.set(Number(place), value);
  const now = toSeconds(house.now);
  const input = { uri: LIST, bits, issuedAt: now, ttl: 3_600, expires: now + 7_200, issuer: ISSUER };
  await publishStatusList(ctx, await signStatusList({ ...input, keyId: own.keyId }, own.sign));
}

/** A doctor with a licence of the old kind at this place of the list, public since then. */
async function licensed(index: number): Promise<{ doctor: string; token: string }> {
  const doctor = house.id();
  await ctx.db
    .insertInto('identity.practitioner')
    .values({
      id: doctor,
      clinic_id: clinic,
      name: '{"zh":"林","en":"Lin"}',
      title: '{"zh":"a","en":"a"}',
      created_at: new Date(house.now),
    })
    .execute();
  const pick = (hidden: boolean) =>
    Object.fromEntries(
      Object.entries(claimsOf(doctor)).filter(([name]) => SELECTIVE[VCT]!.includes(name) === hidden),
    );
  const token = await issueSdJwt(
    {
      issuer: ISSUER,
      type: VCT,
      issuedAt: toSeconds(house.now),
      expires: toSeconds(house.now + 90 * DAY),
      holder: device.jwk,
      status: { uri: LIST, index },
      open: pick(false),
      selective: pick(true),
      keyId: own.keyId,
    },
    Array.from({ length: 8 }, () => ctx.random.bytes(16)),
    own.sign,
  );
  await registerCredential(ctx, clinic, token);
  return { doctor, token };
}

describe('taking over', () => {
  it('enters each certificate at its place, in its state, once', async () => {
    await list();
    const good = await licensed(3);
    const bad = await licensed(4);
    const gone = await licensed(5);
    house.now += 1_000;
    await list({ 4: SUSPENDED, 5: REVOKED });
    await openIssuer(ctx, regulator, ISSUER);
    expect(await adoptCertificates(ctx, regulator, told)).toEqual({ adopted: 3 });
    expect(await adoptCertificates(ctx, regulator, told)).toEqual({ adopted: 0 });
    const state = async ({ doctor }: { doctor: string }) =>
      (await readRegister(ctx, regulator, { subject: doctor })).entries.map((entry) => entry.state);
    expect([await state(good), await state(bad), await state(gone)]).toEqual([
      ['valid'],
      ['suspended'],
      ['revoked'],
    ]);
    const code = async ({ token }: { token: string }) => (await judgeCredential(ctx, token)).code;
    expect([await code(good), await code(bad), await code(gone)]).toEqual([
      'CREDENTIAL_PROVEN',
      'CREDENTIAL_SUSPENDED',
      'CREDENTIAL_REVOKED',
    ]);
  });

  it('lets the desk suspend and lift what was signed before, and new devices collect it', async () => {
    await list();
    const { doctor, token } = await licensed(3);
    await openIssuer(ctx, regulator, ISSUER);
    await adoptCertificates(ctx, regulator, told);
    const { entries } = await readRegister(ctx, regulator, { subject: doctor });
    await changeEntry(ctx, regulator, entries[0]!.id, { state: 'suspended', reason: why });
    expect((await judgeCredential(ctx, token)).code).toBe('CREDENTIAL_SUSPENDED');
    expect((await readProfile(ctx, doctor)).licences.map(({ verdict }) => verdict)).toEqual(['false']);
    await changeEntry(ctx, regulator, entries[0]!.id, { state: 'valid', reason: why });
    const [collected] = await collectCertificates(ctx, tablet);
    expect(await judgeCredential(ctx, collected!.token)).toMatchObject({
      verdict: 'proven',
      holder: device.jwk,
      claims: { subject: doctor, licenceNumber: '110310000012345' },
    });
    expect((await readProfile(ctx, doctor)).licences).toHaveLength(1);
  });

  it('keeps the list fresh from then on, although it is not the register’s own', async () => {
    await list();
    const { token } = await licensed(3);
    await openIssuer(ctx, regulator, ISSUER);
    await adoptCertificates(ctx, regulator, told);
    house.now += 20 * DAY;
    expect((await judgeCredential(ctx, token)).code).toBe('STATUS_STALE');
    expect(await refreshLists(ctx)).toBe(2);
    expect((await judgeCredential(ctx, token)).code).toBe('CREDENTIAL_PROVEN');
  });
});

describe('is not taken over', () => {
  it('a list that marks what nobody here can explain, and nothing with it', async () => {
    await list();
    const { doctor, token } = await licensed(3);
    house.now += 1_000;
    await list({ 9: REVOKED });
    await openIssuer(ctx, regulator, ISSUER);
    expect(await codeOf(adoptCertificates(ctx, regulator, told))).toBe('STATUS_UNEXPLAINED');
    expect((await readRegister(ctx, regulator, { subject: doctor })).entries).toEqual([]);
    expect((await judgeCredential(ctx, token)).code).toBe('CREDENTIAL_PROVEN');
  });

  it('a certificate whose list was never published here', async () => {
    await list();
    await licensed(3);
    await openIssuer(ctx, regulator, ISSUER);
    await ctx.db.deleteFrom('identity.status_list').execute();
    expect(await codeOf(adoptCertificates(ctx, regulator, told))).toBe('STATUS_LIST_UNKNOWN');
  });

  it('what the caller does not know, and what another issued', async () => {
    await list();
    await licensed(3);
    await openIssuer(ctx, regulator, ISSUER);
    expect(await adoptCertificates(ctx, regulator, () => null)).toEqual({ adopted: 0 });
    const other = await house.organisation('regulator', 'Other');
    expect(await codeOf(adoptCertificates(ctx, other, told))).toBe('NO_ISSUER');
    await openIssuer(ctx, other, 'https://other.example');
    expect(await adoptCertificates(ctx, other, told)).toEqual({ adopted: 0 });
  });
});
