/** Rows of somebody else's table as FHIR procedures: which column is what, and what a row does not say clearly. */

import type { Resource } from '../fhir/validate.ts';
import { SYSTEM } from '../record-parts.ts';
import { areasInText } from '../timeline/areas.ts';
import type { Table, TableRow } from './table.ts';

export const COLUMNS = [
  'date',
  'treatment',
  'area',
  'product',
  'lot',
  'amount',
  'unit',
  'doctor',
  'clinic',
  'note',
] as const;
export type Column = (typeof COLUMNS)[number];
/** Number of the column in the table for each meaning; what is not there is left out. */
export type Mapping = Readonly<Partial<Record<Column, number>>>;

/** Rows that are tried before the rest. */
export const TRIAL = 50;

/** Names of columns as Chinese and English systems have them, the more exact first. */
const NAMES: Readonly<Record<Column, RegExp>> = {
  date: /^(治疗|就诊|手术|操作|服务)?(日期|时间)$|^date|date$|^day$/i,
  treatment: /项目|治疗(名称|内容)|手术名称|treatment|procedure|service/i,
  area: /部位|area|site|zone|region/i,
  product: /产品|药品|耗材|材料|品牌|product|brand|material|drug/i,
  lot: /批号|批次|lot|batch/i,
  amount: /用量|剂量|数量|amount|dose|quantity|qty/i,
  unit: /单位|^units?$/i,
  doctor: /医生|医师|操作者|doctor|physician|injector|practitioner/i,
  clinic: /机构|医院|诊所|clinic|hospital|institution/i,
  note: /备注|说明|note|remark|comment/i,
};

/** What the header suggests; each column is used once. */
export function guessMapping(header: readonly string[]): Mapping {
  const taken = new Set<number>();
  const mapping: Partial<Record<Column, number>> = {};
  for (const column of COLUMNS) {
    const at = header.findIndex((name, i) => !taken.has(i) && NAMES[column].test(name.trim()));
    if (at < 0) continue;
    taken.add(at);
    mapping[column] = at;
  }
  return mapping;
}

export type RowFaultCode =
  | 'date-missing'
  | 'date-unclear'
  | 'date-future'
  | 'treatment-missing'
  | 'amount-unclear';
export interface RowFault {
  /** Line of the file. */
  readonly row: number;
  /** Number of the column from 1; 0 if no column was chosen for it. */
  readonly column: number;
  readonly code: RowFaultCode;
}

export interface RowResult {
  /** Null if the row cannot be kept as a record; it stays in the file, which is kept too. */
  readonly record: Resource | null;
  readonly faults: readonly RowFault[];
}

const CHINESE_DIGITS = /[０-９]/g;
const halfWidth = (text: string) =>
  text.replace(CHINESE_DIGITS, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

/** Year first, as everybody reads it alike; 03/04/2024 means two days and is not guessed. */
export function dateOf(text: string): string | null {
  const match =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$/.exec(halfWidth(text.trim())) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  if (!match) return null;
  const [, year, month, day] = match as unknown as [string, string, string, string];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) && Number(year) >= 1900 ? iso : null;
}

/** @param today `YYYY-MM-DD` */
export function readRow(row: TableRow, mapping: Mapping, today: string): RowResult {
  const cell = (column: Column): string => {
    const at = mapping[column];
    return at === undefined ? '' : (row.cells[at] ?? '');
  };
  const fault = (column: Column, code: RowFaultCode): RowFault => ({
    row: row.line,
    column: (mapping[column] ?? -1) + 1,
    code,
  });
  const faults: RowFault[] = [];
  const date = dateOf(cell('date'));
  if (cell('date') === '') faults.push(fault('date', 'date-missing'));
  else if (!date) faults.push(fault('date', 'date-unclear'));
  else if (date > today) faults.push(fault('date', 'date-future'));
  if (cell('treatment') === '') faults.push(fault('treatment', 'treatment-missing'));
  if (faults.length > 0) return { record: null, faults };
  const amount = cell('amount');
  // kept as it stands, so that nothing is lost, but pointed out
  if (amount !== '' && !/^\d+(?:\.\d+)?\s*\D*$/.test(halfWidth(amount)))
    faults.push(fault('amount', 'amount-unclear'));
  return { record: procedureOf(cell, date!), faults };
}

function procedureOf(cell: (column: Column) => string, date: string): Resource {
  const areas = areasInText(cell('area'));
  const note = [
    [cell('amount'), cell('unit')].filter(Boolean).join(' '),
    cell('lot') && `LOT ${cell('lot')}`,
    cell('note'),
  ].filter(Boolean);
  return {
    resourceType: 'Procedure',
    status: 'completed',
    code: { text: cell('treatment') },
    subject: { reference: 'Patient/self' },
    performedDateTime: date,
    ...(cell('doctor') || cell('clinic')
      ? {
          performer: [
            {
              actor: { display: cell('doctor') || cell('clinic') },
              ...(cell('clinic') ? { onBehalfOf: { display: cell('clinic') } } : {}),
            },
          ],
        }
      : {}),
    ...(cell('area')
      ? {
          bodySite: [
            {
              ...(areas.length > 0
                ? { coding: areas.map((code) => ({ system: `${SYSTEM}/area`, code })) }
                : {}),
              text: cell('area'),
            },
          ],
        }
      : {}),
    ...(cell('product') ? { usedCode: [{ text: cell('product') }] } : {}),
    ...(note.length > 0 ? { note: note.map((text) => ({ text })) } : {}),
  } as Resource;
}

export interface TableRecords {
  readonly kept: number;
  readonly faults: readonly RowFault[];
  readonly bundle: Resource | null;
}

/** @param from and @param to rows, `to` excluded */
export function readRows(
  table: Table,
  mapping: Mapping,
  today: string,
  from = 0,
  to = table.rows.length,
): TableRecords {
  const results = table.rows.slice(from, to).map((row) => readRow(row, mapping, today));
  const records = results.flatMap(({ record }) => (record ? [record] : []));
  return {
    kept: records.length,
    faults: results.flatMap(({ faults }) => faults),
    bundle: bundleOf(records),
  };
}

/** Null if there is nothing in it. */
export function bundleOf(resources: readonly Resource[]): Resource | null {
  if (resources.length === 0) return null;
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  } as unknown as Resource;
}
