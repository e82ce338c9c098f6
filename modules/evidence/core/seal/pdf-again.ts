/**
 * Whether a sealed paper is drawn as its printer draws it: the same objects, pages, letters and fonts. A list of what
 * pages may hold is always one trick behind; a second print of the same content is not.
 */
import { AppError, equalBytes } from '@zhenmei/kernel';
import { type PdfFile, type PdfObject, unpack } from './pdf-file.ts';
import type { PdfValue } from './pdf-values.ts';

/** More than any stream of ours holds when it is unpacked. */
const UNPACKED = 16_000_000;
/** Entries that the seal itself fills in. */
const FILLED = ['ByteRange', 'Contents'];

/**
 * Where two papers differ, beyond the seal's own digits; null if nowhere. Streams are compared unpacked.
 * @param again what the printer makes now of the same content
 */
export async function firstDifference(sealed: PdfFile, again: PdfFile): Promise<string | null> {
  if (sealed.root !== again.root || sealed.objects.size !== again.objects.size) return 'objects';
  for (const [number, wanted] of again.objects) {
    const found = sealed.objects.get(number);
    const place = `${typeOf(wanted)} ${number}`.trim();
    if (!found || written(found) !== written(wanted)) return place;
    if (!wanted.stream) continue;
    const content = await unpack(wanted, UNPACKED);
    if (!(await unpacksTo(found, content))) return place;
  }
  return null;
}

/** Not unpacked further than the content is long. */
function unpacksTo(found: PdfObject, content: Uint8Array): Promise<boolean> {
  return unpack(found, content.length).then(
    (bytes) => equalBytes(bytes, content),
    (error: unknown) => {
      if (error instanceof AppError) return false;
      throw error;
    },
  );
}

function typeOf({ value }: PdfObject): string {
  const type = value.kind === 'dict' ? value.value.get('Type') : undefined;
  return type?.kind === 'name' ? type.value : '';
}

/** The object as a text in which every difference shows. */
function written({ value, stream }: PdfObject): string {
  if (value.kind !== 'dict') return JSON.stringify(plain(value));
  const signature = value.value.get('Type')?.value === 'Sig';
  const left = stream ? ['Length'] : signature ? FILLED : [];
  const entries = [...value.value].filter(([key]) => !left.includes(key));
  return JSON.stringify([stream !== null, plain({ kind: 'dict', value: new Map(entries) })]);
}

function plain(value: PdfValue): unknown {
  if (value.kind === 'array') return [value.kind, value.value.map(plain)];
  if (value.kind === 'dict') return [value.kind, [...value.value].map(([key, one]) => [key, plain(one)])];
  return [value.kind, value.value];
}
