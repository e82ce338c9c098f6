/** The HTTP contract of sealed records: versions are added and acknowledged, never changed. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Acknowledgement, LARGEST_BOX, MOST_VERSIONS, RecordStatement } from './core/sealed-record.ts';
import { Address } from './core/steps.ts';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Box = z.base64url().max(Math.ceil((LARGEST_BOX * 4) / 3));
const Id = z.object({ id: z.uuid() });

/** A version as the clinic's device hands it in. */
export const NewVersion = z.strictObject({ statement: RecordStatement, signature: Hex, box: Box });
export type NewVersion = z.infer<typeof NewVersion>;

export const RecordView = z.object({
  /** The clinic device's key, as an uncompressed P-256 point; null before the offer. */
  clinicKey: Hex.nullable(),
  patient: Address,
  versions: z
    .array(
      z.object({
        statement: RecordStatement,
        signature: Hex,
        /** Encrypted under a key that only the visit's two sides know. */
        box: Box,
        acknowledgement: Acknowledgement.nullable(),
      }),
    )
    .max(MOST_VERSIONS),
});
export type RecordView = z.infer<typeof RecordView>;

export const recordApi = {
  readRecord: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/record',
    summary: { zh: '查看封存的记录（密文）', en: 'Read the sealed record (ciphertext)' },
    auth: 'public',
    params: Id,
    response: { 200: RecordView },
    errors: ['VISIT_UNKNOWN'],
  }),
  addVersion: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/record',
    summary: { zh: '补充一版记录', en: 'Add a version to the record' },
    auth: 'desk',
    params: Id,
    body: NewVersion,
    response: { 200: RecordView },
    errors: [
      'VISIT_UNKNOWN',
      'RECORD_NOT_YET',
      'RECORD_VERSION_WRONG',
      'RECORD_FULL',
      'RECORD_SIGNATURE_WRONG',
    ],
    perMinute: 20,
  }),
  acknowledge: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/record/:version/acknowledgement',
    summary: { zh: '患者确认看过这一版', en: 'The patient has read this version' },
    auth: 'public',
    params: z.object({ id: z.uuid(), version: z.coerce.number().int().min(1).max(MOST_VERSIONS) }),
    body: Acknowledgement,
    response: { 200: RecordView },
    errors: ['VISIT_UNKNOWN', 'RECORD_VERSION_UNKNOWN', 'RECORD_SIGNATURE_WRONG'],
  }),
};
export type RecordApi = typeof recordApi;
