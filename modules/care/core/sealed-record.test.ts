/** Statements about versions: who signed them, in which order, and that nothing about them can be another. */
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { type AppError, canonicalJson, type Hex, type Json, toHex0x, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acknowledge,
  assertAcknowledged,
  assertNext,
  assertStated,
  assertUnchanged,
  contentCommitment,
  extendsRecord,
  MOST_VERSIONS,
  RECORD_TYPE,
  type RecordStatement,
  recordSecrets,
  SealedRecord,
  statementHash,
  statementMessage,
} from './sealed-record.ts';
import { addressOf, FIRST } from './steps.ts';

const VISIT = '0198f0a0-0000-7000-8000-000000000001';
const SECRET = new Uint8Array(32).fill(5);
const clinic = new Uint8Array(32).fill(7);
const patient = new Uint8Array(32).fill(9);
const clinicKey = toHex0x(p256.getPublicKey(clinic, false));
const address = addressOf(secp256k1.getPublicKey(patient, false));
const at = '2026-11-20T09:00:00.000Z';
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (e) {
    return (e as AppError).code;
  }
};

function stated(content: Json, previous: RecordStatement | null): SealedRecord['versions'][number] {
  const version = (previous?.version ?? 0) + 1;
  const { salt } = recordSecrets(SECRET, version);
  const statement: RecordStatement = {
    type: 'zhenmei/record/1',
    visit: VISIT,
    version,
    previous: previous ? statementHash(previous) : FIRST,
    commitment: contentCommitment(salt, content),
    box: `0x${'a'.repeat(64)}`,
    at,
  };
  return {
    content,
    salt: toHex0x(salt),
    statement,
    signature: toHex0x(p256.sign(statementMessage(statement), clinic, { prehash: true })),
    acknowledgement: acknowledge(statement, at, patient),
    proof: null,
  };
}
const first = stated({ note: 'one' }, null);
const second = stated({ note: 'two' }, first.statement);
const record: SealedRecord = SealedRecord.parse({
  type: RECORD_TYPE,
  version: 1,
  visit: VISIT,
  clinicKey,
  patient: address,
  versions: [first, second],
});
const copy = (): SealedRecord => JSON.parse(canonicalJson(record)) as SealedRecord;

describe('a statement', () => {
  it('is signed by the clinic’s device and acknowledged by the visit’s key', () => {
    assertStated(first.statement, first.signature, clinicKey);
    assertAcknowledged(first.statement, first.acknowledgement!, address);
  });
  it.each([
    ['another statement', () => assertStated(second.statement, first.signature, clinicKey)],
    [
      'another key',
      () => assertStated(first.statement, first.signature, toHex0x(p256.getPublicKey(patient, false))),
    ],
    ['no signature', () => assertStated(first.statement, `0x${'0'.repeat(128)}`, clinicKey)],
    ['no key', () => assertStated(first.statement, first.signature, '0x04')],
    [
      'a signature as a step’s',
      () => assertStated({ ...first.statement, at: '2026-11-21T00:00:00.000Z' }, first.signature, clinicKey),
    ],
    ['another acknowledgement', () => assertAcknowledged(second.statement, first.acknowledgement!, address)],
    [
      'another time',
      () =>
        assertAcknowledged(
          first.statement,
          { ...first.acknowledgement!, at: '2026-11-21T09:00:00.000Z' },
          address,
        ),
    ],
    [
      'another patient',
      () => assertAcknowledged(first.statement, first.acknowledgement!, `0x${'1'.repeat(40)}`),
    ],
    [
      'a signature that is too short',
      () => assertAcknowledged(first.statement, { at, signature: `0x${'1'.repeat(128)}` }, address),
    ],
  ])('with %s is refused', (_, work) => {
    expect(codeOf(work)).toBe('RECORD_SIGNATURE_WRONG');
  });
  it('comes right after the one before, and at most fifty times', () => {
    assertNext(first.statement, null);
    assertNext(second.statement, first.statement);
    for (const [statement, last] of [
      [second.statement, null],
      [first.statement, first.statement],
      [{ ...second.statement, previous: FIRST as Hex }, first.statement],
    ] as const)
      expect(codeOf(() => assertNext(statement, last))).toBe('RECORD_VERSION_WRONG');
    const full = { ...first.statement, version: MOST_VERSIONS };
    expect(codeOf(() => assertNext(second.statement, full))).toBe('RECORD_FULL');
  });
  it('has a salt and a key of its own in each version', () => {
    const all = Array.from({ length: 5 }, (_, i) => recordSecrets(SECRET, i + 1)).flatMap(({ salt, key }) => [
      toHex0x(salt),
      toHex0x(key),
    ]);
    expect(new Set(all).size).toBe(10);
  });
});

describe('a record', () => {
  it('stands as it is', () => {
    expect(codeOf(() => assertUnchanged(record))).toBe('done');
  });
  it('is found out at any changed character', () => {
    const text = canonicalJson(record);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 20 }), (place, step) => {
        const code = text.charCodeAt(place);
        const next = String.fromCharCode(33 + ((code - 33 + step + 94) % 94));
        fc.pre(next !== text[place]);
        let parsed: SealedRecord;
        try {
          parsed = SealedRecord.parse(JSON.parse(text.slice(0, place) + next + text.slice(place + 1)));
        } catch {
          return;
        }
        fc.pre(canonicalJson(parsed) !== text);
        expect(codeOf(() => assertUnchanged(parsed))).toBe('RECORD_CHANGED');
      }),
      { numRuns: 300 },
    );
  });
  it('is continued only by one that has every version as it was', () => {
    const shorter = { ...copy(), versions: [first] };
    expect(extendsRecord(shorter, record)).toBe(true);
    expect(extendsRecord(record, shorter)).toBe(false);
    expect(extendsRecord(record, record)).toBe(true);
    const unread = { ...copy(), versions: [first, { ...second, acknowledgement: null }] };
    expect(extendsRecord(unread, record)).toBe(true);
    expect(extendsRecord(record, unread)).toBe(false);
    const other = stated({ note: 'three' }, first.statement);
    expect(extendsRecord(record, { ...copy(), versions: [first, other] })).toBe(false);
    expect(extendsRecord(record, { ...copy(), patient: `0x${'1'.repeat(40)}` as Hex })).toBe(false);
    expect(utf8(canonicalJson(record)).length).toBeLessThan(5_000);
  });
});
