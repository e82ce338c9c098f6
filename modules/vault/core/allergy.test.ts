import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Allergies, allergyGate, type GateReason, gateReasonText, SUBSTANCES } from './allergy.ts';
import {
  AllergyIntolerance,
  AllergyList,
  allergiesOf,
  allergyListFromFhir,
  allergyListToFhir,
} from './allergy-list.ts';
import { GROUPS } from './substances.ts';

const none: Allergies = { answered: true, substances: [] };
const to = (...substances: string[]): Allergies => ({ answered: true, substances });
const codes = Object.keys(SUBSTANCES);

describe('the allergy gate', () => {
  it('is clear only when everything is known and nothing meets', () => {
    expect(allergyGate(none, ['hyaluronic-acid', 'lidocaine'])).toEqual({ outcome: 'clear' });
    expect(allergyGate(to('latex'), ['hyaluronic-acid'])).toEqual({ outcome: 'clear' });
    expect(allergyGate(to('latex'), [])).toEqual({ outcome: 'clear' });
  });

  it('blocks what the person is allergic to, by substance and by group', () => {
    expect(allergyGate(to('lidocaine'), ['hyaluronic-acid', 'lidocaine'])).toMatchObject({
      outcome: 'blocked',
      conflicts: ['lidocaine'],
    });
    expect(allergyGate(to('collagens'), ['gelatin'])).toMatchObject({
      outcome: 'blocked',
      conflicts: ['gelatin'],
    });
    expect(allergyGate(to('rare-x'), ['rare-x'])).toMatchObject({
      outcome: 'blocked',
      conflicts: ['rare-x'],
    });
    expect(allergyGate({ answered: false, substances: ['lidocaine'] }, ['lidocaine']).outcome).toBe(
      'blocked',
    );
  });

  it('asks whenever something is not known', () => {
    const asks: [Allergies, readonly string[] | null, GateReason['code']][] = [
      [{ answered: false, substances: [] }, ['lidocaine'], 'NOT_ANSWERED'],
      [none, null, 'INGREDIENTS_UNDECLARED'],
      [none, ['something-new'], 'INGREDIENT_UNLISTED'],
      [none, ['toString'], 'INGREDIENT_UNLISTED'],
      [to('my-own-word'), ['lidocaine'], 'ALLERGY_UNLISTED'],
      [{ ...none, others: ['芒果'] }, ['lidocaine'], 'ALLERGY_UNLISTED'],
      [to('articaine'), ['lidocaine'], 'CROSS_REACTION'],
      [to('bee-venom'), ['hyaluronidase'], 'CROSS_REACTION'],
    ];
    for (const [allergies, ingredients, code] of asks) {
      const answer = allergyGate(allergies, ingredients);
      expect(answer).toMatchObject({ outcome: 'unknown', reasons: [{ code }] });
      if (answer.outcome !== 'unknown') continue;
      const text = gateReasonText(answer.reasons[0]!);
      expect(text.zh).toMatch(/。$/);
      expect(text.en).toMatch(/\.$/);
    }
  });

  it('never clears an ingredient that stands among the allergies', () => {
    const some = fc.uniqueArray(fc.constantFrom(...codes, ...Object.keys(GROUPS), 'x'), { maxLength: 6 });
    fc.assert(
      fc.property(some, some, fc.boolean(), (substances, ingredients, answered) => {
        const { outcome } = allergyGate({ answered, substances }, ingredients);
        const meets = ingredients.some((i) => substances.includes(i));
        if (meets) expect(outcome).toBe('blocked');
        if (!answered) expect(outcome).not.toBe('clear');
      }),
    );
  });

  it('names every group by members that exist', () => {
    for (const group of Object.values(GROUPS))
      for (const member of group.members) expect(codes).toContain(member);
    expect(gateReasonText({ code: 'ALLERGIC', substance: 'collagens', ingredient: 'gelatin' }).zh).toBe(
      '产品含有明胶，你对动物胶原与明胶过敏。',
    );
  });
});

describe('the allergy list', () => {
  const list: AllergyList = {
    answered: true,
    facts: [
      {
        substance: 'lidocaine',
        text: '利多卡因',
        verification: 'confirmed',
        criticality: 'high',
        recordedOn: '2026-11-01',
        reaction: '全身风团',
      },
      {
        substance: null,
        text: '芒果',
        verification: 'unconfirmed',
        criticality: 'unable-to-assess',
        recordedOn: '2026-11-02',
      },
      {
        substance: 'latex',
        text: '乳胶',
        verification: 'refuted',
        criticality: 'low',
        recordedOn: '2026-11-03',
      },
    ],
  };

  it('goes to FHIR and back without loss', () => {
    const fhir = allergyListToFhir(list);
    expect(fhir).toHaveLength(3);
    for (const resource of fhir) expect(AllergyIntolerance.parse(resource)).toEqual(resource);
    expect(fhir[0]).toMatchObject({
      criticality: 'high',
      code: { coding: [{ code: 'lidocaine' }] },
      patient: { reference: 'Patient/self' },
    });
    expect(allergyListFromFhir(JSON.parse(JSON.stringify(fhir)), '2026-12-01')).toEqual(list);
  });

  it('tells "asked and none" from "not asked"', () => {
    const asked = allergyListToFhir({ answered: true, facts: [] });
    expect(asked).toHaveLength(1);
    expect(allergyListFromFhir(asked, '2026-12-01')).toEqual({ answered: true, facts: [] });
    expect(allergyListToFhir({ answered: false, facts: [] })).toEqual([]);
    expect(allergyListFromFhir([], '2026-12-01')).toEqual({ answered: false, facts: [] });
  });

  it('gives the gate what still counts', () => {
    expect(allergiesOf(list)).toEqual({ answered: true, substances: ['lidocaine'], others: ['芒果'] });
  });

  it('takes another system’s code as words and an error of entry as nothing', () => {
    const base = { resourceType: 'AllergyIntolerance', patient: {} };
    const snomed = {
      ...base,
      code: { coding: [{ system: 'http://snomed.info/sct', code: '387480006', display: 'Lidocaine' }] },
      clinicalStatus: { coding: [{ code: 'resolved' }] },
    };
    const wrong = {
      ...snomed,
      verificationStatus: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
            code: 'entered-in-error',
          },
        ],
      },
    };
    const read = allergyListFromFhir([snomed, wrong], '2026-12-01');
    expect(read.facts).toEqual([
      {
        substance: null,
        text: 'Lidocaine',
        verification: 'unconfirmed',
        criticality: 'unable-to-assess',
        recordedOn: '2026-12-01',
      },
    ]);
    expect(allergyGate(allergiesOf(read), ['lidocaine']).outcome).toBe('unknown');
  });

  it('refuses what it cannot read, and says where', () => {
    const good = allergyListToFhir(list)[0]!;
    const cases: [unknown, string][] = [
      [null, '(root)'],
      [[{ ...good, resourceType: 'Patient' }], '[0].resourceType'],
      [[good, { ...good, criticality: 'deadly' }], '[1].criticality'],
      [[{ ...good, code: undefined }], '[0].code'],
      [[{ ...good, code: {} }], '[0].code'],
      [[{ ...good, recordedDate: 'yesterday' }], '[0].recordedDate'],
      [[{ ...good, reaction: [{ manifestation: [] }] }], '[0].reaction[0].manifestation'],
    ];
    for (const [value, path] of cases) {
      let error: AppError | null = null;
      try {
        allergyListFromFhir(value, '2026-12-01');
      } catch (e) {
        error = e as AppError;
      }
      expect(error).toMatchObject({ code: 'ALLERGY_INVALID', params: { path } });
    }
    expect(AllergyList.safeParse({ ...list, extra: 1 }).success).toBe(false);
  });
});
