import { type AppError, canonicalJson, toHex } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DrugRecord,
  drugRecord,
  readRecord,
  recordCommitment,
  summariseRecord,
  type TreatmentInput,
  TreatmentRecord,
  treatmentRecord,
} from './record.ts';

const input: TreatmentInput = {
  at: '2026-11-24T08:00:00.000Z',
  procedure: { code: 'filler-nasolabial', name: '鼻唇沟填充' },
  doctor: '林书宁',
  doctorLicence: '110110000012345',
  zones: [
    { zone: 'nasolabial-left', amount: 500 },
    { zone: 'nasolabial-right', amount: 450 },
  ],
  amountUnit: 'uL',
  product: { gtin: '09521234100010', serial: 'A1', lot: 'L1', name: '澄润', expires: '2028-03-31' },
  note: '轻微淤青',
};
const toxin: TreatmentInput = {
  ...input,
  zones: [
    { zone: 'glabella', amount: 20 },
    { zone: 'crows-feet-left', amount: 12 },
  ],
  amountUnit: 'U',
};
const refusal = (work: () => unknown): Partial<AppError> => {
  try {
    work();
    return {};
  } catch (e) {
    return e as AppError;
  }
};
/** The record with one value replaced, addressed as in the error. */
const altered = (record: object, path: string, value: unknown): unknown => {
  const copy = structuredClone(record);
  const keys = path.match(/[^.[\]]+/g)!;
  let at = copy as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1)!] = value;
  return copy;
};

describe('the record of a device', () => {
  const record = treatmentRecord(input);

  it('reads back what it wrote, also from text', () => {
    expect(readRecord(JSON.parse(canonicalJson(record)))).toEqual(record);
    expect(TreatmentRecord.parse(record)).toEqual(record);
    expect(record.entry[1].resource.udiCarrier[0].carrierHRF).toBe(
      '(01)09521234100010(17)280331(10)L1(21)A1',
    );
  });

  it('says the same in short', () => {
    expect(summariseRecord(record)).toEqual({
      at: input.at,
      procedure: '鼻唇沟填充',
      doctor: '林书宁',
      product: { name: '澄润', lot: 'L1', expires: '2028-03-31' },
      amounts: [
        { zone: 'nasolabial-left', amount: 500, unit: 'uL' },
        { zone: 'nasolabial-right', amount: 450, unit: 'uL' },
      ],
      note: '轻微淤青',
    });
  });

  it('leaves out what was not said', () => {
    const { note: _, doctorLicence: __, ...bare } = input;
    const made = treatmentRecord({
      ...bare,
      product: { gtin: '09521234100010', serial: 'A1', lot: 'L1', name: '澄润' },
    });
    expect(canonicalJson(made)).not.toMatch(/note|identifier"|expirationDate|\(17\)/);
    expect(summariseRecord(made)).toMatchObject({ note: null, product: { expires: null } });
  });

  it('refuses every other shape and names the place', () => {
    const cases: [string, unknown, string?][] = [
      ['resourceType', 'Patient'],
      ['type', 'message'],
      ['extra', 1, '(root)'],
      ['entry', []],
      ['entry[0].fullUrl', 'https://elsewhere.example/Procedure/1'],
      ['entry[0].resource.status', 'nonsense'],
      ['entry[0].resource.subject.reference', 'Patient/李雷'],
      ['entry[0].resource.subject.display', '李雷', 'entry[0].resource.subject'],
      ['entry[0].resource.performedDateTime', '2026-02-30T08:00:00Z'],
      ['entry[0].resource.performer[0].actor.display', ''],
      ['entry[0].resource.bodySite', []],
      ['entry[0].resource.bodySite[0].coding[0].code', 'elbow'],
      ['entry[0].resource.bodySite[0].coding[0].code', 'chin', 'entry[0].resource.bodySite'],
      ['entry[0].resource.bodySite[0].coding[0].code', 'nasolabial-right', 'entry[0].resource.bodySite'],
      ['entry[0].resource.usedReference[0].reference', 'Device/other'],
      ['entry[0].resource.note[0].text', 'x'.repeat(2_001)],
      ['entry[1].resource.udiCarrier[0].deviceIdentifier', '09521234100011'],
      ['entry[1].resource.udiCarrier[0].carrierHRF', '(01)09521234100010(17)280331(10)L2(21)A1'],
      ['entry[1].resource.lotNumber', 'L2', 'entry[1].resource.udiCarrier[0].carrierHRF'],
      ['entry[1].resource.serialNumber', 'A 1'],
      ['entry[1].resource.expirationDate', '31.03.2028'],
      ['entry[1].resource.property[0].valueQuantity[0].value', -1],
      ['entry[1].resource.property[0].valueQuantity[0].value', Number.NaN],
      ['entry[1].resource.property[0].valueQuantity[0].unit', 'drops'],
      ['entry[1].resource.property[0].valueQuantity[0].code', 'mL'],
      ['entry[1].resource.resourceType', 'Device2'],
    ];
    for (const [path, value, named = path] of cases)
      expect([path, refusal(() => readRecord(altered(record, path, value)))]).toMatchObject([
        path,
        { code: 'RECORD_INVALID', params: { path: named } },
      ]);
    for (const nothing of [null, undefined, 7, 'x', [], {}])
      expect(refusal(() => readRecord(nothing)).code).toBe('RECORD_INVALID');
  });

  it('never repeats the value it refuses: it may be somebody’s health', () => {
    const error = refusal(() => readRecord(altered(record, 'entry[0].resource.status', '秘密诊断')));
    expect(JSON.stringify([error.params, error.message])).not.toContain('秘密诊断');
  });

  it('is not written with what could not be read', () => {
    const wrong: Partial<TreatmentInput>[] = [
      { zones: [] },
      { zones: [{ zone: 'elbow', amount: 1 }] },
      { amountUnit: 'drops' },
      { amountUnit: 'constructor' },
      { at: 'today' },
      { doctor: '' },
      { product: { ...input.product, gtin: '' } },
      { product: { ...input.product, serial: '序列号' } },
      { zones: [input.zones[0]!, input.zones[0]!] },
    ];
    for (const change of wrong)
      expect(refusal(() => treatmentRecord({ ...input, ...change })).code).toBe('RECORD_INVALID');
  });
});

describe('the record of a drug', () => {
  const record = drugRecord(toxin);

  it('has one administration for each place', () => {
    expect(readRecord(JSON.parse(canonicalJson(record)))).toEqual(record);
    expect(DrugRecord.parse(record)).toEqual(record);
    expect(record.entry.map(({ resource }) => resource.resourceType)).toEqual([
      'Procedure',
      'Medication',
      'MedicationAdministration',
      'MedicationAdministration',
    ]);
    expect(summariseRecord(record)).toMatchObject({
      product: { name: '澄润', lot: 'L1', expires: '2028-03-31' },
      amounts: [
        { zone: 'glabella', amount: 20, unit: 'U' },
        { zone: 'crows-feet-left', amount: 12, unit: 'U' },
      ],
    });
    expect(record.entry[2].resource.dosage.dose.code).toBe("[arb'U]");
  });

  it('refuses parts that do not belong together', () => {
    const cases: [string, unknown][] = [
      ['entry[0].resource.usedReference[0].reference', 'Device/product'],
      ['entry[1].resource.identifier[0].value', 'https://id.gs1.org/01/1/21/A1'],
      ['entry[2].resource.status', 'in-progress'],
      ['entry[2].resource.dosage.dose.unit', 'drops'],
      ['entry[3].resource.effectiveDateTime', '2026-11-25T08:00:00.000Z'],
      ['entry[3].resource.performer', [{ actor: { display: '别人' } }]],
      ['entry[3].resource.medicationReference.reference', 'Medication/other'],
    ];
    for (const [path, value] of cases)
      expect([path, refusal(() => readRecord(altered(record, path, value)))]).toMatchObject([
        path,
        { code: 'RECORD_INVALID', params: { path } },
      ]);
    const swapped = {
      ...record,
      entry: [record.entry[0], record.entry[1], record.entry[3], record.entry[2]],
    };
    expect(refusal(() => readRecord(swapped)).code).toBe('RECORD_INVALID');
    const alone = { ...record, entry: record.entry.slice(0, 2) };
    expect(refusal(() => readRecord(alone)).code).toBe('RECORD_INVALID');
  });
});

describe('the commitment', () => {
  const salt = new Uint8Array(32).fill(1);
  const record = treatmentRecord(input);

  it('is another for another salt and for any other amount', () => {
    const first = toHex(recordCommitment(salt, record));
    expect(toHex(recordCommitment(new Uint8Array(32).fill(2), record))).not.toBe(first);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (amount) => {
        fc.pre(amount !== 500);
        const other = treatmentRecord({
          ...input,
          zones: [{ zone: 'nasolabial-left', amount }, input.zones[1]!],
        });
        expect(toHex(recordCommitment(salt, other))).not.toBe(first);
      }),
    );
    expect(toHex(recordCommitment(salt, readRecord(JSON.parse(JSON.stringify(record)))))).toBe(first);
  });

  it('needs a salt that cannot be guessed', () => {
    expect(() => recordCommitment(new Uint8Array(15), record)).toThrow('COMMITMENT_SALT_SHORT');
  });
});
