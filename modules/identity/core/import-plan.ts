/**
 * What an import from a table would issue: every row checked by the schema of its kind, every fault with line and
 * column. Pure: the same plan is the preview and what is then done.
 */
import { fromIso, type Json } from '@zhenmei/kernel';
import { z } from 'zod';
import { CREDENTIAL_TYPES, type CredentialName, kindOf } from './catalogue.ts';
import { type Cell, type Fault, readCsv } from './csv.ts';

export interface PlannedRow {
  readonly line: number;
  readonly claims: Readonly<Record<string, Json>>;
  /** Milliseconds since the epoch; absent: the kind's longest life. */
  readonly expires?: number;
}

export interface ImportPlan {
  readonly rows: readonly PlannedRow[];
  readonly faults: readonly Fault[];
  /** Columns that the kind has; those with `?` may be left out. */
  readonly columns: readonly string[];
}

/** Rows of one import; more belong into several files. */
export const MAX_ROWS = 5_000;
const EXPIRES = 'validUntil';
const SEPARATOR = ';';

const REASONS = {
  COLUMN_UNKNOWN: { zh: '这种凭证没有这一列。', en: 'This kind of certificate has no such column.' },
  COLUMN_TWICE: { zh: '这一列出现了两次。', en: 'This column appears twice.' },
  COLUMN_MISSING: { zh: '缺少这一列。', en: 'This column is missing.' },
  ROW_LENGTH: {
    zh: '这一行的列数与标题行不同。',
    en: 'This row has another number of columns than the heading.',
  },
  ROW_TOO_MANY: {
    zh: '行数超过 5000，请分成几个文件。',
    en: 'There are more than 5,000 rows: use several files.',
  },
  ROW_TWICE: { zh: '与前面的一行重复。', en: 'This row repeats an earlier one.' },
  VALUE_SPACE: { zh: '前后有多余的空格。', en: 'There are spaces at its beginning or end.' },
  VALUE_MISSING: { zh: '没有填写。', en: 'This is empty.' },
  VALUE_WRONG: { zh: '内容不符合这一列的规定。', en: 'This does not fit the column.' },
  DATE_WRONG: { zh: '日期应写成 2027-12-31，并且存在。', en: 'A date is written 2027-12-31 and must exist.' },
} as const;
export type FaultCode = keyof typeof REASONS;

export function faultAt(line: number, column: string, code: FaultCode): Fault {
  return { line, column, code, reason: REASONS[code] };
}

type Read = (text: string) => Json | undefined;
interface Column {
  readonly path: readonly string[];
  readonly read: Read;
  readonly optional: boolean;
}

/** The table's columns follow from the schema: `name.zh`, lists with semicolons, yes and no as `true` and `false`. */
function columnsOf(kind: CredentialName): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const [name, field] of Object.entries(kindOf(CREDENTIAL_TYPES[kind])!.claims.shape)) {
    const optional = field instanceof z.ZodOptional;
    const inner = (optional ? field.unwrap() : field) as z.ZodType;
    if (inner instanceof z.ZodObject)
      for (const [part, type] of Object.entries(inner.shape))
        columns.set(`${name}.${part}`, { path: [name, part], read: readerOf(type as z.ZodType), optional });
    else columns.set(name, { path: [name], read: readerOf(inner), optional });
  }
  return columns;
}

function readerOf(field: z.ZodType): Read {
  if (field instanceof z.ZodArray)
    return (text) => (text === '' ? [] : text.split(SEPARATOR).map((part) => part.trim()));
  if (field instanceof z.ZodBoolean || field instanceof z.ZodLiteral)
    return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  if (field instanceof z.ZodNumber)
    return (text) => (/^-?\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : text);
  return (text) => text;
}

export function planImport(kind: CredentialName, bytes: Uint8Array): ImportPlan {
  const columns = columnsOf(kind);
  const names = [...[...columns].map(([name, { optional }]) => name + (optional ? '?' : '')), `${EXPIRES}?`];
  const csv = readCsv(bytes);
  if ('fault' in csv) return { rows: [], faults: [csv.fault], columns: names };
  const [heading = [], ...body] = csv.rows;
  const faults = headingFaults(heading, columns);
  if (body.length > MAX_ROWS) faults.push(faultAt(body[MAX_ROWS]![0]!.line, '1', 'ROW_TOO_MANY'));
  if (faults.length > 0) return { rows: [], faults, columns: names };
  const rows: PlannedRow[] = [];
  const seen = new Set<string>();
  for (const cells of body) {
    const line = cells[0]!.line;
    if (cells.length === 1 && cells[0]!.text === '') continue;
    if (cells.length !== heading.length) {
      faults.push(faultAt(line, String(cells.length), 'ROW_LENGTH'));
      continue;
    }
    const found = rowFaults(kind, heading, cells, columns);
    if ('faults' in found) {
      faults.push(...found.faults);
      continue;
    }
    const same = JSON.stringify(found.claims);
    if (seen.has(same)) faults.push(faultAt(line, heading[0]!.text, 'ROW_TWICE'));
    seen.add(same);
    rows.push({ line, ...found });
  }
  return { rows, faults, columns: names };
}

function headingFaults(heading: readonly Cell[], columns: ReadonlyMap<string, Column>): Fault[] {
  const names = heading.map(({ text }) => text);
  const faults = names.flatMap((name, i) => {
    if (name !== EXPIRES && !columns.has(name)) return [faultAt(1, name || String(i + 1), 'COLUMN_UNKNOWN')];
    return names.indexOf(name) === i ? [] : [faultAt(1, name, 'COLUMN_TWICE')];
  });
  for (const [name, { optional }] of columns)
    if (!optional && !names.includes(name)) faults.push(faultAt(1, name, 'COLUMN_MISSING'));
  return faults;
}

function rowFaults(
  kind: CredentialName,
  heading: readonly Cell[],
  cells: readonly Cell[],
  columns: ReadonlyMap<string, Column>,
): { faults: Fault[] } | Omit<PlannedRow, 'line'> {
  const faults: Fault[] = [];
  const claims: Record<string, Json> = {};
  let expires: number | undefined;
  for (const [i, { text: name }] of heading.entries()) {
    const { text, line } = cells[i]!;
    if (text !== text.trim()) faults.push(faultAt(line, name, 'VALUE_SPACE'));
    else if (name === EXPIRES) {
      const day = dayOf(text);
      if (day === null) faults.push(faultAt(line, name, 'DATE_WRONG'));
      else expires = day;
    } else put(claims, columns.get(name)!, text);
  }
  const { shape } = kindOf(CREDENTIAL_TYPES[kind])!.claims;
  for (const [name, field] of Object.entries(shape)) {
    const read = (field as z.ZodType).safeParse(claims[name]);
    if (read.success) continue;
    const column = [name, ...read.error.issues[0]!.path.filter((step) => typeof step === 'string')].join('.');
    if (faults.some((one) => one.column === column)) continue;
    const at = heading.findIndex(({ text }) => text === column || text.startsWith(`${column}.`));
    const cell = cells[at];
    const empty = !cell || cell.text === '';
    faults.push(faultAt(cell?.line ?? cells[0]!.line, column, empty ? 'VALUE_MISSING' : 'VALUE_WRONG'));
  }
  return faults.length > 0 ? { faults } : { claims, ...(expires === undefined ? {} : { expires }) };
}

function put(claims: Record<string, Json>, { path, read, optional }: Column, text: string): void {
  if (text === '' && optional) return;
  const value = read(text);
  if (value === undefined) return;
  const [name, part] = path as [string, string?];
  if (part === undefined) claims[name] = value;
  else claims[name] = { ...(claims[name] as Record<string, Json> | undefined), [part]: value };
}

/** End of that day in UTC; undefined where nothing is stated, null for what is no day. */
function dayOf(text: string): number | undefined | null {
  if (text === '') return undefined;
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? fromIso(`${text}T00:00:00Z`) + 86_400_000 : null;
  } catch {
    return null;
  }
}
