/** A stock-take compared with the record: what is missing, and what should not be there. */
import { ON_SHELF, type StockState } from './stock.ts';

export interface CountRow {
  readonly unit: string;
  readonly state: StockState;
}

export interface CountResult {
  readonly counted: readonly string[];
  /** On the shelf by the record, but not seen. */
  readonly missing: readonly string[];
  /** Seen, but not on the shelf by the record; with what the record says. */
  readonly unexpected: readonly { readonly unit: string; readonly state: StockState | null }[];
}

/** @param rows units that this clinic has or had @param seen units that were scanned, repeated or not */
export function compareCount(rows: readonly CountRow[], seen: readonly string[]): CountResult {
  const record = new Map(rows.map(({ unit, state }) => [unit, state]));
  const counted = [...new Set(seen)].sort();
  const onShelf = (unit: string) => {
    const state = record.get(unit);
    return state !== undefined && ON_SHELF.includes(state);
  };
  const found = new Set(counted);
  return {
    counted,
    missing: [...record.keys()].filter((unit) => onShelf(unit) && !found.has(unit)).sort(),
    unexpected: counted
      .filter((unit) => !onShelf(unit))
      .map((unit) => ({ unit, state: record.get(unit) ?? null })),
  };
}
