/** Sheets of A4 with Chinese and English in one font, made from plain blocks and sealed. */
import { createRequire } from 'node:module';
import { fillSeal, RANGE_PLACE, readCertificate, sealLines, sealSize } from '@zhenmei/evidence';
import type { Paper, PaperBlock } from '@zhenmei/money';
import PDFDocument from 'pdfkit';
import { type DocumentSeal, sealNow } from './document-seal.ts';

const FONT = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
);
const MARGIN = 48;
const INK = '#22252A';
const SOFT = '#5B6068';
const LINE = '#E4DFD8';
const SIZES = { title: 18, heading: 12.5, text: 10, small: 8 } as const;

/**
 * @param made milliseconds since the epoch; the same paper at the same time under the same seal is the same file
 * Throws DOCUMENT_CERTIFICATE_OVER: nothing leaves without a seal.
 */
export async function printPaper(
  paper: Paper,
  made: number,
  seal: DocumentSeal,
): Promise<Uint8Array<ArrayBuffer>> {
  sealNow(seal, made);
  return fillSeal(await drawPaper(paper, made, seal), seal);
}

/**
 * The paper as it is before it is sealed, with the place for its seal. Whoever checks a sealed paper draws it again and
 * compares, so another drawing is another version of the file that travels inside.
 */
export async function drawPaper(
  paper: Paper,
  made: number,
  seal: Pick<DocumentSeal, 'certificates' | 'address'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const facts = readCertificate(seal.certificates[0]!);
  const at = new Date(made);
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    font: FONT,
    pdfVersion: '1.7',
    info: { Title: paper.title, Author: 'Zhenmei', CreationDate: at, ModDate: at },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve) => doc.on('end', resolve));
  leavePlace(doc, at, seal, facts.subject);
  for (const block of paper.blocks) draw(doc, block);
  gap(doc, 8);
  for (const text of sealLines(facts, seal.address)) draw(doc, { kind: 'small', text });
  if (paper.attachment)
    doc.file(Buffer.from(paper.attachment.text), {
      name: paper.attachment.name,
      type: 'application/json',
      creationDate: at,
      modifiedDate: at,
    });
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

type Doc = InstanceType<typeof PDFDocument>;

/** What the printer has and its types leave out. */
interface Parts {
  readonly _root: { readonly data: { AcroForm: PDFKit.PDFKitReference } };
  readonly page: { readonly annotations: PDFKit.PDFKitReference[]; readonly dictionary: unknown };
}

/** An invisible field with an empty signature (ISO 32000-1, 12.7.4.5), which is filled in once the file is whole. */
function leavePlace(
  doc: Doc,
  at: Date,
  seal: Pick<DocumentSeal, 'certificates' | 'address'>,
  name: string,
): void {
  const { _root, page } = doc as unknown as Parts;
  doc.initForm();
  const form = _root.data.AcroForm.data as Record<string, unknown>;
  const signature = doc.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, RANGE_PLACE, RANGE_PLACE, RANGE_PLACE],
    Contents: Buffer.alloc(sealSize(seal)),
    // names are text to the printer, and texts are String
    Name: new String(name),
    Location: new String(seal.address),
    M: at,
  });
  const field = doc.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: new String('zhenmei-seal'),
    V: signature,
    // printed, and not to be changed
    F: 132,
    Rect: [0, 0, 0, 0],
    P: page.dictionary,
  });
  // a reader that draws fields anew would change what is sealed
  delete form.NeedAppearances;
  form.SigFlags = 3;
  (form.Fields as unknown[]).push(field);
  page.annotations.push(field);
  for (const ref of [signature, field]) (ref as unknown as { end(): void }).end();
}

function draw(doc: Doc, block: PaperBlock): void {
  switch (block.kind) {
    case 'list':
      doc.fontSize(SIZES.text).fillColor(INK);
      for (const item of block.items)
        doc.text(`· ${item}`, MARGIN, doc.y, { width: width(doc), lineGap: 3, paragraphGap: 3 });
      gap(doc, 8);
      break;
    case 'facts':
      for (const row of block.rows) columns(doc, row, [0.32, 0.68], ['left', 'left']);
      gap(doc, 8);
      break;
    case 'table':
      table(doc, block.head, block.rows);
      break;
    default:
      if (block.kind === 'heading') gap(doc, 6);
      doc
        .fontSize(SIZES[block.kind])
        .fillColor(block.kind === 'small' ? SOFT : INK)
        .text(block.text, MARGIN, doc.y, { width: width(doc), lineGap: 3 });
      gap(doc, block.kind === 'title' ? 10 : 4);
  }
}

const width = (doc: Doc): number => doc.page.width - 2 * MARGIN;
const gap = (doc: Doc, points: number): void => {
  doc.y += points;
};

function table(doc: Doc, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const first = head.length > 5 ? 0.16 : 0.46;
  const shares = head.map((_, i) => (i === 0 ? first : (1 - first) / (head.length - 1)));
  const aligns = head.map((_, i) => (i === 0 ? ('left' as const) : ('right' as const)));
  const size = head.length > 5 ? SIZES.small : SIZES.text;
  columns(doc, head, shares, aligns, size, SOFT);
  for (const row of rows) {
    doc
      .moveTo(MARGIN, doc.y)
      .lineTo(doc.page.width - MARGIN, doc.y)
      .lineWidth(0.5)
      .stroke(LINE);
    gap(doc, 3);
    columns(doc, row, shares, aligns, size);
  }
  gap(doc, 10);
}

/** One row; the next begins below its tallest cell, on a new page where it would not fit. */
function columns(
  doc: Doc,
  cells: readonly string[],
  shares: readonly number[],
  aligns: readonly ('left' | 'right')[],
  size: number = SIZES.text,
  color = INK,
): void {
  doc.fontSize(size);
  const inner = (i: number) => width(doc) * shares[i]! - 4;
  const height = Math.max(
    ...cells.map((cell, i) => doc.heightOfString(cell || ' ', { width: inner(i), lineGap: 2 })),
  );
  if (doc.y + height > doc.page.height - MARGIN) doc.addPage();
  const top = doc.y;
  let left = MARGIN;
  cells.forEach((cell, i) => {
    doc
      .fillColor(i === 0 && aligns[1] === 'left' ? SOFT : color)
      .text(cell, left, top, { width: inner(i), align: aligns[i]!, lineGap: 2 });
    left += width(doc) * shares[i]!;
  });
  doc.x = MARGIN;
  doc.y = top + height + 3;
}
