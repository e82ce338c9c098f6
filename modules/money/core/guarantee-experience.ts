/** Experience of the price table from covers that are over: a cover counts in the epoch in which it was opened. */
import type { Hex } from '@zhenmei/kernel';
import { GUARANTEE } from './guarantee-math.ts';
import { type Experience, type PriceTable, priceTable, tableHash } from './guarantee-price.ts';

export interface CoverEvent {
  readonly cell: Hex;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly sum: bigint;
  readonly paid: bigint;
  /** Settled or lapsed; an open cover tells nothing yet. */
  readonly over: boolean;
}

export const epochOf = (ms: number): number => Math.floor(ms / 1000 / GUARANTEE.epoch);

/** One line for each cell and epoch, in order. */
export function cellsOf(covers: readonly CoverEvent[]): Experience[] {
  const lines = new Map<string, { cell: Hex; epoch: number; covered: bigint; paid: bigint }>();
  for (const { cell, openedAt, sum, paid, over } of covers) {
    if (!over) continue;
    const epoch = epochOf(openedAt);
    const key = `${cell}/${epoch}`;
    const line = lines.get(key) ?? { cell, epoch, covered: 0n, paid: 0n };
    lines.set(key, { ...line, covered: line.covered + sum, paid: line.paid + paid });
  }
  return [...lines.values()].sort((a, b) =>
    a.cell === b.cell ? a.epoch - b.epoch : a.cell < b.cell ? -1 : 1,
  );
}

/** A cover as the chain's events tell it. */
export interface ChainCover extends Omit<CoverEvent, 'over'> {
  /** Block in which it was settled or lapsed; null while it is neither. */
  readonly endedAt: number | null;
}

export interface Posted {
  readonly epoch: number;
  readonly hash: Hex;
  /** The last block whose events count. */
  readonly asOf: number;
}

/** The table of an epoch, from covers that ended up to a block. @param before the table of the epoch before */
export function tableOf(
  covers: readonly ChainCover[],
  at: { readonly epoch: number; readonly asOf: number },
  before: PriceTable | null,
): PriceTable {
  const ended = covers.map((c) => ({ ...c, over: c.endedAt !== null && c.endedAt <= at.asOf }));
  const rates = new Map(before?.lines.map(({ cell, ppm }) => [cell, ppm]));
  return priceTable(cellsOf(ended), { ...at, before: rates });
}

/** Every posted table computed again; each follows from the one before. */
export function recomputed(
  covers: readonly ChainCover[],
  posted: readonly Posted[],
): { readonly posted: Posted; readonly table: PriceTable; readonly same: boolean }[] {
  let before: PriceTable | null = null;
  return posted
    .toSorted((a, b) => a.epoch - b.epoch)
    .map((one) => {
      const table = tableOf(covers, one, before);
      before = table;
      return { posted: one, table, same: tableHash(table) === one.hash };
    });
}
