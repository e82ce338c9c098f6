/** The register of toxic drugs (毒性药品专用账册): every movement with its amount, balance and persons; and as a file. */
import type { MovementKind } from './stock.ts';

export interface RegisterRow {
  /** RFC 3339. */
  readonly at: string;
  readonly kind: MovementKind;
  readonly product: { readonly zh: string; readonly en: string };
  readonly lot: string;
  readonly serial: string;
  /** Into the cupboard, or out of it with a minus. */
  readonly amount: number;
  /** In this vial. */
  readonly remaining: number;
  /** All of this product that the clinic holds then. */
  readonly balance: number;
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

export interface RegisterMovement {
  readonly kind: MovementKind;
  readonly amount: number | null;
  readonly remaining: number;
}

/** What a movement changes in the cupboard; null if it is none of the register's. */
export function registerAmount({ kind, amount, remaining }: RegisterMovement): number | null {
  switch (kind) {
    case 'received':
      return remaining;
    case 'used':
    case 'wasted':
      return -(amount ?? 0);
    case 'returned':
    case 'lost':
      return -remaining;
    case 'held':
    case 'released':
    case 'recalled':
    case 'recall-lifted':
    case 'counted':
      return 0;
    default:
      return null;
  }
}

export const REGISTER_COLUMNS = [
  'at',
  'kind',
  'product',
  'lot',
  'serial',
  'amount',
  'remaining',
  'balance',
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
    String(row.amount),
    String(row.remaining),
    String(row.balance),
    row.amountUnit,
    row.by,
    row.second,
    row.reason === '' ? '' : words.reason(row.reason),
    row.event,
  ]);
  return `\ufeff${[words.columns, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front; a number is none. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
