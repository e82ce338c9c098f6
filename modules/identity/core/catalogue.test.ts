import { describe, expect, it } from 'vitest';
import { CATALOGUE, CREDENTIAL_TYPES, mustKeepRules, personal, readClaims, SELECTIVE } from './catalogue.ts';
import { integrityOf, typeMetadata } from './type-metadata.ts';

const id = '01980000-0000-7000-8000-000000000001';
const text = { zh: '名称', en: 'Name' };
const doctor = {
  subject: id,
  name: text,
  licenceNumber: '110',
  leadSpecialties: ['dermatology'],
  practisesAt: id,
};

describe('catalogue', () => {
  it('knows every kind, names it in both languages and hides only what it has', () => {
    expect(Object.keys(CATALOGUE).sort()).toEqual(Object.values(CREDENTIAL_TYPES).sort());
    for (const [type, { name, claims, selective, labels, issuers, days, copies, bound }] of Object.entries(
      CATALOGUE,
    )) {
      expect(Object.keys(labels).sort()).toEqual(Object.keys(claims.shape).sort());
      for (const label of Object.values(labels)) expect(label.zh).not.toBe(label.en);
      expect([issuers.length > 0, days > 0, copies === 1 || bound]).toEqual([true, true, true]);
      expect(name.zh).toMatch(/\p{Script=Han}/u);
      expect(name.en).toMatch(/^[A-Z]/);
      expect(Object.keys(claims.shape)).toEqual(expect.arrayContaining([...selective]));
      expect(SELECTIVE[type]).toEqual(selective);
    }
  });

  it('whatever names a person is hidden until it is needed', () => {
    for (const [type, { selective }] of Object.entries(CATALOGUE))
      for (const name of personal(type)) expect(selective).toContain(name);
    expect(personal(CREDENTIAL_TYPES.physicianLicence)).toEqual(['name', 'licenceNumber']);
    expect(personal(CREDENTIAL_TYPES.facilityLicence)).toEqual([]);
    expect(personal('https://other.example')).toEqual([]);
  });

  it('reads what is shown and leaves out what belongs to the format', () => {
    const read = readClaims(CREDENTIAL_TYPES.physicianLicence, { ...doctor, iss: 'x', exp: 1 });
    expect(read).toEqual(doctor);
    expect(readClaims(CREDENTIAL_TYPES.physicianLicence, { subject: id })).toEqual({ subject: id });
  });

  it('says nothing of a kind it does not know', () => {
    expect(readClaims('https://other.example', doctor)).toBeNull();
    expect(readClaims('constructor', doctor)).toBeNull();
  });

  it.each<[string, keyof typeof CREDENTIAL_TYPES, Record<string, unknown>]>([
    ['subject', 'physicianLicence', { ...doctor, subject: 'Lin' }],
    ['subject', 'physicianLicence', {}],
    ['leadSpecialties', 'physicianLicence', { ...doctor, leadSpecialties: 'all' }],
    ['gln', 'facilityLicence', { subject: id, gln: '123' }],
    ['toxin', 'distributorLicence', { subject: id, name: text, gln: '6900000000017', toxin: 'yes' }],
    ['gtin', 'productAuthorisation', { gtin: '1' }],
    ['level', 'deviceTraining', { subject: id, gtin: '06900000000017', level: 'master' }],
    ['since', 'employment', { subject: id, employer: id, since: '2026-02-30' }],
    ['region', 'facilityLicence', { subject: id, gln: '6900000000017', region: 'China' }],
    ['reached', 'ageOver', { reached: false }],
    ['age', 'ageOver', { reached: true, age: 17.5 }],
    ['until', 'guardianOf', {}],
    ['month', 'treatment', { month: '2026-13' }],
    ['month', 'treatment', { month: '2026-11-25' }],
    ['level', 'conformance', { subject: 'x', profile: 'p', version: '1.0.0', level: 'L9' }],
    [
      'report',
      'conformance',
      { subject: 'x', profile: 'p', version: '1.0.0', level: 'L1', passed: 1, report: 'x' },
    ],
    ['specialties', 'leadAestheticPhysician', { subject: id, specialties: [] }],
  ])('refuses a wrong %s of %s', (name, kind, claims) => {
    expect(() => readClaims(CREDENTIAL_TYPES[kind], claims)).toThrow(
      expect.objectContaining({ code: 'CREDENTIAL_CLAIMS', params: { name } }) as Error,
    );
  });
});

describe('rules of a life', () => {
  const life = { iat: 0, exp: 86_400, status: {}, cnf: {} };
  const broken = (name: keyof typeof CREDENTIAL_TYPES, claims: Record<string, unknown>) => {
    try {
      mustKeepRules(CREDENTIAL_TYPES[name], claims);
      return null;
    } catch (error) {
      return (error as { params: { name: string } }).params.name;
    }
  };

  it('ends, can be taken back, and belongs to somebody', () => {
    for (const name of Object.keys(CREDENTIAL_TYPES) as (keyof typeof CREDENTIAL_TYPES)[])
      expect(broken(name, life)).toBeNull();
    expect(broken('physicianLicence', { ...life, exp: undefined })).toBe('exp');
    expect(broken('physicianLicence', { ...life, exp: 1_831 * 86_400 })).toBe('exp');
    expect(broken('ageOver', { ...life, exp: 366 * 86_400 })).toBeNull();
    expect(broken('ageOver', { ...life, exp: 366 * 86_400 + 1 })).toBe('exp');
    expect(broken('facilityLicence', { ...life, status: undefined })).toBe('status');
    expect(broken('treatment', { ...life, status: undefined })).toBeNull();
    expect(broken('treatment', { ...life, cnf: undefined })).toBe('cnf');
    expect(broken('conformance', { ...life, cnf: undefined })).toBeNull();
    expect(() => mustKeepRules('https://other.example', {})).not.toThrow();
  });
});

describe('type metadata', () => {
  it('tells any wallet the names, what is hidden and what must be there', () => {
    const metadata = typeMetadata(CREDENTIAL_TYPES.physicianLicence)!;
    expect(metadata.display.map(({ name }) => name)).toEqual(['医师执业证', 'Physician licence']);
    const claim = (name: string) => metadata.claims.find(({ path }) => path[0] === name)!;
    expect(claim('licenceNumber')).toMatchObject({ sd: 'always', mandatory: true });
    expect(claim('region')).toMatchObject({ sd: 'never', mandatory: false });
    expect(typeMetadata('https://other.example')).toBeNull();
  });

  it('has a digest that any change moves', () => {
    const metadata = typeMetadata(CREDENTIAL_TYPES.employment)!;
    expect(integrityOf(metadata)).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/);
    expect(integrityOf({ ...metadata, name: 'x' })).not.toBe(integrityOf(metadata));
  });
});
