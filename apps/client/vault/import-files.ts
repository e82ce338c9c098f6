/** Files of this device on their way into the vault: looked at first, kept afterwards, taken back as a whole. */
import { AppError, canonicalJson, sha256, toBase64Url, toHex, toIso, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type AllergyList, allergyListFromFhir } from '@zhenmei/vault/core/allergy-list.ts';
import type { Issue } from '@zhenmei/vault/core/fhir/issue.ts';
import type { Resource } from '@zhenmei/vault/core/fhir/validate.ts';
import type { HealthFacts } from '@zhenmei/vault/core/health/facts.ts';
import { batchSource, sameContent } from '@zhenmei/vault/core/import/batch.ts';
import { readFhir } from '@zhenmei/vault/core/import/fhir-records.ts';
import { fileKind } from '@zhenmei/vault/core/import/file-kind.ts';
import { readTable, type Table, tableText } from '@zhenmei/vault/core/import/table.ts';
import {
  bundleOf,
  guessMapping,
  type Mapping,
  type RowFault,
  readRows,
} from '@zhenmei/vault/core/import/table-records.ts';
import { photoFacts } from '@zhenmei/vault/core/import/taken-at.ts';
import { barePhoto } from '@zhenmei/vault/core/photos/bare-photo.ts';
import { mergeAllergies } from './allergies.ts';
import type { Going } from './export-all.ts';
import { factsIn, joinFacts } from './import-facts.ts';
import type { Bytes } from './io.ts';
import { orNull } from './objects.ts';
import type { Keep } from './proofs.ts';
import type { NewItem, Vault } from './vault.ts';

const MB = 1_000_000;
const MOST = { fhir: 20, table: 20, pdf: 200, photo: 100, heic: 100, export: 2_000 } as const;
const ROWS_AT_ONCE = 500;

interface Named {
  readonly name: string;
  readonly bytes: Bytes;
}
export type Prepared =
  | (Named & { readonly kind: 'pdf' })
  | (Named & { readonly kind: 'photo'; readonly mime: string; readonly takenAt: string | null })
  | (Named & {
      readonly kind: 'fhir';
      readonly understood: readonly Resource[];
      readonly faults: readonly Issue[];
      readonly allergies: AllergyList;
      readonly facts: HealthFacts;
      /** Whether the person said that the facts are to join hers. */
      readonly joinFacts: boolean;
    })
  | (Named & { readonly kind: 'table'; readonly table: Table; readonly mapping: Mapping })
  | (Named & { readonly kind: 'export' });

/** Turns a picture upright, or into a form that can be kept; given by the browser. Throws FILE_PHOTO. */
export type Redraw = (bytes: Bytes) => Promise<Bytes>;

/**
 * Looks at a file; nothing leaves the device. Throws FILE_KIND, FILE_TOO_LARGE, FILE_PHOTO, FILE_TABLE,
 * FILE_EMPTY, FHIR_INVALID, JSON_INVALID, BYTES_NOT_UTF8 and the PHOTO codes.
 */
export async function prepareFile({ name, bytes }: Named, redraw: Redraw, today: string): Promise<Prepared> {
  const kind = fileKind(bytes);
  if (!kind) throw new AppError('FILE_KIND');
  if (bytes.length > MOST[kind] * MB)
    throw new AppError('FILE_TOO_LARGE', { size: Math.ceil(bytes.length / MB), most: MOST[kind] });
  switch (kind) {
    case 'photo':
    case 'heic': {
      const { takenAt, orientation } = photoFacts(bytes);
      const drawn = kind === 'heic' || orientation !== 1 ? await redraw(bytes) : bytes;
      const bare = barePhoto(drawn);
      return { kind: 'photo', name, bytes: bare.bytes, mime: bare.kind, takenAt };
    }
    case 'fhir': {
      const { understood, faults } = readFhir(bytes);
      const known = understood.filter(({ resourceType }) => resourceType === 'AllergyIntolerance');
      const allergies = allergyListFromFhir(known, today);
      const facts = factsIn(understood, today);
      return { kind, name, bytes, understood, faults, allergies, facts, joinFacts: false };
    }
    case 'table': {
      const table = readTable(tableText(bytes));
      return { kind, name, bytes, table, mapping: guessMapping(table.header) };
    }
    default:
      return { kind, name, bytes };
  }
}

const titleOf = (name: string) => name.replace(/\.[A-Za-z0-9]{1,5}$/, '').slice(0, 300) || name.slice(0, 300);

interface Part {
  readonly facts: NewItem;
  readonly bytes: Bytes;
}

/** What will be kept of a file. @param going called while a long table is read */
async function partsOf(
  file: Exclude<Prepared, { kind: 'export' }>,
  now: string,
  going: Going,
): Promise<Part[]> {
  const title = titleOf(file.name);
  switch (file.kind) {
    case 'pdf':
      return [
        {
          facts: { compartment: 'messages', kind: 'document', title, at: now, mime: 'application/pdf' },
          bytes: file.bytes,
        },
      ];
    case 'photo':
      return [
        {
          facts: {
            compartment: 'face-photos',
            kind: 'photo',
            title,
            at: file.takenAt ?? now,
            mime: file.mime,
          },
          bytes: file.bytes,
        },
      ];
    case 'fhir':
      return [
        {
          facts: { compartment: 'treatments', kind: 'fhir', title, at: now, mime: 'application/fhir+json' },
          bytes: file.bytes,
        },
      ];
    case 'table': {
      const original: Part = {
        facts: { compartment: 'treatments', kind: 'document', title, at: now, mime: 'text/csv' },
        bytes: file.bytes,
      };
      const bundle = await tableBundle(file, now.slice(0, 10), going);
      if (!bundle) return [original];
      const facts = {
        compartment: 'treatments',
        kind: 'fhir',
        title,
        at: now,
        mime: 'application/fhir+json',
      } as const;
      return [original, { facts, bytes: utf8(canonicalJson(bundle)) }];
    }
  }
}

async function tableBundle(
  { table, mapping }: Extract<Prepared, { kind: 'table' }>,
  today: string,
  going: Going,
) {
  const resources: Resource[] = [];
  for (let at = 0; at < table.rows.length; at += ROWS_AT_ONCE) {
    if (!going(at, table.rows.length)) throw new AppError('FILE_STOPPED');
    // so that the screen can show how far it is, and be told to stop
    await new Promise((resolve) => setTimeout(resolve));
    const { bundle } = readRows(table, mapping, today, at, at + ROWS_AT_ONCE);
    const entries = (bundle?.entry ?? []) as unknown as { resource: Resource }[];
    resources.push(...entries.map(({ resource }) => resource));
  }
  return bundleOf(resources);
}

/** What a table gives with a mapping: for the trial of the first rows, or for all of them. */
export function tableTrial(
  { table, mapping }: Extract<Prepared, { kind: 'table' }>,
  today: string,
  rows = table.rows.length,
): { kept: number; of: number; faults: readonly RowFault[]; records: readonly Resource[] } {
  const of = Math.min(rows, table.rows.length);
  const { kept, faults, bundle } = readRows(table, mapping, today, 0, of);
  const entries = (bundle?.entry ?? []) as unknown as { resource: Resource }[];
  return { kept, of, faults, records: entries.map(({ resource }) => resource) };
}

export interface Imported {
  readonly source: string;
  readonly kept: number;
  readonly known: number;
  readonly allergies: number;
  readonly facts: number;
}

/** The same files are the same import: what was stopped goes on under the same name. */
const batchId = (files: readonly Named[]): string =>
  toBase64Url(
    sha256(
      utf8(
        files
          .map(({ bytes }) => toHex(sha256(bytes)))
          .sort()
          .join(),
      ),
    ),
  ).slice(0, 24);

/**
 * Keeps what was prepared. Each part is there as a whole or not at all; what is there already is not kept again.
 * Throws FILE_STOPPED when `going` says so, and what `keep` throws: the same call again goes on from there.
 */
export async function keepFiles(
  vault: Vault,
  files: readonly Exclude<Prepared, { kind: 'export' }>[],
  keep: Keep,
  going: Going,
  allergyTitle: string,
  factsTitle = '',
): Promise<Imported> {
  const source = batchSource('import', batchId(files));
  const now = toIso(vault.io.now());
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let [kept, known, allergies, facts, done] = [0, 0, 0, 0, 0];
  for (const file of files) {
    const share = (part: number) => done + part * file.bytes.length;
    const parts = await partsOf(file, now, (at, of) => going(share((0.2 * at) / of), total));
    for (const [i, { facts: about, bytes }] of parts.entries()) {
      if (sameContent(vault.contents, toHex(sha256(bytes)))) {
        known++;
        continue;
      }
      await keep({ ...about, source }, bytes, undefined, (sent, of) => {
        if (!going(share((i + sent / of) / parts.length), total)) throw new AppError('FILE_STOPPED');
      });
      kept++;
    }
    if (file.kind === 'fhir' && file.allergies.facts.length > 0)
      allergies += await mergeAllergies(vault, file.allergies, keep, allergyTitle);
    if (file.kind === 'fhir' && file.joinFacts) facts += await joinFacts(vault, file.facts, factsTitle);
    done += file.bytes.length;
    if (!going(done, total)) throw new AppError('FILE_STOPPED');
  }
  return { source, kept, known, allergies, facts };
}

/** Takes back everything that came with one import. Interrupted, it goes on when called again. */
export async function undoImport(vault: Vault, source: string): Promise<number> {
  const items = vault.contents.items.filter((item) => item.source === source);
  for (const { object, version } of items) {
    const given = { params: { name: object }, query: { revision: version } };
    await orNull(vault.io.api.call(vaultApi.deleteObject, given), 'OBJECT_UNKNOWN');
  }
  await vault.update((contents) => ({
    ...contents,
    items: contents.items.filter((item) => item.source !== source),
  }));
  return items.length;
}
