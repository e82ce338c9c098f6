/** Experience of the price table from covers that are over: a cover counts in the epoch in which it was opened. */
import type { Hex } from '@zhenmei/kernel';
import { GUARANTEE } from './guarantee-math.ts';
import type { Experience } from './guarantee-price.ts';

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
