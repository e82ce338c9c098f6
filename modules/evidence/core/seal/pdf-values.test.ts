import { describe, expect, it } from 'vitest';
import { latin1, openPdf, unpack } from './pdf-file.ts';
import { PdfReader, type PdfValue } from './pdf-values.ts';

const read = (text: string): PdfValue => new PdfReader(text).next();
const code = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('values of a PDF', () => {
  it.each<[string, unknown]>([
    ['12', 12],
    ['-.5', -0.5],
    ['/A#20b', 'A b'],
    ['(a\\(b\\)\\n(c))', 'a(b)\n(c)'],
    ['<48 6>', 'H`'],
    ['12 0 R', 12],
    ['true', 'true'],
  ])('are read: %s', (text, value) => {
    expect(read(text).value).toEqual(value);
  });
  it('nest', () => {
    const dict = read('<< /A [1 2 0 R <</B (x)>>] /C null >>').value as Map<string, PdfValue>;
    const list = dict.get('A')!.value as PdfValue[];
    expect([list.length, list[1]!.kind, dict.get('C')!.value]).toEqual([3, 'ref', 'null']);
  });
  it.each([
    '',
    '<< /A 1',
    '[1 2',
    '(open',
    '<zz>',
    '<< /A 1 /A 2 >>',
    '<< 1 2 >>',
    '<< /A >>',
    '(\\101)',
    '{',
    '['.repeat(40),
  ])('are refused: %s', async (text) => {
    expect(await code(() => read(text))).toBe('PAPER_FORM_WRONG');
  });
});

const head = '%PDF-1.7\n%\xff\xff\xff\xff\n';
const object = '1 0 obj\n<<\n/Type /Catalog\n>>\nendobj\n';
/** A whole file of one object, and what makes it wrong. */
const file = (change: (text: string) => string = (text) => text) => {
  const at = head.length + object.length;
  const table = `xref\n0 2\n0000000000 65535 f \n${String(head.length).padStart(10, '0')} 00000 n \n`;
  const trailer = `trailer\n<<\n/Size 2\n/Root 1 0 R\n>>\nstartxref\n${at}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(change(`${head}${object}${table}${trailer}`), 'latin1'));
};

describe('a file', () => {
  it('is read when it is as our printer writes it', () => {
    const { root, objects } = openPdf(file());
    expect([root, objects.size]).toEqual([1, 1]);
    expect(latin1(file()).slice(0, 8)).toBe('%PDF-1.7');
  });
  it.each<[string, (text: string) => string]>([
    ['another version', (text) => text.replace('1.7', '1.6')],
    ['something before it', (text) => `x${text}`],
    ['something after it', (text) => `${text}x`],
    ['no end', (text) => text.replace('%%EOF', '')],
    ['an earlier table', (text) => text.replace('/Root', '/Prev 5\n/Root')],
    ['encryption', (text) => text.replace('/Root', '/Encrypt 1 0 R\n/Root')],
    ['a table of other lines', (text) => text.replace('00000 n ', '00001 n ')],
    ['a free object', (text) => text.replace('00000 n ', '00000 f ')],
    ['a table that is elsewhere', (text) => text.replace(/startxref\n\d+/, 'startxref\n20')],
    ['an object that is elsewhere', (text) => text.replace('1 0 obj', '2 0 obj')],
    ['a gap', (text) => text.replace('endobj\n', 'endobj\n ')],
    ['an object without an end', (text) => text.replace('endobj', 'endxxx')],
    ['more than a value in an object', (text) => text.replace('>>\nendobj', '>> 1\nendobj')],
    ['no catalogue', (text) => text.replace('/Root 1 0 R', '/Root 1')],
  ])('is refused with %s', async (_, change) => {
    expect(await code(() => openPdf(file(change)))).toBe('PAPER_FORM_WRONG');
  });
});

describe('a stream', () => {
  const stream = async (bytes: Uint8Array<ArrayBuffer>, filter = 'FlateDecode', limit = 16_000_000) =>
    unpack({ value: read(`<< /Filter /${filter} >>`), stream: bytes }, limit);
  const packed = async (bytes: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(
      await new Response(
        new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate')),
      ).arrayBuffer(),
    );
  it('is unpacked', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await stream(await packed(bytes), 'FlateDecode', 3)).toEqual(bytes);
    expect(await code(async () => stream(await packed(bytes), 'FlateDecode', 2))).toBe('PAPER_FORM_WRONG');
    expect(await code(() => unpack({ value: read('<< >>'), stream: bytes }, 2))).toBe('PAPER_FORM_WRONG');
  });
  it('is refused when it unpacks to more than a paper holds, is damaged, or packed otherwise', async () => {
    const bomb = await packed(new Uint8Array(40_000_000));
    expect(bomb.length).toBeLessThan(50_000);
    expect(await code(() => stream(bomb))).toBe('PAPER_FORM_WRONG');
    expect(await code(() => stream(new Uint8Array([1, 2, 3])))).toBe('PAPER_FORM_WRONG');
    expect(await code(() => stream(new Uint8Array(), 'LZWDecode'))).toBe('PAPER_FORM_WRONG');
    expect(await code(() => unpack({ value: read('<< >>'), stream: null }, 9))).toBe('PAPER_FORM_WRONG');
  });
});
