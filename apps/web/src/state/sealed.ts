/** The sealed record of a visit as this device reads it: opened, checked, looked for in the log. */
import { SealedRecord } from '@zhenmei/care/core/sealed-record.ts';
import { recordApi } from '@zhenmei/care/record-api.ts';
import { type Clinic, visitSecretOf } from '@zhenmei/client/clinic.ts';
import { type PatientVisit, readVisit, visitSecret } from '@zhenmei/client/patient.ts';
import { openRecord } from '@zhenmei/client/records/read-record.ts';
import { keepProofs, recordSource } from '@zhenmei/client/vault/proofs.ts';
import { knownTrust } from '@zhenmei/client/vault/trust.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, utf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { type RecordVerdict, verifyRecord } from '@zhenmei/verifier/verify-record.ts';
import { say } from '../shell/words.ts';
import { deskApi } from './apis.ts';
import { io } from './vault.ts';
import { keep } from './vault-things.ts';

/**
 * The patient's: what the server has must continue what the vault keeps, which then keeps it too.
 * Null if nothing is sealed yet. Throws RECORD_CHANGED, RECORD_REWRITTEN, TRUST_CHANGED.
 */
export async function mySealed(vault: Vault, visit: PatientVisit): Promise<RecordVerdict | null> {
  const note = vault.visits.find(({ id }) => id === visit.id);
  if (!note) return null;
  await keepProofs(vault, io, note, say(note.service), (facts, bytes, known) =>
    keep(vault, facts, bytes, known),
  );
  const item = vault.contents.items.find(({ source }) => source === recordSource(visit.id));
  return item ? verifyRecord(await vault.read(item), await knownTrust(vault)) : null;
}

/** The clinic's, by the visit's secret of this device. Null if nothing is sealed yet. Throws RECORD_CHANGED. */
export async function deskSealed(clinic: Clinic, id: string): Promise<RecordVerdict | null> {
  const view = await deskApi.call(recordApi.readRecord, { params: { id } });
  const record = await openRecord(deskApi, id, visitSecretOf(clinic, id), view);
  if (!record) return null;
  const trust = parseTrustFile(canonicalJson(await deskApi.call(houseApi.readTrust)));
  return verifyRecord(utf8(canonicalJson(SealedRecord.parse(record))), trust);
}

/** What the clinic proposes to seal, opened on the phone before it confirms. */
export async function proposedOf(visit: PatientVisit, proposed: unknown) {
  const { proposedRecord } = await import('@zhenmei/client/records/read-record.ts');
  const { readRecordDocument } = await import('@zhenmei/vault/core/record-document.ts');
  const view = await readVisit(io, visit);
  const secret = await visitSecret(visit, view);
  return readRecordDocument(await proposedRecord(visit.id, secret, proposed as never));
}
