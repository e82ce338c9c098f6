import { describe, expect, it } from 'vitest';
import { treatmentRecord } from './record.ts';
import { RECORD_SCHEMA, readRecordDocument, recordChanges } from './record-document.ts';

const record = (more: object = {}, zones = [{ zone: 'chin', amount: 1_000 }]) =>
  treatmentRecord({
    at: '2026-11-20T02:00:00.000Z',
    procedure: { code: 'filler', name: '玻尿酸' },
    doctor: '林静',
    zones,
    amountUnit: 'uL',
    product: { gtin: '09521234100010', serial: 'S1', lot: 'L1', name: 'filler' },
    ...more,
  });
const document = (more: object = {}) => ({
  schema: RECORD_SCHEMA,
  visit: '0198f0a0-0000-7000-8000-000000000001',
  version: 1,
  at: '2026-11-20T02:00:00.000Z',
  author: { name: '林静' },
  reason: null,
  record: record(),
  ...more,
});

describe('a version of a record', () => {
  it('is read', () => {
    expect(readRecordDocument(document()).author.name).toBe('林静');
    expect(readRecordDocument(document({ version: 2, reason: '写错了' })).reason).toBe('写错了');
  });
  it.each([
    ['an amendment without a reason', { version: 2 }],
    ['a first version with a reason', { reason: 'why' }],
    ['an empty reason', { version: 2, reason: '  ' }],
    ['nobody as author', { author: { name: '' } }],
    ['another schema', { schema: 'x' }],
    ['no record', { record: {} }],
    ['a version beyond the most', { version: 51, reason: 'x' }],
    ['an unknown field', { mood: 'good' }],
  ])('with %s is refused', (_, more) => {
    expect(() => readRecordDocument(document(more))).toThrow('RECORD_INVALID');
  });
});

describe('what changed', () => {
  it('is nothing between the same', () => {
    expect(recordChanges(record(), record())).toEqual([]);
  });
  it('is named field by field, amounts by place', () => {
    const after = record(
      {
        doctor: '周洁',
        note: 'n',
        product: { gtin: '09521234100010', serial: 'S1', lot: 'L2', name: 'filler' },
      },
      [
        { zone: 'chin', amount: 800 },
        { zone: 'nose', amount: 200 },
      ],
    );
    expect(recordChanges(record(), after)).toEqual([
      { field: 'doctor', zone: null, before: '林静', after: '周洁' },
      { field: 'lot', zone: null, before: 'L1', after: 'L2' },
      { field: 'note', zone: null, before: null, after: 'n' },
      {
        field: 'amount',
        zone: 'chin',
        before: { amount: 1_000, unit: 'uL' },
        after: { amount: 800, unit: 'uL' },
      },
      { field: 'amount', zone: 'nose', before: null, after: { amount: 200, unit: 'uL' } },
    ]);
  });
});
