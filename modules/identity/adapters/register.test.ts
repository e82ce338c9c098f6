/** The register over a real PostgreSQL: enter, suspend, renew, import, collect; owners; and who may not. */
import { type AppError, DAY, HOUR, type Json, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityContext } from '../app/context.ts';
import { judgeCredential } from '../app/judge-credential.ts';
import { publishDid, readDidLog, readDidWeb } from '../app/publish-did.ts';
import { readProfile } from '../app/read-profile.ts';
import { changeEntry, renewEntry } from '../app/register/change-entry.ts';
import { collectCertificates } from '../app/register/collect.ts';
import { enter } from '../app/register/enter.ts';
import { importEntries, previewImport } from '../app/register/import-entries.ts';
import { makeCertificate } from '../app/register/make-certificate.ts';
import { openIssuer } from '../app/register/own-issuer.ts';
import { closeOrganisation, sameOwner, stateOwner } from '../app/register/owners.ts';
import { listOrganisations, readRegister } from '../app/register/read-register.ts';
import { refreshLists } from '../app/register/sign-list.ts';
import { CREDENTIAL_TYPES } from '../core/catalogue.ts';
import { resolveLog } from '../core/did-webvh.ts';
import { party } from '../core/fixtures/maker.ts';
import { jwkPoint } from '../core/jwk.ts';
import { readSdJwt } from '../core/sd-jwt.ts';
import { everyType, type TestIdentity, testIdentity } from './house.property.ts';

const ISSUER = 'https://regulator.example';
let house: TestIdentity;
let ctx: IdentityContext;
const device = party('tablet');
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );

let regulator = '';
let clinic = '';
let doctor = '';

beforeAll(async () => {
  house = await testIdentity();
  ctx = house.ctx;
});
afterAll(() => house?.database.close());

beforeEach(async () => {
  house.now += DAY;
  house.changed = [];
  house.types = everyType();
  await ctx.db.deleteFrom('identity.credential').execute();
  await ctx.db.deleteFrom('identity.register_entry').execute();
  await ctx.db.deleteFrom('identity.issuer').execute();
  regulator = await house.organisation('regulator', 'Authority');
  clinic = await house.organisation('clinic', 'Plum Garden');
  doctor = house.id();
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
  await openIssuer(ctx, regulator, ISSUER);
});

const physician = (change: Record<string, Json> = {}) => ({
  kind: 'physicianLicence' as const,
  claims: {
    subject: doctor,
    name: { zh: '林晓', en: 'Lin Xiao' },
    licenceNumber: '110310000012345',
    leadSpecialties: ['aesthetic-dermatology'],
    practisesAt: clinic,
    region: 'CN',
    ...change,
  },
});
const facility = () => ({
  kind: 'facilityLicence' as const,
  claims: {
    subject: clinic,
    name: { zh: '梅园', en: 'Plum Garden' },
    gln: '6900000000017',
    departments: [],
    region: 'CN',
  },
});
const why = { zh: '正在调查', en: 'Being looked into' };

describe('entering', () => {
  it('makes certificates that hold, each for its key', async () => {
    const entry = await enter(ctx, regulator, physician());
    const token = await makeCertificate(ctx, entry.id, device.jwk);
    const result = await judgeCredential(ctx, token);
    expect(result).toMatchObject({ verdict: 'proven', issuer: ISSUER, holder: device.jwk });
    expect(result.claims).toMatchObject({ licenceNumber: '110310000012345', region: 'CN' });
    expect(result.claims!['vct#integrity']).toMatch(/^sha256-/);
    const { jws, disclosures } = readSdJwt(token);
    expect(disclosures.map(({ name }) => name).sort()).toEqual([
      'leadSpecialties',
      'licenceNumber',
      'name',
      'practisesAt',
    ]);
    expect(jws.payload._sd).toHaveLength(4 + 3);
  });

  it.each<[string, object, string]>([
    ['a claim that is missing', { name: undefined }, 'CREDENTIAL_CLAIMS'],
    ['a claim that the kind does not have', { colour: 'red' }, 'CREDENTIAL_CLAIMS'],
    ['a claim of another form', { leadSpecialties: 'all' }, 'CREDENTIAL_CLAIMS'],
  ])('refuses %s', async (_, change, code) => {
    expect(await codeOf(enter(ctx, regulator, physician(change as never)))).toBe(code);
  });

  it('refuses a life beyond the kind’s, who is not entitled, and what is not theirs', async () => {
    const until = (days: number) =>
      enter(ctx, regulator, { ...physician(), expires: house.now + days * DAY });
    expect(await codeOf(until(1_831))).toBe('CREDENTIAL_RULE');
    expect(await codeOf(until(0))).toBe('CREDENTIAL_RULE');
    expect(await codeOf(until(1_830))).toBe('none');
    expect(await codeOf(enter(ctx, clinic, physician()))).toBe('NO_ISSUER');
    const employment = {
      subject: doctor,
      name: { zh: '林', en: 'L' },
      employer: clinic,
      position: { zh: '医', en: 'D' },
      since: '2026-01-01',
    };
    expect(await codeOf(enter(ctx, regulator, { kind: 'employment', claims: employment }))).toBe(
      'KIND_NOT_YOURS',
    );
    house.types = house.types.filter(({ vct }) => vct !== CREDENTIAL_TYPES.physicianLicence);
    expect(await codeOf(enter(ctx, regulator, physician()))).toBe('ISSUER_NOT_FOR_TYPE');
    house.types = [{ vct: CREDENTIAL_TYPES.physicianLicence, scope: 'SG', from: 0, until: null }];
    expect(await codeOf(enter(ctx, regulator, physician()))).toBe('ISSUER_NOT_FOR_SCOPE');
    house.types = [{ vct: CREDENTIAL_TYPES.physicianLicence, from: 0, until: toSeconds(house.now) }];
    expect(await codeOf(enter(ctx, regulator, physician()))).toBe('ISSUER_NOT_THEN');
  });

  it('does not let one organisation take another’s issuer', async () => {
    const other = await house.organisation('regulator', 'Other');
    expect(await codeOf(openIssuer(ctx, other, ISSUER))).toBe('ISSUER_TAKEN');
    expect(await codeOf(openIssuer(ctx, await house.organisation('distributor', 'D')))).toBe('NO_ISSUER');
    expect((await openIssuer(ctx, regulator, ISSUER)).keyId).toBe(house.key(ISSUER).keyId);
  });
});

describe('a change of state', () => {
  it('is in the next answer, and goes back', async () => {
    const entry = await enter(ctx, regulator, physician());
    const token = await makeCertificate(ctx, entry.id, device.jwk);
    const code = async () => (await judgeCredential(ctx, token)).code;
    await changeEntry(ctx, regulator, entry.id, { state: 'suspended', reason: why });
    expect(await code()).toBe('CREDENTIAL_SUSPENDED');
    expect(house.changed).toEqual([doctor]);
    expect(await codeOf(makeCertificate(ctx, entry.id, device.jwk))).toBe('ENTRY_NOT_VALID');
    await changeEntry(ctx, regulator, entry.id, { state: 'valid', reason: why });
    expect(await code()).toBe('CREDENTIAL_PROVEN');
    await changeEntry(ctx, regulator, entry.id, { state: 'revoked', reason: why });
    expect(await code()).toBe('CREDENTIAL_REVOKED');
    for (const state of ['valid', 'suspended', 'revoked'] as const)
      expect(await codeOf(changeEntry(ctx, regulator, entry.id, { state, reason: why }))).toBe('ENTRY_STATE');
  });

  it('touches no neighbour, and is nobody else’s to make', async () => {
    const a = await enter(ctx, regulator, physician());
    const b = await enter(ctx, regulator, physician({ licenceNumber: 'B' }));
    const kept = await makeCertificate(ctx, b.id, device.jwk);
    await changeEntry(ctx, regulator, a.id, { state: 'suspended', reason: why });
    expect((await judgeCredential(ctx, kept)).code).toBe('CREDENTIAL_PROVEN');
    const other = await house.organisation('regulator', 'Other');
    await openIssuer(ctx, other, 'https://other.example');
    expect(await codeOf(changeEntry(ctx, other, a.id, { state: 'valid', reason: why }))).toBe(
      'ENTRY_UNKNOWN',
    );
    expect(await codeOf(changeEntry(ctx, clinic, a.id, { state: 'valid', reason: why }))).toBe('NO_ISSUER');
  });

  it('is not possible for what has no status', async () => {
    const { id: entry } = await enter(ctx, regulator, {
      kind: 'ageOver',
      claims: { age: 18, reached: true },
    });
    expect(await codeOf(changeEntry(ctx, regulator, entry, { state: 'suspended', reason: why }))).toBe(
      'ENTRY_WITHOUT_STATUS',
    );
  });

  it('the list is signed again before it grows old, and not sooner', async () => {
    const entry = await enter(ctx, regulator, physician());
    const token = await makeCertificate(ctx, entry.id, device.jwk);
    house.now += 5 * HOUR;
    expect(await refreshLists(ctx)).toBe(0);
    house.now += HOUR;
    expect(await refreshLists(ctx)).toBe(1);
    house.now += 12 * HOUR;
    expect((await judgeCredential(ctx, token)).code).toBe('STATUS_STALE');
    await refreshLists(ctx);
    expect((await judgeCredential(ctx, token)).code).toBe('CREDENTIAL_PROVEN');
  });

  it('renewing keeps the words and moves the end; what is suspended is not renewed', async () => {
    const entry = await enter(ctx, regulator, { ...physician(), expires: house.now + DAY });
    const next = await renewEntry(ctx, regulator, entry.id, house.now + 90 * DAY);
    const { entries } = await readRegister(ctx, regulator, { subject: doctor });
    expect(entries.find((e) => e.id === entry.id)).toMatchObject({ renewedBy: next.id, state: 'valid' });
    expect(entries.find((e) => e.id === next.id)?.claims).toEqual(
      entries.find((e) => e.id === entry.id)?.claims,
    );
    expect(await codeOf(renewEntry(ctx, regulator, entry.id))).toBe('ENTRY_STATE');
    await changeEntry(ctx, regulator, next.id, { state: 'suspended', reason: why });
    expect(await codeOf(renewEntry(ctx, regulator, next.id))).toBe('ENTRY_STATE');
    expect(await codeOf(renewEntry(ctx, regulator, house.id()))).toBe('ENTRY_UNKNOWN');
  });
});

describe('importing', () => {
  const table = (...rows: string[]) =>
    utf8(['subject,name.zh,name.en,gln,departments,region', ...rows].join('\n'));
  const row = (n: number, gln = '6900000000017') =>
    `01980000-0000-7000-8000-00000000000${n},梅园,Plum,${gln},aesthetic-dermatology,CN`;
  const count = async () => (await readRegister(ctx, regulator, {})).entries.length;

  it('shows first, then enters all', async () => {
    const preview = await previewImport(ctx, regulator, 'facilityLicence', table(row(1), row(2)));
    expect(preview.faults).toEqual([]);
    expect(preview.rows.map(({ line }) => line)).toEqual([2, 3]);
    expect(await count()).toBe(0);
    expect(await importEntries(ctx, regulator, 'facilityLicence', table(row(1), row(2)))).toEqual({
      entered: 2,
    });
    expect(await count()).toBe(2);
  });

  it('enters nothing where one row is wrong or stands already', async () => {
    const half = table(row(1), row(2, '12'));
    expect(await codeOf(importEntries(ctx, regulator, 'facilityLicence', half))).toBe('IMPORT_FAULTY');
    expect(await count()).toBe(0);
    await importEntries(ctx, regulator, 'facilityLicence', table(row(1)));
    const again = await previewImport(ctx, regulator, 'facilityLicence', table(row(2), row(1)));
    expect(again.faults.map(({ line, code }) => [line, code])).toEqual([[3, 'ENTRY_STANDS']]);
    expect(await codeOf(importEntries(ctx, regulator, 'facilityLicence', table()))).toBe('IMPORT_EMPTY');
    house.types = [{ vct: CREDENTIAL_TYPES.facilityLicence, scope: 'SG', from: 0, until: null }];
    const elsewhere = await previewImport(ctx, regulator, 'facilityLicence', table(row(3)));
    expect(elsewhere.faults.map(({ code }) => code)).toEqual(['ISSUER_NOT_FOR_SCOPE']);
    expect(await codeOf(previewImport(ctx, clinic, 'facilityLicence', table(row(3))))).toBe('NO_ISSUER');
  });

  it('a thousand in one go, each with a place of its own', async () => {
    const rows = Array.from(
      { length: 1_000 },
      (_, i) => `01980000-0000-7000-8000-${String(i).padStart(12, '0')},梅园,Plum,6900000000017,,CN`,
    );
    expect(await importEntries(ctx, regulator, 'facilityLicence', table(...rows))).toEqual({
      entered: 1_000,
    });
  });
});

describe('collecting', () => {
  async function tablet(): Promise<string> {
    const deviceId = house.id();
    await ctx.db
      .insertInto('identity.device')
      .values({
        id: deviceId,
        organisation_id: clinic,
        signer: '0x01',
        holder_key: toHex0x(jwkPoint(party(deviceId).jwk)),
        joined_at: new Date(house.now),
      })
      .execute();
    return deviceId;
  }

  it('a device gets what is valid, for its own key, and the profile shows it once', async () => {
    await enter(ctx, regulator, facility());
    const entry = await enter(ctx, regulator, physician());
    const [first, second] = [await tablet(), await tablet()];
    const got = await collectCertificates(ctx, first);
    expect(got.map(({ type }) => type).sort()).toEqual([
      CREDENTIAL_TYPES.facilityLicence,
      CREDENTIAL_TYPES.physicianLicence,
    ]);
    expect((await judgeCredential(ctx, got[0]!.token)).holder).toEqual(party(first).jwk);
    await collectCertificates(ctx, second);
    const shown = await ctx.db.selectFrom('identity.credential').select('entry_id').execute();
    expect(shown).toHaveLength(2);
    expect((await readProfile(ctx, doctor)).licences).toMatchObject([{ verdict: 'proven' }]);
    await changeEntry(ctx, regulator, entry.id, { state: 'suspended', reason: why });
    expect((await readProfile(ctx, doctor)).licences).toMatchObject([
      { verdict: 'false', code: 'CREDENTIAL_SUSPENDED' },
    ]);
    expect((await collectCertificates(ctx, second)).map(({ type }) => type)).toEqual([
      CREDENTIAL_TYPES.facilityLicence,
    ]);
    expect(JSON.stringify(await readProfile(ctx, doctor))).not.toContain('110310000012345');
  });

  it('nobody without a device', async () => {
    expect(await codeOf(collectCertificates(ctx, house.id()))).toBe('ENTRY_UNKNOWN');
  });
});

describe('owners', () => {
  it('a clinic that closes and opens again under a new name is shown with what came before', async () => {
    const licence = await enter(ctx, regulator, facility());
    const again = await house.organisation('clinic', 'Pear Garden');
    await stateOwner(ctx, regulator, clinic, '91310000-MA1FL-0X1X2');
    await closeOrganisation(ctx, regulator, clinic, { zh: '停业', en: 'Closed' });
    expect((await readRegister(ctx, regulator, {})).entries.find((e) => e.id === licence.id)?.state).toBe(
      'revoked',
    );
    expect(house.changed).toContain(clinic);
    expect(await sameOwner(ctx, again)).toEqual([]);
    await stateOwner(ctx, regulator, again, '91310000ma1fl0x1x2');
    expect(await readProfile(ctx, again)).toMatchObject({
      closedAt: null,
      sameOwner: [{ id: clinic, name: { en: 'Plum Garden' }, closedAt: new Date(house.now).toISOString() }],
    });
    expect((await readProfile(ctx, clinic)).closedAt).not.toBeNull();
  });

  it('is the regulator’s to say, once, of somebody known', async () => {
    expect(await codeOf(stateOwner(ctx, clinic, clinic, '123456'))).toBe('NOT_THE_REGULATOR');
    expect(await codeOf(stateOwner(ctx, regulator, house.id(), '123456'))).toBe('ORGANISATION_UNKNOWN');
    expect(await codeOf(closeOrganisation(ctx, clinic, clinic, why))).toBe('NOT_THE_REGULATOR');
    expect(await codeOf(closeOrganisation(ctx, regulator, house.id(), why))).toBe('ORGANISATION_UNKNOWN');
    await closeOrganisation(ctx, regulator, clinic, why);
    expect(await codeOf(closeOrganisation(ctx, regulator, clinic, why))).toBe('ORGANISATION_CLOSED');
    expect(await codeOf(listOrganisations(ctx, clinic))).toBe('NOT_THE_REGULATOR');
    const { organisations } = await listOrganisations(ctx, regulator);
    expect(organisations.find((o) => o.id === clinic)?.doctors).toMatchObject([{ id: doctor }]);
  });
});

describe('an organisation’s identifier', () => {
  it('is made once, changes with its keys, is committed to beforehand, and ends when it closes', async () => {
    const first = await publishDid(ctx, clinic);
    expect(first.version).toBe(1);
    expect(await publishDid(ctx, clinic)).toEqual(first);
    await openIssuer(ctx, clinic);
    house.now += 1;
    expect(await publishDid(ctx, clinic)).toEqual({ did: first.did, version: 2 });
    const log = await readDidLog(ctx, clinic);
    const resolved = resolveLog(log, house.now + 60_000, first.did);
    expect(resolved.nextKeyHashes).toHaveLength(1);
    expect(resolved.state.service).toMatchObject([{ type: 'OpenIdCredentialIssuer' }]);
    expect(await readDidWeb(ctx, clinic)).toMatchObject({
      id: `did:web:house.example:organisations:${clinic}`,
      verificationMethod: [{ type: 'JsonWebKey' }],
    });
    await closeOrganisation(ctx, regulator, clinic, why);
    expect(resolveLog(await readDidLog(ctx, clinic), house.now + 60_000).deactivated).toBe(true);
    expect(await codeOf(readDidWeb(ctx, clinic))).toBe('DID_DEACTIVATED');
    expect(await codeOf(publishDid(ctx, clinic))).toBe('DID_DEACTIVATED');
    expect(await codeOf(publishDid(ctx, house.id()))).toBe('ORGANISATION_UNKNOWN');
    expect(await codeOf(readDidLog(ctx, house.id()))).toBe('ORGANISATION_UNKNOWN');
  });
});
