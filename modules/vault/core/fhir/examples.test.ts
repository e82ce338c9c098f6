/** Golden test over the official examples of FHIR R4 (npm hl7.fhir.r4.examples 4.0.1, CC0). */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKED_TYPES, isChecked } from './schema.ts';
import { type Resource, validateResource } from './validate.ts';

const folder = path.dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
const DEFINING = /^(?:ValueSet|CodeSystem|SearchParameter|StructureDefinition|package)/;

const examples = readdirSync(folder).flatMap((name) => {
  if (DEFINING.test(name) || !name.endsWith('.json')) return [];
  const resource = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Resource;
  return isChecked(resource.resourceType) ? [{ name, resource }] : [];
});

/** The examples that contradict the standard they illustrate, and where. */
const REJECTED = {
  // a procedure is not among the types that may be a reason for a device
  'DeviceUseStatement-example.json':
    'DeviceUseStatement.reasonReference[0].reference reference-target Condition | Observation | DiagnosticReport | DocumentReference | Media',
  // an encounter performs nothing
  'Observation-clinical-gender.json':
    'Observation.performer[0].reference reference-target Practitioner | PractitionerRole | Organization | CareTeam | Patient | RelatedPerson',
};

describe('the official examples', () => {
  it('are there, of every type that the vault knows', () => {
    expect(examples.length).toBe(250);
    expect(new Set(examples.map(({ resource }) => resource.resourceType))).toEqual(new Set(CHECKED_TYPES));
  });

  it('pass, but for those that contradict the standard', () => {
    const rejected = examples.flatMap(({ name, resource }) =>
      validateResource(resource)
        .filter(({ mild }) => !mild)
        .map((issue) => [name, `${issue.path} ${issue.code} ${issue.detail}`]),
    );
    expect(Object.fromEntries(rejected)).toEqual(REJECTED);
    expect(rejected).toHaveLength(Object.keys(REJECTED).length);
  });

  it('fail once any element has another name, with the path of that element', () => {
    let changed = 0;
    for (const { name, resource } of examples.filter(({ resource: r }) => r.resourceType !== 'Bundle')) {
      const keys = Object.keys(resource).filter((key) => !key.startsWith('_') && key !== 'resourceType');
      const key = keys[changed % keys.length]!;
      const { [key]: value, ...rest } = resource;
      const issues = validateResource({ ...rest, [`${key}Zz`]: value });
      expect(
        issues.map(({ path: at, code }) => `${at} ${code}`),
        name,
      ).toContain(`${resource.resourceType}.${key}Zz unknown-element`);
      changed++;
    }
    expect(changed).toBeGreaterThan(150);
  });
});
