/** Comma-separated values as RFC 4180 writes them, read strictly: every fault has its line and column. */
import { AppError, fromUtf8 } from '@zhenmei/kernel';

export interface Cell {
  readonly text: string;
  /** Both from 1; the column counts characters. */
  readonly line: number;
  readonly column: number;
}

export interface Fault {
  readonly line: number;
  /** Name of the column, or its place if it has none. */
  readonly column: string;
  readonly code: string;
  readonly reason: { readonly zh: string; readonly en: string };
}

/** Rows of cells; the last line end is optional, a byte order mark in front is not part of the first cell. */
export type Csv = { readonly rows: readonly (readonly Cell[])[] } | { readonly fault: Fault };

const FAULTS = {
  CSV_ENCODING: { zh: '文件不是 UTF-8 编码。', en: 'The file is not UTF-8.' },
  CSV_QUOTE: {
    zh: '引号没有成对，或引号外还有文字。',
    en: 'A quotation mark has no partner, or text stands beside it.',
  },
} as const;

const fault = (line: number, column: number | string, code: keyof typeof FAULTS): Csv => ({
  fault: { line, column: String(column), code, reason: FAULTS[code] },
});

export function readCsv(bytes: Uint8Array): Csv {
  let text: string;
  try {
    text = fromUtf8(bytes).replace(/^\ufeff/, '');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return fault(1, 1, 'CSV_ENCODING');
  }
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  while (at < text.length || row.length > 0) {
    const start = { line, column: at - lineStart + 1 };
    let value = '';
    if (text[at] === '"') {
      const from = at;
      at++;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end < 0) return fault(start.line, start.column, 'CSV_QUOTE');
        value += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        value += '"';
        at++;
      }
      const inside = text.slice(from, at);
      const breaks = inside.split('\n').length - 1;
      if (breaks > 0) {
        line += breaks;
        lineStart = from + inside.lastIndexOf('\n') + 1;
      }
    } else {
      const end = /[,\r\n]|$/.exec(text.slice(at))!.index;
      value = text.slice(at, at + end);
      if (value.includes('"')) return fault(start.line, start.column, 'CSV_QUOTE');
      at += end;
    }
    row.push({ text: value, ...start });
    if (text[at] === ',') {
      at++;
      if (at === text.length) row.push({ text: '', line, column: at - lineStart + 1 });
      if (at < text.length) continue;
    } else if (at < text.length && !/[\r\n]/.test(text[at]!))
      return fault(start.line, start.column, 'CSV_QUOTE');
    rows.push(row);
    row = [];
    if (text.startsWith('\r\n', at)) at += 2;
    else if (at < text.length) at++;
    line++;
    lineStart = at;
  }
  return { rows };
}
