/** The table of contents of an export: what is in it, and that everything that it names is there, byte for byte. */
import { AppError, fromUtf8, sha256, strictJson, toHex } from '@zhenmei/kernel';
import { z } from 'zod';
import { Item } from '../contents.ts';
import { Grant } from '../grants/grant.ts';
import '../import/errors.ts';
import type { ZipFile } from './zip.ts';

export const EXPORT_SCHEMA = 'https://zhenmei.example/export/v1';
const FIXED = new Set(['index.json', 'trust.json', 'fhir.json']);

const ExportItem = Item.pick({
  compartment: true,
  kind: true,
  title: true,
  at: true,
  zones: true,
  mime: true,
  size: true,
  digest: true,
  source: true,
  version: true,
}).extend({ file: z.string().max(300) });
export type ExportItem = z.infer<typeof ExportItem>;

export const ExportIndex = z
  .object({
    schema: z.literal(EXPORT_SCHEMA),
    at: z.string(),
    items: z.array(ExportItem).max(50_000),
    grants: z
      .array(
        z.object({
          grant: Grant,
          /** Absent in exports of the first version. */
          signature: z.string().max(200).optional(),
          madeAt: z.string(),
          revokedAt: z.string().nullable(),
        }),
      )
      .max(10_000)
      .default([]),
    visits: z.array(z.json()).max(10_000).default([]),
  })
  .meta({ phi: true });
export type ExportIndex = z.infer<typeof ExportIndex>;

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/json': 'json',
  'application/fhir+json': 'json',
  'application/vnd.zhenmei.record+json': 'json',
  'application/vnd.zhenmei.receipt+json': 'json',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/csv': 'csv',
};

/** Name of an item's file in the archive. */
export const fileNameOf = ({
  object,
  compartment,
  mime,
}: Pick<Item, 'object' | 'compartment' | 'mime'>): string =>
  `files/${compartment}/x${object}.${ENDINGS[mime] ?? 'bin'}`;

export function exportItem(item: Item): ExportItem {
  const { compartment, kind, title, at, zones, mime, size, digest, source, version } = item;
  return { compartment, kind, title, at, zones, mime, size, digest, source, version, file: fileNameOf(item) };
}

export interface ExportContent {
  readonly index: ExportIndex;
  /** The text of the trust file of the installation it comes from; null in exports of the first version. */
  readonly trust: string | null;
  readonly bytesOf: (item: ExportItem) => Uint8Array<ArrayBuffer>;
}

/** Throws MOVED_WRONG with the name of the file that is missing, changed or not accounted for. */
export function readExport(files: readonly ZipFile[]): ExportContent {
  const wrong = (file: string, cause?: unknown): never => {
    throw new AppError('MOVED_WRONG', { file }, { cause });
  };
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const index = parseIndex(byName.get('index.json'), wrong);
  const named = new Set(index.items.map(({ file }) => file));
  for (const { name } of files) if (!named.has(name) && !FIXED.has(name)) wrong(name);
  if (named.size !== index.items.length) wrong('index.json');
  for (const { file, size, digest } of index.items) {
    const bytes = byName.get(file) ?? wrong(file);
    if (bytes.length !== size || toHex(sha256(bytes)) !== digest) wrong(file);
  }
  const trust = byName.get('trust.json');
  return { index, trust: trust ? fromUtf8(trust) : null, bytesOf: ({ file }) => byName.get(file)! };
}

function parseIndex(
  bytes: Uint8Array | undefined,
  wrong: (file: string, cause?: unknown) => never,
): ExportIndex {
  try {
    const value = JSON.parse(JSON.stringify(strictJson(fromUtf8(bytes ?? wrong('index.json')))));
    return ExportIndex.parse(value);
  } catch (cause) {
    return wrong('index.json', cause);
  }
}
