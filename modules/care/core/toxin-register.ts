/** The register of toxic drugs (毒性药品专用账册): every movement with its amount, balance and persons; and as a file. */
import type { MovementKind } from './stock.ts';

export interface RegisterRow {
  /** RFC 3339. */
  readonly at: string;
  readonly kind: MovementKind;
  readonly product: { readonly zh: string; readonly en: string };
  readonly lot: string;
  readonly serial: string;
  readonly amount: number | null;
  readonly remaining: number;
  readonly amountUnit: string;
  /** Who did it, and who confirmed it. */
  readonly by: string;
  readonly second: string;
  readonly reason: string;
  readonly event: string;
}

export interface RegisterWords {
  readonly columns: readonly string[];
  kind(kind: MovementKind): string;
  reason(reason: string): string;
}

export const REGISTER_COLUMNS = [
  'at',
  'kind',
  'product',
  'lot',
  'serial',
  'amount',
  'remaining',
  'unit',
  'by',
  'second',
  'reason',
  'event',
] as const;

/** RFC 4180, with a byte order mark so that spreadsheets read the Chinese. */
export function registerCsv(rows: readonly RegisterRow[], lang: 'zh' | 'en', words: RegisterWords): string {
  const lines = rows.map((row) => [
    row.at,
    words.kind(row.kind),
    row.product[lang],
    row.lot,
    row.serial,
    row.amount === null ? '' : String(row.amount),
    String(row.remaining),
    row.amountUnit,
    row.by,
    row.second,
    row.reason === '' ? '' : words.reason(row.reason),
    row.event,
  ]);
  return `\ufeff${[words.columns, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
