/** What somebody might do to a sealed paper, with and without the key of the house. */
import { deflateSync, inflateSync } from 'node:zlib';
import { fillSeal } from '@zhenmei/evidence';
import { readSignedData, writeSignedData } from '@zhenmei/evidence/core/seal/signed-data.ts';
import { toHex } from '@zhenmei/kernel';
import { testSeal } from './signed-paper.property.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const bytesOf = (latin: string): Bytes => new Uint8Array(Buffer.from(latin, 'latin1'));
export const edited = (bytes: Bytes, change: (latin: string) => string): Bytes =>
  bytesOf(change(text(bytes)));

/** Numbers of the range, and the digits in its hole. */
export function partsOf(bytes: Bytes): { from: number; until: number; rest: number; hex: string } {
  const [, from, until, rest] = /\/ByteRange \[0 (\d+) (\d+) (\d+) *\]/.exec(text(bytes))!.map(Number);
  return { from: from!, until: until!, rest: rest!, hex: text(bytes).slice(from! + 1, until! - 1) };
}

/** One bit of one byte is another. */
export function flipped(bytes: Bytes, at: number, bit = 1): Bytes {
  const copy = bytes.slice();
  copy[at] = copy[at]! ^ bit;
  return copy;
}

/** Other digits in the hole, as many as there were. */
export function withHex(bytes: Bytes, hex: string): Bytes {
  const { from, until } = partsOf(bytes);
  return edited(
    bytes,
    (all) => `${all.slice(0, from + 1)}${hex.padEnd(until - from - 2, '0')}${all.slice(until - 1)}`,
  );
}

/** The CMS with one of its parts exchanged, written as we write it. */
export function withCms(bytes: Bytes, change: Partial<ReturnType<typeof readSignedData>>): Bytes {
  const der = bytesOf(Buffer.from(partsOf(bytes).hex.replace(/(00)*$/, ''), 'hex').toString('latin1'));
  return withHex(bytes, toHex(writeSignedData({ ...readSignedData(der), ...change })));
}

/** An update after the seal, as any editor appends it: one more object, a table of its own, /Prev. */
export function updated(bytes: Bytes, object: string): Bytes {
  const all = text(bytes);
  const before = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(all)![1]);
  const size = Number(/\/Size (\d+)/.exec(all)![1]);
  const root = /\/Root (\d+) 0 R/.exec(all)![1];
  const table = all.length + `${size} 0 obj\n${object}\nendobj\n`.length;
  return bytesOf(
    [
      `${all}${size} 0 obj\n${object}\nendobj\n`,
      `xref\n${size} 1\n${String(all.length).padStart(10, '0')} 00000 n \n`,
      `trailer\n<<\n/Size ${size + 1}\n/Root ${root} 0 R\n/Prev ${before}\n>>\nstartxref\n${table}\n%%EOF\n`,
    ].join(''),
  );
}

/**
 * A house that lies: the file is changed, its table put right, and sealed again with the house's own key.
 * @param change of the file as text, without a seal
 */
export function resealed(bytes: Bytes, change: (latin: string) => string, seal = testSeal()): Bytes {
  const { from, until } = partsOf(bytes);
  const star = '*'.repeat(10);
  const open = text(bytes)
    .replace(/\/ByteRange \[0 [\d ]+\]/, `/ByteRange [0 /${star} /${star} /${star}]`)
    .replace(text(bytes).slice(from, until), `<${'0'.repeat(until - from - 2)}>`);
  return fillSeal(bytesOf(withTable(change(open))), seal);
}

/** The table with the places at which the objects stand now. */
function withTable(all: string): string {
  const table = all.lastIndexOf('\nxref\n') + 1;
  const lines = all.slice(table).match(/\d{10} 00000 n \n/g)!;
  const offsets = lines.map((_, i) => {
    const found = new RegExp(`(?:^|\\n)${i + 1} 0 obj\\n`).exec(all)!;
    return `${String(found.index + (found[0].startsWith('\n') ? 1 : 0)).padStart(10, '0')} 00000 n \n`;
  });
  const head = all.slice(table, all.indexOf(lines[0]!, table));
  const tail = all.slice(table + head.length + 20 * lines.length);
  return `${all.slice(0, table)}${head}${offsets.join('')}${tail.replace(/startxref\n\d+/, `startxref\n${table}`)}`;
}

/** The stream of one object with other content, packed again. */
export function withStream(
  all: string,
  number: string | number,
  change: (content: string) => string,
): string {
  const head = new RegExp(
    `\\n${number} 0 obj\\n<<[^]*?/Length (\\d+)\\n/Filter /FlateDecode\\n>>\\nstream\\n`,
  ).exec(all)!;
  const at = head.index + head[0].length;
  const old = Buffer.from(all.slice(at, at + Number(head[1])), 'latin1');
  const content = change(inflateSync(old).toString('latin1'));
  const made = deflateSync(Buffer.from(content, 'latin1')).toString('latin1');
  const object = head[0].replace(`/Length ${head[1]}\n`, `/Length ${made.length}\n`);
  return `${all.slice(0, head.index)}${object}${made}${all.slice(at + old.length)}`;
}

/** The first page with something else drawn on it. */
export const drawn = (page: (content: string) => string) => (all: string) =>
  withStream(all, /\/Contents (\d+) 0 R/.exec(all)![1]!, page);
