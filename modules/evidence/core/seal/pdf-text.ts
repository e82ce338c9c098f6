/** What is printed on a paper's pages, and the file that travels inside: read back from the PDF itself. */
import { dictOf, follow, latin1, listOf, type PdfFile, unpack } from './pdf-file.ts';
import { malformed, type PdfDict, PdfReader, type PdfValue } from './pdf-values.ts';

/** All that pages of ours are drawn with: text, thin lines, colours. A picture or a patch could hide what is printed. */
const OPERATORS = new Set([
  'q',
  'Q',
  'cm',
  'BT',
  'ET',
  'Tf',
  'Tm',
  'TJ',
  'cs',
  'CS',
  'scn',
  'SCN',
  'w',
  'm',
  'l',
  'S',
]);
/** Nothing that acts, layers or hides. */
const CATALOG = new Set(['Type', 'Pages', 'Names', 'AcroForm', 'AF', 'Metadata']);
/** Most that a colour of text may have of red, green or blue: nothing is printed in the colour of paper. */
const DARKEST = 0.6;

/** The printed text without any white space, page after page. Throws PAPER_FORM_WRONG. */
export async function printedText(file: PdfFile): Promise<string> {
  const root = dictOf(file, { kind: 'ref', value: file.root });
  for (const key of root.keys()) if (!CATALOG.has(key)) return malformed(`catalogue ${key}`);
  const pages = dictOf(file, root.get('Pages'));
  const fonts = new Map<number, ReadonlyMap<number, string>>();
  let out = '';
  for (const kid of listOf(file, pages.get('Kids'))) {
    const page = dictOf(file, kid);
    if (page.has('Annots'))
      for (const note of listOf(file, page.get('Annots'))) assertUnseen(dictOf(file, note));
    const font = await fontOf(file, dictOf(file, page.get('Resources')), fonts);
    out += pageText(latin1(await unpack(follow(file, page.get('Contents')))), font);
  }
  return squeezed(out);
}

/** Beside the text stands nothing that shows: the seal's own field has no size. */
function assertUnseen(note: PdfDict): void {
  const rect = note.get('Rect');
  const flat = rect?.kind === 'array' && rect.value.every(({ value }) => value === 0);
  if (note.get('FT')?.value !== 'Sig' || note.has('AP') || !flat) malformed('note');
}

/** The form in which printed and expected text are compared: white space is where lines break. */
export const squeezed = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/gu, '');

type Font = (name: string) => ReadonlyMap<number, string>;

async function fontOf(
  file: PdfFile,
  resources: PdfDict,
  known: Map<number, ReadonlyMap<number, string>>,
): Promise<Font> {
  const here = new Map<string, ReadonlyMap<number, string>>();
  for (const [name, ref] of resources.has('Font') ? dictOf(file, resources.get('Font')) : []) {
    if (ref.kind !== 'ref') return malformed('font');
    const glyphs = known.get(ref.value) ?? (await glyphsOf(file, ref));
    known.set(ref.value, glyphs);
    here.set(name, glyphs);
  }
  return (name) => here.get(name) ?? malformed('font');
}

/** From glyph to characters, by the font's ToUnicode map. */
async function glyphsOf(file: PdfFile, font: PdfValue): Promise<ReadonlyMap<number, string>> {
  const map = latin1(await unpack(follow(file, dictOf(file, font).get('ToUnicode'))));
  const glyphs = new Map<number, string>();
  for (const [, from, list] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g))
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
    if (!OPERATORS.has(value.value)) return malformed(`operator ${value.value}`);
    const [first, ...more] = stack;
    if (value.value === 'Tf') glyphs = font(first?.kind === 'name' ? first.value : '');
    if (
      value.value === 'scn' &&
      [first, ...more].some((part) => part?.kind !== 'number' || part.value > DARKEST)
    )
      return malformed('colour');
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
  return unpack(follow(file, dictOf(file, dictOf(file, spec).get('EF')).get('F')));
}
