/**
 * A clinic's statement, day by day: what came into the escrow for it, what became of it, and what it took out.
 * On every day: everything in = paid + fee + refunded + held.
 */
import type { Hex } from '@zhenmei/kernel';

/** One movement of money that concerns the clinic; minor units, milliseconds. */
export interface StatementLine {
  readonly at: number;
  readonly kind: 'in' | 'paid' | 'fee' | 'refunded' | 'withdrawn';
  readonly agreementId: Hex | null;
  readonly amount: bigint;
}

export interface StatementDay {
  /** `YYYY-MM-DD` in the clinic's zone. */
  readonly day: string;
  readonly opened: number;
  readonly in: bigint;
  readonly paid: bigint;
  readonly fee: bigint;
  readonly refunded: bigint;
  readonly withdrawn: bigint;
  /** At the end of the day: still in escrow, and credited to the clinic but not taken out. */
  readonly held: bigint;
  readonly credit: bigint;
}

/** Milliseconds that clinics' clocks are ahead of UTC: China, all year. */
const AHEAD = 8 * 3_600_000;

export const dayOf = (at: number): string => new Date(at + AHEAD).toISOString().slice(0, 10);
/** The first millisecond of a day. */
export const dayStarts = (day: string): number => Date.parse(`${day}T00:00:00Z`) - AHEAD;

/**
 * The days from `from` to `to` (both included) on which anything moved, oldest first.
 * @param lines all lines up to `to`, in order of time: what came before `from` makes the opening balance
 */
export function statementDays(lines: readonly StatementLine[], from: string, to: string): StatementDay[] {
  const days: StatementDay[] = [];
  let held = 0n;
  let credit = 0n;
  for (const line of lines) {
    const day = dayOf(line.at);
    if (day > to) break;
    if (line.kind === 'in') held += line.amount;
    else if (line.kind === 'withdrawn') credit -= line.amount;
    else held -= line.amount;
    if (line.kind === 'paid') credit += line.amount;
    if (day < from) continue;
    const last = days.at(-1);
    const present = last?.day === day ? (days.pop() as StatementDay) : empty(day);
    days.push({
      ...present,
      opened: present.opened + (line.kind === 'in' ? 1 : 0),
      [line.kind]: present[line.kind] + line.amount,
      held,
      credit,
    });
  }
  return days;
}

const empty = (day: string): StatementDay => ({
  day,
  opened: 0,
  in: 0n,
  paid: 0n,
  fee: 0n,
  refunded: 0n,
  withdrawn: 0n,
  held: 0n,
  credit: 0n,
});

/** Rows as RFC 4180 has them; text that a spreadsheet would run as a formula is kept from it. */
export function csv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Minor units as decimal text for a spreadsheet, e.g. `3980.00`. */
export function decimalText(minor: bigint): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
