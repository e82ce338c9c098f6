/** What proves a visit, kept in the vault so that it outlives the installation: its sealed record and its receipt. */

import { RECEIPT_TYPE } from '@zhenmei/care/core/receipt.ts';
import { extendsRecord, RECORD_TYPE, SealedRecord } from '@zhenmei/care/core/sealed-record.ts';
import { AppError, canonicalJson, fromUtf8, strictJson, utf8 } from '@zhenmei/kernel';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import '@zhenmei/vault/core/import/errors.ts';
import { type PatientIo, readVisit, visitSecret } from '../patient.ts';
import { buildReceipt } from '../receipt.ts';
import { patientRecord } from '../records/read-record.ts';
import type { Bytes } from './io.ts';
import type { NewItem, Vault } from './vault.ts';
import { type VisitNote, visitOf } from './visits.ts';

/** How something new is kept, for whoever may already see its compartment too. */
export type Keep = (
  facts: NewItem,
  content: Bytes,
  known?: Item,
  sent?: (done: number, of: number) => void,
) => Promise<Item>;

const itemOf = (vault: Vault, source: string) => vault.contents.items.find((item) => item.source === source);
export const recordSource = (visit: string): string => `record:${visit}`;
const proofSource = (visit: string) => `proofs:${visit}`;

export async function readSealed(vault: Vault, item: Item): Promise<SealedRecord> {
  return SealedRecord.parse(JSON.parse(JSON.stringify(strictJson(fromUtf8(await vault.read(item)), 44))));
}

/**
 * Keeps what is new of one visit. Throws RECORD_CHANGED if the server's record is not what was signed, and
 * RECORD_REWRITTEN if it does not continue the one that is kept here.
 */
export async function keepProofs(
  vault: Vault,
  io: PatientIo,
  note: VisitNote,
  title: string,
  keep: Keep = (facts, content, known) => vault.put(facts, content, known),
): Promise<void> {
  const visit = visitOf(vault, note.id);
  if (!visit) return;
  const view = await readVisit(io, visit);
  if (!view.sealedSecret) return;
  await keepRecord(vault, await patientRecord(io, visit, await visitSecret(visit, view)), note, title, keep);
  if (!view.receiptReady || itemOf(vault, proofSource(note.id))) return;
  const { text } = await buildReceipt(io, visit, view);
  const facts = {
    compartment: 'identity',
    kind: 'visit-receipt',
    title,
    at: note.at,
    mime: RECEIPT_TYPE,
  } as const;
  await keep({ ...facts, source: proofSource(note.id) }, utf8(text));
}

async function keepRecord(
  vault: Vault,
  record: SealedRecord | null,
  note: VisitNote,
  title: string,
  keep: Keep,
): Promise<void> {
  const source = recordSource(note.id);
  const known = itemOf(vault, source);
  if (!record) {
    if (known) throw new AppError('RECORD_REWRITTEN');
    return;
  }
  const text = canonicalJson(record);
  if (known) {
    const kept = await readSealed(vault, known);
    if (!extendsRecord(kept, record)) throw new AppError('RECORD_REWRITTEN');
    // a proof against a newer checkpoint says nothing new
    const said = ({ versions, ...rest }: SealedRecord) =>
      canonicalJson({
        ...rest,
        versions: versions.map(({ proof, ...v }) => ({ ...v, proven: proof !== null })),
      });
    if (said(kept) === said(record)) return;
  }
  const { at } = record.versions[0]!.statement;
  const facts = { compartment: 'treatments', kind: 'sealed-record', title, at, mime: RECORD_TYPE } as const;
  await keep({ ...facts, source }, utf8(text), known);
}
