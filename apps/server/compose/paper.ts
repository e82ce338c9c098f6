/** Sheets of A4 with Chinese and English in one font, made from plain blocks. */
import { createRequire } from 'node:module';
import type { Paper, PaperBlock } from '@zhenmei/money';
import PDFDocument from 'pdfkit';

const FONT = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
);
const MARGIN = 48;
const INK = '#22252A';
const SOFT = '#5B6068';
const LINE = '#E4DFD8';
const SIZES = { title: 18, heading: 12.5, text: 10, small: 8 } as const;

/** @param made milliseconds since the epoch; the same paper at the same time is the same file */
export async function printPaper(paper: Paper, made: number): Promise<Uint8Array<ArrayBuffer>> {
  const at = new Date(made);
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    font: FONT,
    info: { Title: paper.title, Author: 'Zhenmei', CreationDate: at, ModDate: at },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve) => doc.on('end', resolve));
  for (const block of paper.blocks) draw(doc, block);
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
