/** Facts against a treatment, the table of what speaks against what, and the gate over both. */
import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllergyList } from '../allergy-list.ts';
import { CONDITION_CODES, CONDITIONS, type ConditionCode } from './conditions.ts';
import { contraindicationsOf, TABLE, TABLE_VERSION, type Treatment } from './contraindications.ts';
import { answered, FACT_SOURCES, type HealthFact, type HealthFacts, known, NO_FACTS } from './facts.ts';
import { factsFromFhir, factsToFhir } from './facts-fhir.ts';
import { healthGate, healthReasonForDoctor, healthReasonText, isAnswered } from './gate.ts';

const TODAY = '2026-11-26';
const filler: Treatment = {
  route: 'intradermal-injection',
  zones: ['chin'],
  ingredients: ['hyaluronic-acid', 'lidocaine'],
};
const toxin: Treatment = { ...filler, route: 'intramuscular-injection', ingredients: ['botulinum-toxin-a'] };
const rf: Treatment = {
  route: 'energy-device',
  deviceClass: 'radiofrequency',
  zones: ['cheek-left'],
  ingredients: [],
};
const none: AllergyList = { answered: true, facts: [] };
const allergic = (substance: string): AllergyList => ({
  answered: true,
  facts: [
    {
      substance,
      text: substance,
      verification: 'confirmed',
      criticality: 'high',
      recordedOn: '2026-05-03',
    },
  ],
});
const asked = (treatment: Treatment): ConditionCode[] =>
  contraindicationsOf(treatment)!.map(({ condition }) => condition);
const allNo = (treatment: Treatment): HealthFacts =>
  answered(NO_FACTS, asked(treatment), [], treatment.zones as never, TODAY);
const yes = (condition: ConditionCode, change: Partial<HealthFact> = {}): HealthFacts => ({
  version: 1,
  facts: [
    ...allNo(filler).facts.filter((f) => f.condition !== condition),
    { condition, present: true, zones: [], source: 'doctor', recordedOn: TODAY, ...change },
  ],
});
const outcome = (facts: HealthFacts | null, treatment = filler, allergies: AllergyList | null = none) =>
  healthGate({ allergies, facts }, treatment, TODAY);

describe('the gate', () => {
  it('is clear only if everything was asked, and nothing is there', () => {
    for (const treatment of [filler, toxin, rf])
      expect(outcome(allNo(treatment), treatment)).toMatchObject({ outcome: 'clear', reasons: [] });
  });

  it('asks where nobody answered, and knows what the person can answer herself', () => {
    const answer = healthGate({ allergies: null, facts: null }, filler, TODAY);
    expect(answer.outcome).toBe('unknown');
    expect(answer.open).toEqual({ allergies: true, conditions: asked(filler) });
    expect(isAnswered(answer)).toBe(false);
    expect(isAnswered(outcome(yes('keloids')))).toBe(true);
  });

  it.each([
    ['an allergy to an ingredient', outcome(allNo(filler), filler, allergic('lidocaine'))],
    ['pregnancy', outcome(yes('pregnancy'))],
    ['an infection in the place', outcome(yes('active-infection', { zones: ['chin'] }))],
    ['an infection of the whole face', outcome(yes('active-infection', { zones: ['full-face'] }))],
    [
      'a neuromuscular disease before a toxin',
      outcome(
        { version: 1, facts: [...allNo(toxin).facts.slice(0, -1), ...yes('neuromuscular-disease').facts] },
        toxin,
      ),
    ],
    ['a pacemaker before radio frequency', outcome(yes('implanted-device'), rf)],
    [
      'what the clinic itself names',
      outcome(yes('keloids'), { ...filler, named: [{ condition: 'keloids', level: 'block' }] }),
    ],
  ])('stops %s', (_, answer) => {
    expect(answer.outcome).toBe('blocked');
  });

  it.each([
    ['an allergy that is only close', outcome(allNo(filler), filler, allergic('prilocaine'))],
    ['an allergy that no list knows', outcome(allNo(filler), filler, allergic('unheard-of'))],
    ['blood thinners', outcome(yes('anticoagulants'))],
    ['an infection of which the place is not told', outcome(yes('active-infection'))],
    ['earlier filler in the place', outcome(yes('previous-filler', { zones: ['chin'], source: 'record' }))],
    ['ingredients that are not declared', outcome(allNo(filler), { ...filler, ingredients: null })],
    ['a kind of treatment that nobody knows', outcome(allNo(filler), { ...filler, route: undefined })],
    ['a route that the table does not know', outcome(allNo(filler), { ...filler, route: 'by-mouth' })],
  ])('asks a doctor about %s', (_, answer) => {
    expect(answer.outcome).toBe('unknown');
    expect(isAnswered(answer)).toBe(true);
  });

  it('names source and date of what it stops', () => {
    const [reason] = outcome(yes('pregnancy', { sourceName: '林书宁', recordedOn: '2026-11-20' })).reasons;
    expect(reason).toMatchObject({
      code: 'CONTRAINDICATED',
      rule: 'contraindications/1#injection/pregnancy',
      source: { by: 'doctor', name: '林书宁', on: '2026-11-20' },
    });
    const [allergy] = outcome(allNo(filler), filler, allergic('lidocaine')).reasons;
    expect(allergy).toMatchObject({ source: { by: 'doctor', on: '2026-05-03' } });
    for (const one of [reason!, allergy!])
      for (const text of Object.values(healthReasonText(one))) expect(text.length).toBeGreaterThan(5);
  });

  it('speaks to a doctor of the patient, and to her of herself', () => {
    const lists = ['lidocaine', 'prilocaine', 'unheard-of'].map(allergic);
    for (const list of [null, ...lists]) {
      const [reason] = outcome(allNo(filler), filler, list).reasons;
      const [own, others] = [healthReasonText(reason!), healthReasonForDoctor(reason!)];
      expect(`${own.zh} ${own.en}`).toMatch(/你|[Yy]ou/);
      expect(`${others.zh} ${others.en}`).not.toMatch(/你|[Yy]ou\b/);
      expect(others.zh).toContain('患者');
    }
  });

  it('never becomes clear by one more yes, whatever else is known', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(filler, toxin, rf),
        fc.subarray([...CONDITION_CODES]),
        fc.constantFrom(...CONDITION_CODES),
        (treatment, present, more) => {
          const facts = (codes: readonly ConditionCode[]) =>
            answered(NO_FACTS, [...CONDITION_CODES], codes, treatment.zones as never, TODAY);
          const rank = { clear: 0, unknown: 1, blocked: 2 };
          const before = rank[outcome(facts(present), treatment).outcome];
          expect(rank[outcome(facts([...present, more]), treatment).outcome]).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });
});

describe('a fact', () => {
  const at = (facts: HealthFact[], code: ConditionCode, today = TODAY, zones = ['chin']) =>
    known({ version: 1, facts }, code, today, zones).answer;
  const fact = (change: Partial<HealthFact>): HealthFact => ({
    condition: 'pregnancy',
    present: false,
    zones: [],
    source: 'self',
    recordedOn: '2026-11-01',
    ...change,
  });

  it('holds for as long as such an answer can be relied on', () => {
    expect(at([fact({})], 'pregnancy', '2026-11-15')).toBe('absent');
    expect(at([fact({})], 'pregnancy', '2026-11-16')).toBe('stale');
    expect(at([fact({ condition: 'keloids', recordedOn: '2010-01-01' })], 'keloids')).toBe('absent');
  });

  it('of a doctor is not undone by a no of the person while it holds', () => {
    const doctors = fact({ present: true, source: 'doctor' });
    expect(at([doctors, fact({ recordedOn: '2026-11-10' })], 'pregnancy', '2026-11-12')).toBe('present');
    expect(at([doctors, fact({ recordedOn: '2026-11-25' })], 'pregnancy')).toBe('absent');
  });

  it('about a place says nothing about another', () => {
    const here = fact({ condition: 'active-infection', zones: ['chin'], recordedOn: TODAY });
    expect(at([here], 'active-infection')).toBe('absent');
    expect(at([here], 'active-infection', TODAY, ['chin', 'nose'])).toBe('not-asked');
    expect(at([{ ...here, present: true }], 'active-infection', TODAY, ['nose'])).toBe('not-asked');
  });

  it('of the person is replaced by her next answer, of others never', () => {
    const before: HealthFacts = {
      version: 1,
      facts: [fact({ present: true }), fact({ present: true, source: 'doctor' })],
    };
    const { facts } = answered(before, ['pregnancy'], [], ['chin'], TODAY);
    expect(facts.map(({ present, source }) => [present, source])).toEqual([
      [true, 'doctor'],
      [false, 'self'],
    ]);
  });
});

describe('the table', () => {
  it('says of itself what a screen has to say: its edition, its sources, and that no clinician has confirmed it', () => {
    expect(TABLE.reviewedBy).toBeNull();
    expect(TABLE_VERSION).toBe(`contraindications/${TABLE.edition}`);
    expect(TABLE.sources.length).toBeGreaterThan(0);
    for (const { zh, en } of TABLE.sources) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
      expect(zh).not.toMatch(/[A-Za-z]{3,}/);
      expect(en).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});

describe('as FHIR', () => {
  const anyFact = fc.record({
    condition: fc.constantFrom(...CONDITION_CODES),
    present: fc.boolean(),
    zones: fc.subarray(['chin', 'nose'] as ('chin' | 'nose')[]),
    source: fc.constantFrom(...FACT_SOURCES),
    recordedOn: fc.constantFrom('2026-01-02', '2025-12-31'),
  });
  const expected = (fact: HealthFact): HealthFact =>
    'medicine' in CONDITIONS[fact.condition] ? { ...fact, zones: [] } : fact;

  it('goes out and comes back the same', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 20 }), (facts) => {
        const back = factsFromFhir(JSON.parse(JSON.stringify(factsToFhir({ version: 1, facts }))), TODAY);
        expect(back).toEqual({ facts: { version: 1, facts: facts.map(expected) }, left: [] });
      }),
    );
  });

  it('of others is taken for what it says: only a plain no lets it go, a strange place is any place', () => {
    const out = factsToFhir(yes('keloids')).at(-1)!;
    const read = (change: object) => factsFromFhir([{ ...out, ...change }], TODAY);
    const status = (code: string) => ({
      verificationStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }],
      },
    });
    expect(read(status('refuted')).facts.facts[0]!.present).toBe(false);
    for (const code of ['differential', 'provisional', 'unconfirmed'])
      expect(read(status(code)).facts.facts[0]!.present).toBe(true);
    expect(read(status('entered-in-error')).facts.facts).toEqual([]);
    expect(read({ bodySite: [{ text: 'somewhere' }] }).facts.facts[0]!.zones).toEqual([]);
    expect(read({ meta: undefined }).facts.facts[0]!.source).toBe('import');
    const strange = { ...out, code: { text: 'Raynaud' } };
    expect(factsFromFhir([strange], TODAY)).toEqual({ facts: NO_FACTS, left: [strange] });
  });

  it.each([
    [[{ resourceType: 'Observation' }], '[0].resourceType'],
    [[{ resourceType: 'Condition', subject: {} }], '[0].code'],
    [
      [{ resourceType: 'MedicationStatement', subject: {}, medicationCodeableConcept: {}, status: 'often' }],
      '[0].status',
    ],
    [{}, '(root)'],
  ])('is refused with the path if it is none: %j', (value, path) => {
    let error: AppError | null = null;
    try {
      factsFromFhir(value, TODAY);
    } catch (e) {
      error = e as AppError;
    }
    expect(error).toMatchObject({ code: 'HEALTH_FACT_INVALID', params: { path } });
  });
});
