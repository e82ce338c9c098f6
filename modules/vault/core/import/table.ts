/** A table in CSV (RFC 4180), as hospital systems export it: comma, semicolon or tab, UTF-8 or GB 18030. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}
export interface TableRow {
  /** Line of the file in which it begins, from 1; the header is in the first. */
  readonly line: number;
  readonly cells: readonly string[];
}

export const TABLE_LIMITS = { rows: 20_000, columns: 60, cell: 4_000 } as const;

const wrong = (row: number, column: number, zh: string, en: string): never => {
  throw new AppError('FILE_TABLE', { row, column, zh, en });
};

/** @returns the text; what is no UTF-8 is read as GB 18030, which old Chinese systems write */
export function tableText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Throws FILE_TABLE with row and column, FILE_EMPTY. Rows without any content are left out. */
export function readTable(text: string): Table {
  const plain = text.replace(/^\uFEFF/, '');
  const rows = [...rowsOf(plain, separatorOf(plain))].filter(({ cells }) =>
    cells.some((cell) => cell !== ''),
  );
  const [head, ...rest] = rows;
  if (!head || rest.length === 0) throw new AppError('FILE_EMPTY');
  for (const { line, cells } of rest)
    if (cells.length > head.cells.length)
      wrong(line, head.cells.length + 1, '比表头多一列', 'there are more columns than the header names');
  return { header: head.cells, rows: rest };
}

function separatorOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const count = (c: string) => head.split(c).length;
  return [',', ';', '\t'].reduce((best, c) => (count(c) > count(best) ? c : best));
}

function* rowsOf(text: string, separator: string): Generator<TableRow> {
  let at = 0;
  let line = 1;
  let count = 0;
  while (at < text.length) {
    const from = line;
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        const close = quoteEnd(text, at, from, cells.length + 1);
        cell = text.slice(at + 1, close).replaceAll('""', '"');
        line += cell.split('\n').length - 1;
        at = close + 1;
        if (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r')
          wrong(from, cells.length + 1, '引号后面还有文字', 'there is text behind the closing quote');
      } else {
        const start = at;
        while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
        cell = text.slice(start, at);
      }
      if (cell.length > TABLE_LIMITS.cell) wrong(from, cells.length + 1, '内容太长', 'the text is too long');
      cells.push(cell.trim());
      if (cells.length > TABLE_LIMITS.columns)
        wrong(from, cells.length, '列数太多', 'there are too many columns');
      if (text[at] !== separator) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (++count > TABLE_LIMITS.rows + 1)
      wrong(from, 1, `超过 ${TABLE_LIMITS.rows} 行`, `there are more than ${TABLE_LIMITS.rows} rows`);
    yield { line: from, cells };
  }
}

function quoteEnd(text: string, at: number, row: number, column: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] !== '"') continue;
    if (text[i + 1] === '"') i++;
    else return i;
  }
  return wrong(row, column, '引号没有结束', 'a quote is not closed');
}
