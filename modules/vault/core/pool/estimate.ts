/** From what was said to what is likely true: the unbiased estimate with its standard error, and nothing about few. */
import { chances, DRAWS, type Epsilon } from './noise.ts';

/** Of the people who answered, in thousandths; before any rounding of what cannot be, such as less than none. */
export interface Estimate {
  readonly share: number;
  readonly error: number;
}
/** Null where too few said it, or where it would follow from the rest. */
export type Numbers = (Estimate | null)[];

/** @param said how many said each choice @returns shares between about 0 and 1, and standard errors */
export function estimate(said: readonly number[], epsilon: Epsilon): { share: number; error: number }[] {
  const all = said.reduce((sum, n) => sum + n, 0);
  const { truth, other } = chances(epsilon, said.length);
  const [p, q] = [truth / DRAWS, other / DRAWS];
  return said.map((n) => {
    const seen = n / all;
    return {
      share: (seen - q) / (p - q),
      error: Math.sqrt((seen * (1 - seen)) / Math.max(1, all - 1)) / (p - q),
    };
  });
}

/**
 * Which choices may be shown: none that fewer than `k` said, and no single gap or gap of fewer than `k` people that the
 * rest would fill in.
 */
export function shown(said: readonly number[], k: number): boolean[] {
  const open = said.map((n) => n >= k);
  for (;;) {
    const hidden = said.filter((_, i) => !open[i]);
    const people = hidden.reduce((sum, n) => sum + n, 0);
    if (hidden.length === 0 || (hidden.length > 1 && people >= k) || hidden.length === said.length)
      return open;
    const smallest = said.reduce((best, n, i) => (open[i] && (best < 0 || n < said[best]!) ? i : best), -1);
    open[smallest] = false;
  }
}

/** What is published of one question; null if fewer than `k` answered. */
export function numbersOf(said: readonly number[], epsilon: Epsilon, k: number): Numbers | null {
  if (said.reduce((sum, n) => sum + n, 0) < k) return null;
  const open = shown(said, k);
  if (!open.includes(true)) return null;
  return estimate(said, epsilon).map(({ share, error }, i) =>
    open[i] ? { share: Math.round(share * 1_000), error: Math.ceil(error * 1_000) } : null,
  );
}

/** An earlier release as far as it counts for what may follow. */
export interface Earlier {
  readonly release: number;
  /** How many people it was made of. */
  readonly people: number;
  /** How many of them are among those of the new one. */
  readonly shared: number;
}

/**
 * Two releases whose people differ by fewer than `k` would give those away: the new one repeats the earlier.
 * Who left since is not among the shared and so counts as a difference.
 * @returns the release to repeat, the latest of those too near, or null
 */
export function repeats(people: number, earlier: readonly Earlier[], k: number): number | null {
  const near = earlier.filter((one) => people + one.people - 2 * one.shared < k);
  return near.length === 0 ? null : Math.max(...near.map(({ release }) => release));
}
