/** Both sides read a record: every version is opened, compared with what was signed, and looked for in the log. */

import { sealLeafText } from '@zhenmei/care/core/receipt.ts';
import {
  acknowledge,
  assertUnchanged,
  contentCommitment,
  RECORD_TYPE,
  type RecordStatement,
  recordSecrets,
  SealedRecord,
} from '@zhenmei/care/core/sealed-record.ts';
import { type RecordView, recordApi } from '@zhenmei/care/record-api.ts';
import {
  AppError,
  concat,
  fromBase64Url,
  fromUtf8,
  type Json,
  noneFor,
  strictJson,
  toHex,
  toHex0x,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { tlogApi } from '@zhenmei/tlog/api.ts';
import { leafHash } from '@zhenmei/tlog/core/hash.ts';
import { agreementKey, readSecret } from '@zhenmei/vault/core/derive.ts';
import { openBox } from '@zhenmei/vault/core/secret-box.ts';
import type { Api } from '../api.ts';

/** A visit as the patient's device holds it: all its keys follow. */
interface OwnVisit {
  readonly id: string;
  readonly index: number;
  readonly root: Uint8Array<ArrayBuffer>;
}
interface OwnIo {
  readonly api: Api;
  now(): number;
}

export const boxPurpose = (visit: string, version: number): string => `record/${visit}/${version}`;

/**
 * The record with its documents, checked against every signature and commitment; null if nothing was sealed yet.
 * Throws RECORD_CHANGED with the version if the server gives anything but what was sealed.
 */
export async function openRecord(
  api: Api,
  visit: string,
  secret: Uint8Array,
  view: RecordView,
): Promise<SealedRecord | null> {
  if (view.versions.length === 0 || !view.clinicKey) return null;
  const versions = await Promise.all(
    view.versions.map(async ({ statement, signature, box, acknowledgement }, i) => {
      const { salt, key } = recordSecrets(secret, i + 1);
      const content = await opened(key, box, visit, i + 1);
      const proof = await proofOf(api, statement.commitment);
      return { content, salt: toHex0x(salt), statement, signature, acknowledgement, proof };
    }),
  );
  const { clinicKey, patient } = view;
  const record = SealedRecord.safeParse({
    type: RECORD_TYPE,
    version: 1,
    visit,
    clinicKey,
    patient,
    versions,
  });
  if (!record.success)
    throw new AppError('RECORD_CHANGED', { version: 1, what: 'form' }, { cause: record.error });
  assertUnchanged(record.data);
  return record.data;
}

async function opened(
  key: Uint8Array<ArrayBuffer>,
  box: string,
  visit: string,
  version: number,
): Promise<Json> {
  try {
    return JSON.parse(
      JSON.stringify(
        strictJson(fromUtf8(await openBox(key, fromBase64Url(box), boxPurpose(visit, version)))),
      ),
    ) as Json;
  } catch (cause) {
    throw new AppError('RECORD_CHANGED', { version, what: 'box' }, { cause });
  }
}

/** Where the log has the commitment; null until it is published. */
async function proofOf(api: Api, commitment: `0x${string}`) {
  const leaf = concat(Uint8Array.of(0x02), utf8(sealLeafText(commitment)));
  return api
    .call(tlogApi.proof, { query: { leafHash: toHex(leafHash(leaf)) } })
    .catch(noneFor('TLOG_NOT_FOUND', 'TLOG_NOT_PUBLISHED'));
}

/** Throws what `openRecord` throws, and VISIT_UNKNOWN. */
export async function patientRecord(
  io: OwnIo,
  visit: OwnVisit,
  secret: Uint8Array,
): Promise<SealedRecord | null> {
  const view = await io.api.call(recordApi.readRecord, {
    params: { id: visit.id },
    bearer: readSecret(visit.root, visit.index).token,
  });
  return openRecord(io.api, visit.id, secret, view);
}

/** Says, with the key of this visit, that the person has read this version. */
export async function acknowledgeVersion(
  io: OwnIo,
  visit: OwnVisit,
  record: SealedRecord,
  version: number,
): Promise<RecordView> {
  const { statement } = record.versions[version - 1]!;
  const { privateKey } = agreementKey(visit.root, visit.index);
  return io.api.call(recordApi.acknowledge, {
    params: { id: visit.id, version },
    bearer: readSecret(visit.root, visit.index).token,
    body: acknowledge(statement, toIso(io.now()), privateKey),
  });
}

/**
 * What the clinic proposes to seal, before the phone confirms the treatment.
 * Throws RECORD_CHANGED if the document is not the one that is committed to.
 */
export async function proposedRecord(
  visit: string,
  secret: Uint8Array,
  proposed: { readonly statement: RecordStatement; readonly box: string },
): Promise<Json> {
  // a later session of a course goes on with the record
  const { version } = proposed.statement;
  const { salt, key } = recordSecrets(secret, version);
  const content = await opened(key, proposed.box, visit, version);
  if (contentCommitment(salt, content) !== proposed.statement.commitment)
    throw new AppError('RECORD_CHANGED', { version, what: 'content' });
  return content;
}
