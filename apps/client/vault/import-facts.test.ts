import { canonicalJson, utf8 } from '@zhenmei/kernel';
import { type Told, vaultBundle } from '@zhenmei/vault/core/export/fhir-bundle.ts';
import { profileIssues } from '@zhenmei/vault/core/fhir/profiles.ts';
import type { Resource } from '@zhenmei/vault/core/fhir/validate.ts';
import { validateResource } from '@zhenmei/vault/core/fhir/validate.ts';
import type { HealthFact, HealthFacts } from '@zhenmei/vault/core/health/facts.ts';
import { factsToFhir } from '@zhenmei/vault/core/health/facts-fhir.ts';
import { readFhir } from '@zhenmei/vault/core/import/fhir-records.ts';
import { describe, expect, it } from 'vitest';
import { factsIn, withFacts } from './import-facts.ts';

const TODAY = '2026-11-26';
const fact = (change: Partial<HealthFact> = {}): HealthFact => ({
  condition: 'pregnancy',
  present: true,
  zones: [],
  source: 'self',
  recordedOn: '2026-11-20',
  ...change,
});
const facts = (...list: HealthFact[]): HealthFacts => ({ version: 1, facts: list });
const item = {
  object: 'o',
  kind: 'health-facts',
  title: 'x',
  at: TODAY,
  zones: [],
  mime: 'application/json',
  size: 2,
} satisfies Told['item'];

/** The resources of a whole export, as an import understands them. */
function exported(all: HealthFacts): Resource[] {
  const bundle = vaultBundle([{ item, facts: all }]);
  expect(validateResource(bundle)).toEqual([]);
  expect(profileIssues(bundle)).toEqual([]);
  const { understood, faults } = readFhir(utf8(canonicalJson(bundle)));
  expect(faults).toEqual([]);
  return [...understood];
}

describe('facts in an export of everything', () => {
  it('are valid FHIR and come back as they were', () => {
    const all = facts(
      fact(),
      fact({ condition: 'anticoagulants', present: false }),
      fact({ condition: 'previous-filler', zones: ['chin'] }),
    );
    const back = factsIn(exported(all), TODAY).facts;
    expect(back).toHaveLength(3);
    expect(back).toEqual(expect.arrayContaining([...all.facts]));
  });

  it('said by a doctor come in as an import: nobody can check who said it', () => {
    const [back] = factsIn(exported(facts(fact({ source: 'doctor', sourceName: 'Dr Lin' }))), TODAY).facts;
    expect(back).toMatchObject({ source: 'import', sourceName: 'Dr Lin', present: true });
  });

  it('of other systems without a code of ours, and what was entered in error, say nothing', () => {
    const other = {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      code: { text: 'Grippe' },
    };
    const drug = {
      ...factsToFhir(facts(fact({ condition: 'anticoagulants' })))[0]!,
      status: 'entered-in-error',
    };
    const broken = { resourceType: 'Condition', code: 7 };
    const patient = { resourceType: 'Patient', id: 'self' };
    expect(factsIn([other, drug, broken, patient] as never, TODAY)).toEqual(facts());
  });
});

describe('joining facts', () => {
  it('adds what is new and loses nothing', () => {
    const mine = facts(fact({ present: false }));
    const joined = withFacts(mine, facts(fact({ present: false }), fact()));
    expect(joined).toEqual(facts(fact({ present: false }), fact()));
    expect(withFacts(joined, joined)).toEqual(joined);
  });
});
