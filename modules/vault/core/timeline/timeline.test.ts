/** What happened when and where, from items and from what FHIR says. */
import { describe, expect, it } from 'vitest';
import type { Item } from '../contents.ts';
import type { Resource } from '../fhir/validate.ts';
import { ZONES } from '../zones.ts';
import { areasInText, areasOfConcept, areasOfZone } from './areas.ts';
import { countBy, EVERYTHING, entriesOfFhir, entryOfItem, narrowed, yearOf } from './timeline.ts';

const item = (more: Partial<Item> = {}): Item =>
  ({
    object: 'o1',
    version: 1,
    compartment: 'treatments',
    kind: 'record',
    title: '玻尿酸',
    at: '2025-05-01T02:00:00Z',
    zones: [],
    mime: '',
    size: 1,
    stored: 1,
    digest: '',
    wrapped: '',
    source: 'self',
    ...more,
  }) as Item;
const subject = { reference: 'Patient/1' };
const read = (resource: unknown) => entriesOfFhir(item({ kind: 'fhir' }), [resource as Resource])[0];

describe('an area of the body', () => {
  it('belongs to every zone', () => {
    for (const zone of Object.keys(ZONES)) expect(areasOfZone(zone).length, zone).toBeGreaterThan(0);
    expect(areasOfZone('knee-left')).toEqual([]);
    expect(areasOfZone('constructor')).toEqual([]);
  });
  it.each([
    ['眉间纹', ['forehead']],
    ['双侧法令纹', ['cheeks']],
    ['鼻唇沟', ['cheeks']],
    ['鼻部', ['nose']],
    ['upper lip', ['mouth']],
    ['Full face', ['forehead', 'eyes', 'nose', 'cheeks', 'mouth', 'jaw']],
    ['feedback', []],
    ['slipped', []],
    ['', []],
  ])('is named by %s', (text, areas) => {
    expect(areasInText(text)).toEqual(areas);
  });
  it('is named by our codes, by SNOMED CT, or else by words', () => {
    expect(
      areasOfConcept({ coding: [{ system: 'https://zhenmei.example/codes/zone', code: 'chin' }] }),
    ).toEqual(['jaw']);
    expect(
      areasOfConcept({ coding: [{ system: 'https://zhenmei.example/codes/area', code: 'legs' }] }),
    ).toEqual(['legs']);
    expect(areasOfConcept({ coding: [{ system: 'http://snomed.info/sct', code: '45206002' }] })).toEqual([
      'nose',
    ]);
    expect(
      areasOfConcept({ coding: [{ system: 'http://snomed.info/sct', code: '1' }], text: 'left cheek' }),
    ).toEqual(['cheeks']);
    for (const nothing of [
      null,
      'nose',
      {},
      { coding: 'x' },
      { coding: [{ system: 'urn:x', code: 'nose' }] },
    ])
      expect(areasOfConcept(nothing)).toEqual([]);
  });
});

describe('an entry', () => {
  it('stands for an item, but not for those that show what is in them', () => {
    expect(entryOfItem(item({ zones: ['chin', 'glabella'] }))).toMatchObject({
      kind: 'treatment',
      areas: ['jaw', 'forehead'],
    });
    expect(entryOfItem(item({ kind: 'fhir' }))).toBeNull();
    expect(entryOfItem(item({ kind: 'trust' }))).toBeNull();
  });
  it.each([
    [
      'Procedure',
      {
        performedPeriod: { start: '2020-03' },
        code: { text: 'Peel' },
        subject,
        bodySite: [{ text: 'face' }],
      },
      'treatment',
      '2020-03',
      'Peel',
      6,
    ],
    [
      'Observation',
      {
        effectiveDateTime: '2021-01-02',
        code: { coding: [{ display: 'Erythema' }] },
        valueQuantity: { value: 3, unit: 'mm' },
      },
      'finding',
      '2021-01-02',
      'Erythema',
      0,
    ],
    [
      'AllergyIntolerance',
      { recordedDate: '2019', code: { text: 'Lidocaine' } },
      'allergy',
      '2019',
      'Lidocaine',
      0,
    ],
    [
      'AdverseEvent',
      { date: '2022-02-02', event: { text: 'Swelling' } },
      'event',
      '2022-02-02',
      'Swelling',
      0,
    ],
    [
      'Media',
      { createdDateTime: '2018-01-01', content: { title: 'Front' } },
      'photo',
      '2018-01-01',
      'Front',
      0,
    ],
    [
      'MedicationAdministration',
      {
        effectiveDateTime: '2023-01-01',
        medicationCodeableConcept: { text: 'Toxin' },
        dosage: { site: { text: 'glabella' }, dose: { value: 20, unit: 'U' } },
      },
      'treatment',
      '2023-01-01',
      'Toxin',
      1,
    ],
    [
      'MedicationStatement',
      { status: 'active', dateAsserted: '2026-02-03', medicationCodeableConcept: { text: 'Warfarin' } },
      'finding',
      '2026-02-03',
      'Warfarin',
      0,
    ],
    ['Condition', { code: { coding: [{ code: 'L71.9' }] } }, 'finding', null, null, 0],
  ] as const)('comes from a %s', (resourceType, more, kind, at, title, areas) => {
    const entry = read({ resourceType, ...more })!;
    expect(entry).toMatchObject({ kind, at, title });
    expect(entry.areas).toHaveLength(areas);
  });
  it('shows a value with its unit, and nothing that was entered in error', () => {
    expect(
      read({ resourceType: 'Observation', valueQuantity: { value: 3, unit: 'mm', comparator: '<' } })!.text,
    ).toBe('< 3 mm');
    expect(read({ resourceType: 'Observation', status: 'entered-in-error' })).toBeUndefined();
    expect(read({ resourceType: 'MedicationStatement', status: 'not-taken' })).toBeUndefined();
    expect(read({ resourceType: 'Patient' })).toBeUndefined();
  });
});

describe('a timeline', () => {
  const entries = [
    entryOfItem(item({ object: 'a', title: '玻尿酸填充', zones: ['chin'], at: '2025-05-01T00:00:00Z' }))!,
    entryOfItem(item({ object: 'b', kind: 'photo', title: 'Front view', at: '2024-01-01' }))!,
    ...entriesOfFhir(item({ object: 'c', kind: 'fhir', title: 'old clinic' }), [
      {
        resourceType: 'Procedure',
        performedDateTime: '2019-02-03',
        code: { text: 'Laser peel' },
        bodySite: [{ text: 'chin' }],
      } as unknown as Resource,
      { resourceType: 'Condition', code: { text: 'Rosacea' } } as unknown as Resource,
    ]),
  ];
  const keys = (by: object) => narrowed(entries, { ...EVERYTHING, ...by }).map(({ key }) => key);
  it('is newest first, with what has no time at the end', () => {
    expect(keys({})).toEqual(['a', 'b', 'c/0', 'c/1']);
  });
  it('is narrowed by area, kind, year and words', () => {
    expect(keys({ area: 'jaw' })).toEqual(['a', 'c/0']);
    expect(keys({ kind: 'photo' })).toEqual(['b']);
    expect(keys({ year: '2019' })).toEqual(['c/0']);
    expect(keys({ search: 'PEEL  laser' })).toEqual(['c/0']);
    expect(keys({ search: 'ｆｒｏｎｔ' })).toEqual(['b']);
    expect(keys({ area: 'jaw', year: '2024' })).toEqual([]);
    expect(keys({ search: 'nothing of it' })).toEqual([]);
  });
  it('counts what each choice would leave', () => {
    expect(Object.fromEntries(countBy(entries, ({ areas }) => areas))).toEqual({ jaw: 2 });
    expect(Object.fromEntries(countBy(entries, (entry) => [yearOf(entry)]))).toEqual({
      2025: 1,
      2024: 1,
      2019: 1,
    });
  });
});
