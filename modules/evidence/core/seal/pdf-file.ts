/**
 * A PDF as our printer writes it, and in no other form: one section of objects without gaps between them, one table, one
 * trailer, nothing afterwards. What another program saved, updated or repaired is refused.
 */
import { malformed, type PdfDict, PdfReader, type PdfValue } from './pdf-values.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const END = /\nstartxref\n(\d{1,10})\n%%EOF\n$/;

export interface PdfObject {
  readonly value: PdfValue;
  /** As it stands in the file; null for an object without one. */
  readonly stream: Bytes | null;
}

export interface PdfFile {
  readonly objects: ReadonlyMap<number, PdfObject>;
  readonly root: number;
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

/** Throws PAPER_FORM_WRONG with what is not as it should be. */
export function openPdf(bytes: Bytes): PdfFile {
  const text = latin1(bytes);
  const header = /^%PDF-1\.7\n%\xff\xff\xff\xff\n/.exec(text) ?? malformed('header');
  const table = Number((END.exec(text) ?? malformed('end'))[1]);
  const { offsets, rest } = readTable(text, table);
  const trailer = new PdfReader(rest).next();
  const known = new Set(['Size', 'Root', 'Info', 'ID']);
  const root = trailer.kind === 'dict' ? trailer.value.get('Root') : undefined;
  if (trailer.kind !== 'dict' || root?.kind !== 'ref' || [...trailer.value.keys()].some((k) => !known.has(k)))
    return malformed('trailer');
  return { objects: readObjects(bytes, text, offsets, header[0].length, table), root: root.value };
}

/** Offsets of the objects from 1 on, and the text of the trailer. */
function readTable(text: string, at: number): { offsets: number[]; rest: string } {
  const head =
    /^xref\n0 (\d{1,6})\n0000000000 65535 f \n/.exec(text.slice(at, at + 60)) ?? malformed('table');
  const count = Number(head[1]) - 1;
  const from = at + head[0].length;
  const offsets = Array.from({ length: count }, (_, i) => {
    const line =
      /^(\d{10}) 00000 n \n$/.exec(text.slice(from + 20 * i, from + 20 * i + 20)) ?? malformed('table');
    return Number(line[1]);
  });
  const after = from + 20 * count;
  const end = text.lastIndexOf('\nstartxref\n');
  if (text.slice(after, after + 8) !== 'trailer\n' || end < after) return malformed('trailer');
  return { offsets, rest: text.slice(after + 8, end) };
}

/** Each object begins where the one before it ended. */
function readObjects(
  bytes: Bytes,
  text: string,
  offsets: readonly number[],
  first: number,
  table: number,
): Map<number, PdfObject> {
  const order = offsets.map((at, i) => ({ number: i + 1, at })).toSorted((a, b) => a.at - b.at);
  const objects = new Map<number, PdfObject>();
  let at = first;
  for (const [i, { number, at: here }] of order.entries()) {
    const end = order[i + 1]?.at ?? table;
    if (here !== at) return malformed('gap');
    objects.set(number, readObject(bytes, text, number, at, end));
    at = end;
  }
  return at === table ? objects : malformed('gap');
}

function readObject(bytes: Bytes, text: string, number: number, from: number, end: number): PdfObject {
  const head = `${number} 0 obj\n`;
  if (text.slice(from, from + head.length) !== head || text.slice(end - 7, end) !== 'endobj\n')
    return malformed('object');
  const reader = new PdfReader(text.slice(0, end), from + head.length);
  const value = reader.next();
  if (reader.at === end - 7) return { value, stream: null };
  const length = value.kind === 'dict' ? value.value.get('Length') : undefined;
  if (length?.kind !== 'number' || !text.startsWith('stream\n', reader.at)) return malformed('object');
  const start = reader.at + 7;
  if (text.slice(start + length.value, end) !== '\nendstream\nendobj\n') return malformed('stream');
  return { value, stream: bytes.slice(start, start + length.value) };
}

/** What a reference leads to; the value itself if it is none. */
export function follow(file: PdfFile, value: PdfValue | undefined): PdfObject {
  if (value?.kind !== 'ref') return { value: value ?? malformed('reference'), stream: null };
  return file.objects.get(value.value) ?? malformed('reference');
}

export function dictOf(file: PdfFile, value: PdfValue | undefined): PdfDict {
  const found = follow(file, value).value;
  return found.kind === 'dict' ? found.value : malformed('dictionary');
}

export function listOf(file: PdfFile, value: PdfValue | undefined): readonly PdfValue[] {
  const found = follow(file, value).value;
  return found.kind === 'array' ? found.value : malformed('array');
}

/** The stream's content, unpacked. @param limit bytes; what unpacks to more is refused before it is whole */
export async function unpack({ value, stream }: PdfObject, limit: number): Promise<Bytes> {
  if (value.kind !== 'dict' || !stream) return malformed('stream');
  const filter = value.value.get('Filter');
  if (filter === undefined) return stream.length > limit ? malformed('size') : stream;
  if (filter.kind !== 'name' || filter.value !== 'FlateDecode') return malformed('filter');
  const chunks: Bytes[] = [];
  let size = 0;
  try {
    const flow = new Blob([stream]).stream().pipeThrough(new DecompressionStream('deflate'));
    for (const reader = flow.getReader(); ; ) {
      const { done, value: chunk } = await reader.read();
      if (done) break;
      size += chunk.length;
      if (size > limit) {
        await reader.cancel();
        return malformed('size');
      }
      chunks.push(chunk as Bytes);
    }
  } catch (error) {
    return (error as { code?: string }).code === 'PAPER_FORM_WRONG'
      ? Promise.reject(error)
      : malformed('deflate');
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
