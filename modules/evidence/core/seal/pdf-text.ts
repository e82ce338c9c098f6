/** The text of a paper's pages, and the file that travels inside: read back from the PDF itself. */
import { dictOf, follow, latin1, listOf, type PdfFile, unpack } from './pdf-file.ts';
import { malformed, type PdfDict, PdfReader, type PdfValue } from './pdf-values.ts';

/** More pages than any paper of ours has, and more bytes than its pages and fonts' maps hold when they are unpacked. */
const PAGES = 200;
const UNPACKED = 8_000_000;
/** More bytes than the file that travels inside can have in its own form. */
const ATTACHED = 2_000_000;

/** Unpacks one stream after the other, up to a limit for all of them. */
type Unpack = (value: PdfValue | undefined) => Promise<string>;

function unpacking(file: PdfFile): Unpack {
  let left = UNPACKED;
  return async (value) => {
    const bytes = await unpack(follow(file, value), left);
    left -= bytes.length;
    return latin1(bytes);
  };
}

/**
 * The text that pages carry, without any white space, page after page. Whether it can be seen is not said here: that
 * takes the same pages printed again (`firstDifference`). Throws PAPER_FORM_WRONG.
 */
export async function printedText(file: PdfFile): Promise<string> {
  const root = dictOf(file, { kind: 'ref', value: file.root });
  const kids = listOf(file, dictOf(file, root.get('Pages')).get('Kids'));
  const numbers = new Set(kids.map((kid) => (kid.kind === 'ref' ? kid.value : malformed('page'))));
  if (numbers.size !== kids.length || kids.length > PAGES) return malformed('pages');
  const content = unpacking(file);
  const fonts = new Map<number, ReadonlyMap<number, string>>();
  let out = '';
  for (const kid of kids) {
    const page = dictOf(file, kid);
    const font = await fontOf(file, dictOf(file, page.get('Resources')), fonts, content);
    out += pageText(await content(page.get('Contents')), font);
  }
  return squeezed(out);
}

/** The form in which printed and expected text are compared: white space is where lines break. */
export const squeezed = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/gu, '');

type Font = (name: string) => ReadonlyMap<number, string>;

async function fontOf(
  file: PdfFile,
  resources: PdfDict,
  known: Map<number, ReadonlyMap<number, string>>,
  content: Unpack,
): Promise<Font> {
  const here = new Map<string, ReadonlyMap<number, string>>();
  for (const [name, ref] of resources.has('Font') ? dictOf(file, resources.get('Font')) : []) {
    if (ref.kind !== 'ref') return malformed('font');
    const glyphs = known.get(ref.value) ?? (await glyphsOf(dictOf(file, ref), content));
    known.set(ref.value, glyphs);
    here.set(name, glyphs);
  }
  return (name) => here.get(name) ?? malformed('font');
}

/** From glyph to characters, by the font's ToUnicode map. */
async function glyphsOf(font: PdfDict, content: Unpack): Promise<ReadonlyMap<number, string>> {
  const map = await content(font.get('ToUnicode'));
  const glyphs = new Map<number, string>();
  for (const [, from, list] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]{0,8192})\]/g))
    [...list!.matchAll(/<([0-9a-f ]*)>/g)].forEach(([, units], i) => {
      const codes = units!
        .split(' ')
        .filter(Boolean)
        .map((unit) => Number.parseInt(unit, 16));
      glyphs.set(Number.parseInt(from!, 16) + i, String.fromCharCode(...codes));
    });
  return glyphs.size === 0 ? malformed('font') : glyphs;
}

function pageText(content: string, font: Font): string {
  const reader = new PdfReader(content);
  let stack: PdfValue[] = [];
  let glyphs: ReadonlyMap<number, string> | null = null;
  let out = '';
  while (!reader.done) {
    const value = reader.next();
    if (value.kind !== 'word') {
      stack.push(value);
      continue;
    }
    const [first] = stack;
    if (value.value === 'Tf') glyphs = font(first?.kind === 'name' ? first.value : '');
    if (value.value === 'TJ') out += shown(first, glyphs ?? malformed('font'));
    stack = [];
  }
  return out;
}

function shown(parts: PdfValue | undefined, glyphs: ReadonlyMap<number, string>): string {
  if (parts?.kind !== 'array') return malformed('text');
  let out = '';
  for (const part of parts.value) {
    if (part.kind === 'number') continue;
    if (part.kind !== 'string' || part.value.length % 2 !== 0) return malformed('text');
    for (let i = 0; i < part.value.length; i += 2)
      out += glyphs.get(part.value.charCodeAt(i) * 256 + part.value.charCodeAt(i + 1)) ?? malformed('glyph');
  }
  return out;
}

/** The bytes of the attached file with this name; null if there is no attachment at all. Throws PAPER_FORM_WRONG. */
export async function attachedFile(file: PdfFile, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const root = dictOf(file, { kind: 'ref', value: file.root });
  const names = dictOf(file, root.get('Names'));
  if (!names.has('EmbeddedFiles')) return null;
  const [key, spec, ...others] = listOf(file, dictOf(file, names.get('EmbeddedFiles')).get('Names'));
  if (key?.kind !== 'string' || key.value !== name || others.length > 0) return malformed('attachment');
  return unpack(follow(file, dictOf(file, dictOf(file, spec).get('EF')).get('F')), ATTACHED);
}
