/** What one version of a sealed record says: the treatment, who wrote it when, and for an amendment why. */
import { AppError } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';
import { type AnyRecord, readRecord, summariseRecord } from './record.ts';
import { issueText } from './record-issue.ts';

export const RECORD_SCHEMA = 'https://zhenmei.example/record/v1';
const Text = (max: number) => z.string().trim().min(1).max(max);

const RecordDocument = z
  .strictObject({
    schema: z.literal(RECORD_SCHEMA),
    visit: z.uuid(),
    version: z.int().min(1).max(50),
    at: z.iso.datetime(),
    author: z.strictObject({ name: Text(100), licence: Text(100).optional() }),
    /** Null for the first version; an amendment says why it was made. */
    reason: Text(500).nullable(),
    record: z.unknown(),
  })
  .refine(({ version, reason }) => (version === 1) === (reason === null), {
    path: ['reason'],
    message: 'the first version has none, an amendment needs one',
  })
  .meta({ phi: true });
export type RecordDocument = Omit<z.infer<typeof RecordDocument>, 'record'> & {
  readonly record: AnyRecord;
};

/** Throws RECORD_INVALID with the path. */
export function readRecordDocument(value: unknown): RecordDocument {
  const parsed = RecordDocument.safeParse(value);
  if (!parsed.success) throw new AppError('RECORD_INVALID', issueText(parsed.error));
  return { ...parsed.data, record: readRecord(parsed.data.record) };
}

export type ChangedField = 'at' | 'procedure' | 'doctor' | 'product' | 'lot' | 'expires' | 'note' | 'amount';

export interface RecordChange {
  readonly field: ChangedField;
  /** Which place, for an amount. */
  readonly zone: string | null;
  /** Null where there was nothing, or is nothing any more. */
  readonly before: string | { readonly amount: number; readonly unit: string } | null;
  readonly after: string | { readonly amount: number; readonly unit: string } | null;
}

/** What a reader would see differently, field by field; nothing if both say the same. */
export function recordChanges(before: AnyRecord, after: AnyRecord): readonly RecordChange[] {
  const [a, b] = [summariseRecord(before), summariseRecord(after)];
  const texts: readonly (readonly [ChangedField, string | null, string | null])[] = [
    ['at', a.at, b.at],
    ['procedure', a.procedure, b.procedure],
    ['doctor', a.doctor, b.doctor],
    ['product', a.product.name, b.product.name],
    ['lot', a.product.lot, b.product.lot],
    ['expires', a.product.expires, b.product.expires],
    ['note', a.note, b.note],
  ];
  const zones = [...new Set([...a.amounts, ...b.amounts].map(({ zone }) => zone))];
  const amountIn = (list: typeof a.amounts, zone: string) => {
    const found = list.find((one) => one.zone === zone);
    return found ? { amount: found.amount, unit: found.unit } : null;
  };
  return [
    ...texts.flatMap(([field, was, is]) =>
      was === is ? [] : [{ field, zone: null, before: was, after: is }],
    ),
    ...zones.flatMap((zone) => {
      const [was, is] = [amountIn(a.amounts, zone), amountIn(b.amounts, zone)];
      const same = was?.amount === is?.amount && was?.unit === is?.unit;
      return same ? [] : [{ field: 'amount' as const, zone, before: was, after: is }];
    }),
  ];
}
