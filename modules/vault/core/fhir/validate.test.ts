import { type AppError, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueWords } from './issue.ts';
import { profileIssues } from './profiles.ts';
import { LIMITS, type Resource, readResource, validateResource } from './validate.ts';

const patient = { reference: 'Patient/self' };
const code = { coding: [{ system: 'urn:x', code: 'filler' }] };
const procedure = { resourceType: 'Procedure', status: 'completed', subject: patient, code };
const observation = {
  resourceType: 'Observation',
  status: 'final',
  code,
  subject: patient,
  valueQuantity: { value: 3, unit: 'mm', system: 'http://unitsofmeasure.org', code: 'mm' },
};
const allergy = {
  resourceType: 'AllergyIntolerance',
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
  },
  patient,
};
const medicine = {
  resourceType: 'MedicationStatement',
  status: 'active',
  medicationCodeableConcept: code,
  subject: patient,
  dateAsserted: '2026-11-20',
};
const faults = (value: unknown) =>
  validateResource(value).map((i) => `${i.path} ${i.code} ${i.detail}`.trim());
const bundle = (...resources: unknown[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

describe('a valid resource', () => {
  it.each([
    ['a procedure', procedure],
    ['an observation with a quantity', observation],
    ['an allergy', allergy],
    ['a medicine that is taken', medicine],
    ['a bundle', bundle(procedure, observation, medicine)],
    [
      'a contained device',
      {
        ...procedure,
        contained: [{ resourceType: 'Device', id: 'd' }],
        usedReference: [{ reference: '#d' }],
      },
    ],
    [
      'a primitive that only has an extension',
      { ...procedure, _performedDateTime: { extension: [{ url: 'urn:x', valueCode: 'unknown' }] } },
    ],
    ['a partial date', { ...procedure, performedDateTime: '2019-02' }],
    ['a leap day', { ...procedure, performedDateTime: '2024-02-29' }],
  ])('%s', (_, value) => {
    expect(faults(value)).toEqual([]);
  });
});

describe('an invalid resource is refused with the place', () => {
  it.each([
    ['unknown element', { ...procedure, colour: 'red' }, 'Procedure.colour unknown-element'],
    [
      'unknown element below',
      { ...procedure, code: { coding: [{ kode: 'x' }] } },
      'Procedure.code.coding[0].kode unknown-element',
    ],
    [
      'a medicine with a status of elsewhere',
      { ...medicine, status: 'often' },
      'MedicationStatement.status not-in-value-set medication-statement-status',
    ],
    [
      'a medicine of nobody',
      { resourceType: 'MedicationStatement', status: 'active', medicationCodeableConcept: code },
      'MedicationStatement missing subject',
    ],
    [
      'a statement about no medicine',
      { resourceType: 'MedicationStatement', status: 'active', subject: patient },
      'MedicationStatement missing medication[x]',
    ],
    [
      'two medicines in one statement',
      { ...medicine, medicationReference: { reference: 'Medication/1' } },
      'MedicationStatement.medicationReference choice-twice medication[x]',
    ],
    [
      'a dose that is no dosage',
      { ...medicine, dosage: [{ text: 7 }] },
      'MedicationStatement.dosage[0].text wrong-type string',
    ],
    ['wrong JSON type', { ...procedure, status: 7 }, 'Procedure.status wrong-type code'],
    ['text for an object', { ...procedure, code: 'filler' }, 'Procedure.code wrong-type CodeableConcept'],
    ['missing', { resourceType: 'Procedure', status: 'completed' }, 'Procedure missing subject'],
    [
      'missing below',
      { ...procedure, performer: [{ function: code }] },
      'Procedure.performer[0] missing actor',
    ],
    ['too many', { ...procedure, status: ['completed'] }, 'Procedure.status not-single'],
    ['not a list', { ...procedure, bodySite: code }, 'Procedure.bodySite not-a-list'],
    ['empty list', { ...procedure, bodySite: [] }, 'Procedure.bodySite empty'],
    ['empty object', { ...procedure, code: {} }, 'Procedure.code empty'],
    ['null', { ...procedure, code: null }, 'Procedure.code wrong-type CodeableConcept'],
    [
      'required binding of a code',
      { ...procedure, status: 'nonsense' },
      'Procedure.status not-in-value-set event-status',
    ],
    [
      'required binding of a concept',
      { ...allergy, clinicalStatus: { coding: [{ code: 'sometimes' }] } },
      'AllergyIntolerance.clinicalStatus.coding not-in-value-set allergyintolerance-clinical',
    ],
    [
      'a required concept in words only',
      { ...allergy, clinicalStatus: { text: 'active' } },
      'AllergyIntolerance.clinicalStatus.coding not-in-value-set allergyintolerance-clinical',
    ],
    [
      '30 February',
      { ...procedure, performedDateTime: '2024-02-30' },
      'Procedure.performedDateTime format dateTime',
    ],
    [
      'month 13',
      { ...procedure, performedDateTime: '2024-13' },
      'Procedure.performedDateTime format dateTime',
    ],
    [
      'a time without a zone',
      { ...procedure, performedDateTime: '2024-02-03T10:00:00' },
      'Procedure.performedDateTime format dateTime',
    ],
    [
      'two forms of a choice',
      { ...procedure, performedDateTime: '2024', performedString: 'spring' },
      'Procedure.performedString choice-twice performed[x]',
    ],
    [
      'a form that the choice has not',
      { ...procedure, performedInteger: 4 },
      'Procedure.performedInteger unknown-element',
    ],
    [
      'a reference that leads nowhere',
      { ...procedure, subject: { reference: 'me' } },
      'Procedure.subject.reference reference',
    ],
    [
      'a reference to another type',
      { ...procedure, subject: { reference: 'Device/1' } },
      'Procedure.subject.reference reference-target Patient | Group',
    ],
    [
      'a type that does not exist',
      { ...procedure, subject: { reference: 'Person1/1' } },
      'Procedure.subject.reference reference',
    ],
    [
      'a contained resource that is not there',
      { ...procedure, usedReference: [{ reference: '#d' }] },
      'Procedure.usedReference[0].reference reference-nowhere',
    ],
    ['bad id', { ...procedure, id: 'a b' }, 'Procedure.id format id'],
    [
      'bad base64',
      { resourceType: 'Media', status: 'completed', content: { contentType: 'image/png', data: 'a*b=' } },
      'Media.content.data format base64Binary',
    ],
    [
      'negative count',
      { resourceType: 'Media', status: 'completed', content: { title: 'x' }, height: 0 },
      'Media.height format positiveInt',
    ],
    ['a rule between fields', { ...observation, dataAbsentReason: code }, 'Observation rule obs-6'],
    [
      'an allergy without a status',
      { resourceType: 'AllergyIntolerance', patient },
      'AllergyIntolerance rule ait-1',
    ],
    [
      'a period that ends before it begins',
      { ...procedure, performedPeriod: { start: '2024-05', end: '2024-04' } },
      'Procedure.performedPeriod rule per-1',
    ],
    [
      'an extension of both kinds',
      {
        ...procedure,
        extension: [{ url: 'urn:x', valueCode: 'a', extension: [{ url: 'urn:y', valueCode: 'b' }] }],
      },
      'Procedure.extension[0] rule ext-1',
    ],
    [
      'in a bundle',
      bundle(observation, { ...procedure, status: 'done' }),
      'Bundle.entry[1].resource.status not-in-value-set event-status',
    ],
    [
      'an unknown type in a bundle',
      bundle({ resourceType: 'Botox' }),
      'Bundle.entry[0].resource.resourceType unknown-resource',
    ],
    [
      'a type that is not looked at',
      bundle({ resourceType: 'Claim' }),
      'Bundle.entry[0].resource not-checked Claim',
    ],
    [
      'two entries of one address',
      { ...bundle(), entry: [procedure, observation].map((resource) => ({ fullUrl: 'urn:x:1', resource })) },
      'Bundle rule bdl-7',
    ],
    ['an inherited name', { ...procedure, constructor: 1 }, 'Procedure.constructor unknown-element'],
    ['no resource at all', [], '(root) not-an-object'],
  ])('%s', (_, value, fault) => {
    expect(faults(value)).toContain(fault);
  });

  it('too deep, without exhausting the stack', () => {
    let inner: unknown = { url: 'urn:x', valueCode: 'a' };
    for (let i = 0; i < 5_000; i++) inner = { url: 'urn:x', extension: [inner] };
    expect(faults({ ...procedure, extension: [inner] }).some((fault) => fault.includes('too-deep'))).toBe(
      true,
    );
  });

  it('too large, and never with more than a hundred faults', () => {
    expect(() => readResource(new Uint8Array(LIMITS.bytes + 1))).toThrow('FHIR_INVALID');
    expect(faults(bundle(...Array.from({ length: 500 }, () => ({ ...procedure, x: 1 }))))).toHaveLength(
      LIMITS.issues,
    );
    const many = Array.from({ length: LIMITS.nodes / 2 + 10 }, () => ({
      resource: { resourceType: 'Device', id: 'a' },
    }));
    expect(faults({ resourceType: 'Bundle', type: 'collection', entry: many }).at(-1)).toContain('too-large');
  });

  it('as a file, with both languages and never a value', () => {
    const bytes = utf8(JSON.stringify({ ...procedure, status: 'secret-word' }));
    const { issues } = readResource(bytes);
    expect(issueWords(issues[0]!).en).toBe('not in the required value set event-status');
    expect(JSON.stringify(issues)).not.toContain('secret-word');
    try {
      readResource(utf8('{"resourceType":"Botox2"'));
      expect.unreachable();
    } catch (error) {
      expect((error as AppError).code).toBe('JSON_INVALID');
    }
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
    expect(() => readResource(utf8(`{"resourceType":"Procedure","x":${deep}}`))).toThrow('FHIR_INVALID');
    expect(() => readResource(utf8('[]'))).toThrow('FHIR_INVALID');
  });

  it('whatever is put in the place of any part', () => {
    const whole = bundle(procedure, observation, allergy) as unknown as Resource;
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('status', 'code', 'subject', 'valueQuantity'),
        (value, field) => {
          const entry = [{ resource: { ...procedure, [field]: value } }];
          for (const { path } of validateResource({ ...whole, entry } as never))
            expect(path).toMatch(/^Bundle/);
        },
      ),
    );
  });
});

describe('our profiles', () => {
  const issues = (value: unknown) => profileIssues(value as Resource).map((i) => `${i.path} ${i.detail}`);
  it.each([
    [
      'a person with a name',
      { resourceType: 'Patient', id: 'self', name: [{ text: 'x' }] },
      'Patient.name pseudonym',
    ],
    ['a person with an id of elsewhere', { resourceType: 'Patient', id: '4711' }, 'Patient.id self'],
    [
      'a unit that is no UCUM',
      { ...observation, valueQuantity: { value: 1, unit: 'Tropfen' } },
      'Observation.valueQuantity UCUM',
    ],
    [
      'a UCUM code with a space',
      { ...observation, valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'a b' } },
      'Observation.valueQuantity UCUM',
    ],
    [
      'somebody else',
      { ...procedure, subject: { reference: 'Patient/4711' } },
      'Procedure.subject Patient/self',
    ],
    [
      'a medicine of somebody else',
      { ...medicine, subject: { reference: 'Patient/4711' } },
      'MedicationStatement.subject Patient/self',
    ],
    [
      'a wrong check digit',
      { resourceType: 'Device', udiCarrier: [{ deviceIdentifier: '06901234567891' }] },
      'Device.udiCarrier[0].deviceIdentifier GTIN-14',
    ],
    [
      'a photo elsewhere',
      {
        resourceType: 'Media',
        status: 'completed',
        subject: patient,
        content: { url: 'https://x.example/a.jpg' },
      },
      'Media.content.url urn:zhenmei:object',
    ],
    ['a statement without a signature', { resourceType: 'Provenance' }, 'Provenance.signature signature'],
    [
      'within a bundle',
      bundle(observation, { ...procedure, subject: { reference: 'Patient/1' } }),
      'Bundle.entry[1].resource.subject Patient/self',
    ],
  ])('refuse %s', (_, value, issue) => {
    expect(issues(value)).toEqual([issue]);
  });

  it.each(['mm', "[arb'U]", '{pulse}', 'mg/dL', '10*9/L', '%', '1', 'uL'])('take %s as UCUM', (unit) => {
    expect(
      issues({
        ...observation,
        valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: unit },
      }),
    ).toEqual([]);
  });
});
