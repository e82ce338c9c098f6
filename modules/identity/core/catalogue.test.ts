import { describe, expect, it } from 'vitest';
import { CATALOGUE, CREDENTIAL_TYPES, personal, readClaims, SELECTIVE } from './catalogue.ts';

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
    for (const [type, { name, claims, selective }] of Object.entries(CATALOGUE)) {
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
    ['specialties', 'leadAestheticPhysician', { subject: id, specialties: [] }],
  ])('refuses a wrong %s of %s', (name, kind, claims) => {
    expect(() => readClaims(CREDENTIAL_TYPES[kind], claims)).toThrow(
      expect.objectContaining({ code: 'CREDENTIAL_CLAIMS', params: { name } }) as Error,
    );
  });
});
