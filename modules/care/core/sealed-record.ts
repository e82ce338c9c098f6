/**
 * A procedure record that is only ever added to. Each version is a document that two sides keep; what the log keeps of
 * it is a salted commitment, what the server keeps is a signed statement about a box that it cannot open. The clinic's
 * device signs the statement, the patient's key of the visit acknowledges it.
 */
import { p256 } from '@noble/curves/nist.js';
import {
  AppError,
  canonicalJson,
  commit,
  concat,
  derive,
  fromHex,
  type Hex,
  type Json,
  keccak256,
  sha256,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { LogProof } from './receipt.ts';
import './record-errors.ts';
import { Address, addressThatSigned, Bytes32, FIRST, signDigest } from './steps.ts';

export const MOST_VERSIONS = 50;
/** Bytes of one encrypted document. */
export const LARGEST_BOX = 120_000;
const Signature = z.string().regex(/^0x(?:[0-9a-f]{2}){64,65}$/) as z.ZodType<Hex>;

export const RecordStatement = z.strictObject({
  type: z.literal('zhenmei/record/1'),
  visit: z.uuid(),
  /** From 1. */
  version: z.int().min(1).max(MOST_VERSIONS),
  /** Hash of the statement before; zeros for the first. */
  previous: Bytes32,
  /** Salted commitment of the document: what the log keeps. */
  commitment: Bytes32,
  /** SHA-256 of the encrypted document. */
  box: Bytes32,
  at: z.iso.datetime(),
});
export type RecordStatement = z.infer<typeof RecordStatement>;

export const Acknowledgement = z.strictObject({ at: z.iso.datetime(), signature: Signature });
export type Acknowledgement = z.infer<typeof Acknowledgement>;

export const statementHash = (statement: RecordStatement): Hex =>
  toHex0x(sha256(utf8(canonicalJson(statement))));

/** What the clinic's device signs (ES256). */
export const statementMessage = (statement: RecordStatement): Uint8Array<ArrayBuffer> =>
  utf8(`zhenmei/record-statement/1\n${canonicalJson(statement)}`);

/** What the patient's key of the visit signs. */
const acknowledged = (statement: RecordStatement, at: string): Uint8Array<ArrayBuffer> =>
  keccak256(concat(utf8('zhenmei/record-acknowledgement/1\n'), fromHex(statementHash(statement)), utf8(at)));

export const acknowledge = (
  statement: RecordStatement,
  at: string,
  privateKey: Uint8Array,
): Acknowledgement => ({ at, signature: signDigest(acknowledged(statement, at), privateKey) });

/** Salt of the commitment and key of the box of one version, from the secret that both sides share. */
export const recordSecrets = (visitSecret: Uint8Array, version: number) => ({
  salt: derive(visitSecret, `zhenmei/visit/record/${version}/salt`),
  key: derive(visitSecret, `zhenmei/visit/record/${version}/key`),
});

export const contentCommitment = (salt: Uint8Array, content: Json): Hex => toHex0x(commit(salt, content));

/** Throws RECORD_SIGNATURE_WRONG. @param publicKey uncompressed P-256 point */
export function assertStated(statement: RecordStatement, signature: Hex, publicKey: Hex): void {
  let valid = false;
  try {
    valid = p256.verify(fromHex(signature), statementMessage(statement), fromHex(publicKey), {
      prehash: true,
      lowS: false,
    });
  } catch (cause) {
    throw new AppError('RECORD_SIGNATURE_WRONG', {}, { cause });
  }
  if (!valid) throw new AppError('RECORD_SIGNATURE_WRONG');
}

/** Throws RECORD_SIGNATURE_WRONG. */
export function assertAcknowledged(
  statement: RecordStatement,
  { at, signature }: Acknowledgement,
  patient: Hex,
): void {
  if (addressThatSigned(acknowledged(statement, at), signature) !== patient)
    throw new AppError('RECORD_SIGNATURE_WRONG');
}

/** Throws RECORD_VERSION_WRONG unless it comes right after `last`; RECORD_FULL. */
export function assertNext(statement: RecordStatement, last: RecordStatement | null): void {
  if (last && last.version >= MOST_VERSIONS) throw new AppError('RECORD_FULL', { most: MOST_VERSIONS });
  if (
    statement.version !== (last?.version ?? 0) + 1 ||
    statement.previous !== (last ? statementHash(last) : FIRST)
  )
    throw new AppError('RECORD_VERSION_WRONG');
}

export const RECORD_TYPE = 'application/vnd.zhenmei.record+json';

export const SealedVersion = z.strictObject({
  content: z.json(),
  salt: Bytes32,
  statement: RecordStatement,
  signature: Signature,
  acknowledgement: Acknowledgement.nullable(),
  /** Null while the log has not published it yet. */
  proof: LogProof.nullable(),
});

/** The whole record as one file that needs nobody else to be checked but a trust file. */
export const SealedRecord = z
  .strictObject({
    type: z.literal(RECORD_TYPE),
    version: z.literal(1),
    visit: z.uuid(),
    /** The clinic device's key: the one to which the visit's licences are bound. */
    clinicKey: z.string().regex(/^0x04[0-9a-f]{128}$/) as z.ZodType<Hex>,
    patient: Address,
    versions: z.array(SealedVersion).min(1).max(MOST_VERSIONS),
  })
  .meta({ phi: true });
export type SealedRecord = z.infer<typeof SealedRecord>;

/** Everything that can be checked without the log. Throws RECORD_CHANGED with the version and what is not right. */
export function assertUnchanged(record: SealedRecord): void {
  let last: RecordStatement | null = null;
  for (const [i, { content, salt, statement, signature, acknowledgement }] of record.versions.entries()) {
    const wrong = (what: string, cause?: unknown): never => {
      throw new AppError('RECORD_CHANGED', { version: i + 1, what }, { cause });
    };
    if (statement.visit !== record.visit) wrong('visit');
    if (contentCommitment(fromHex(salt), content) !== statement.commitment) wrong('content');
    try {
      assertNext(statement, last);
    } catch (cause) {
      wrong('order', cause);
    }
    try {
      assertStated(statement, signature, record.clinicKey);
    } catch (cause) {
      wrong('clinic', cause);
    }
    try {
      if (acknowledgement) assertAcknowledged(statement, acknowledgement, record.patient);
    } catch (cause) {
      wrong('patient', cause);
    }
    last = statement;
  }
}

/** True if `newer` only adds: every version of `kept` is in it, as it was. */
export function extendsRecord(kept: SealedRecord, newer: SealedRecord): boolean {
  return (
    kept.visit === newer.visit &&
    kept.clinicKey === newer.clinicKey &&
    kept.patient === newer.patient &&
    kept.versions.every((version, i) => {
      const other = newer.versions[i];
      return (
        other !== undefined &&
        statementHash(other.statement) === statementHash(version.statement) &&
        canonicalJson(other.content) === canonicalJson(version.content) &&
        (version.acknowledgement === null || other.acknowledgement !== null)
      );
    })
  );
}
