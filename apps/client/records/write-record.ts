/** The clinic's device writes a record: its first version with the treatment, amendments later. */
import type { VisitView } from '@zhenmei/care/api.ts';
import {
  contentCommitment,
  type RecordStatement,
  recordSecrets,
  statementHash,
  statementMessage,
} from '@zhenmei/care/core/sealed-record.ts';
import { FIRST } from '@zhenmei/care/core/steps.ts';
import { type NewVersion, type RecordView, recordApi } from '@zhenmei/care/record-api.ts';
import { canonicalJson, type Json, sha256, toBase64Url, toHex0x, toIso, utf8 } from '@zhenmei/kernel';
import type { AnyRecord, TreatmentInput } from '@zhenmei/vault/core/record.ts';
import { drugRecord, summariseRecord, treatmentRecord } from '@zhenmei/vault/core/record.ts';
import {
  RECORD_SCHEMA,
  type RecordDocument,
  readRecordDocument,
} from '@zhenmei/vault/core/record-document.ts';
import { sealBox } from '@zhenmei/vault/core/secret-box.ts';
import type { Desk } from '../desk.ts';
import { boxPurpose } from './read-record.ts';

/** The device that writes. */
export interface Writer {
  readonly desk: Pick<Desk, 'api' | 'device'>;
  now(): number;
  random(length: number): Uint8Array<ArrayBuffer>;
}

/** What is dosed in units of activity is a drug; everything else we use on people is a device. */
export const writtenRecord = (input: TreatmentInput): AnyRecord =>
  input.amountUnit === 'U' ? drugRecord(input) : treatmentRecord(input);

export interface VersionInput {
  readonly visit: string;
  readonly secret: Uint8Array;
  readonly previous: RecordStatement | null;
  readonly author: RecordDocument['author'];
  readonly reason: string | null;
  readonly record: AnyRecord;
}

/** Encrypts, commits to and signs one version. Throws RECORD_INVALID. */
export async function makeVersion(clinic: Writer, input: VersionInput): Promise<NewVersion> {
  const version = (input.previous?.version ?? 0) + 1;
  const at = toIso(clinic.now());
  const { visit, author, reason, record } = input;
  const document = readRecordDocument({ schema: RECORD_SCHEMA, visit, version, at, author, reason, record });
  const { salt, key } = recordSecrets(input.secret, version);
  const text = canonicalJson(document);
  const box = await sealBox(key, clinic.random(12), utf8(text), boxPurpose(visit, version));
  const statement: RecordStatement = {
    type: 'zhenmei/record/1',
    visit,
    version,
    previous: input.previous ? statementHash(input.previous) : FIRST,
    commitment: contentCommitment(salt, JSON.parse(text) as Json),
    box: toHex0x(sha256(box)),
    at,
  };
  const signature = toHex0x(await clinic.desk.device.sign(statementMessage(statement)));
  return { statement, signature, box: toBase64Url(box) };
}

/** What can be said anew in an amendment. */
export interface Amendment {
  readonly author: RecordDocument['author'];
  readonly reason: string;
  readonly note: string;
  /** By place; a place that is not named keeps its amount. */
  readonly amounts: Readonly<Record<string, number>>;
}

/** The record with other words and amounts; everything else stays as the last version has it. */
export function amended(last: AnyRecord, { note, amounts }: Pick<Amendment, 'note' | 'amounts'>): AnyRecord {
  const { procedure } = { procedure: last.entry[0].resource };
  const used = last.entry[1].resource;
  const summary = summariseRecord(last);
  const { identifier, display } = procedure.performer[0].actor;
  const product =
    used.resourceType === 'Device'
      ? { gtin: used.udiCarrier[0].deviceIdentifier, serial: used.serialNumber }
      : unitOf(used.identifier[0].value);
  return writtenRecord({
    at: procedure.performedDateTime,
    procedure: { code: procedure.code.coding[0].code, name: procedure.code.coding[0].display },
    doctor: display,
    ...(identifier ? { doctorLicence: identifier.value } : {}),
    zones: summary.amounts.map(({ zone, amount }) => ({ zone, amount: amounts[zone] ?? amount })),
    amountUnit: summary.amounts[0]!.unit,
    product: {
      ...product,
      lot: summary.product.lot,
      name: summary.product.name,
      ...(summary.product.expires ? { expires: summary.product.expires } : {}),
    },
    ...(note.trim() ? { note: note.trim() } : {}),
  });
}

function unitOf(link: string): { gtin: string; serial: string } {
  const [, gtin, serial] = /\/01\/(\d{14})\/21\/([^/?#]+)$/.exec(link)!;
  return { gtin: gtin!, serial: decodeURIComponent(serial!) };
}

/** Adds a version on top of the last. Throws ApiError with the codes of the route. */
export async function amendRecord(
  clinic: Writer,
  view: VisitView,
  last: { readonly statement: RecordStatement; readonly document: RecordDocument },
  secret: Uint8Array,
  amendment: Amendment,
): Promise<RecordView> {
  const body = await makeVersion(clinic, {
    visit: view.id,
    secret,
    previous: last.statement,
    author: amendment.author,
    reason: amendment.reason,
    record: amended(last.document.record, amendment),
  });
  return clinic.desk.api.call(recordApi.addVersion, {
    params: { id: view.id },
    body,
    key: `record-${statementHash(body.statement).slice(2, 42)}`,
  });
}
