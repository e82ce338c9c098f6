/**
 * Prices of outcome covers by credibility (Bühlmann–Straub), from public events alone and in exact fractions: the same
 * table for whoever computes it. A cell is one clinic and one service standard; a period is an epoch of 90 days.
 */
import { canonicalJson, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { BPS, GUARANTEE, PPM, rateAllowed } from './guarantee-math.ts';

/** What one cell had in one period. */
export interface Experience {
  readonly cell: Hex;
  readonly epoch: number;
  /** Sums covered, and what was paid for them; minor units. */
  readonly covered: bigint;
  readonly paid: bigint;
}

export interface PriceLine {
  readonly cell: Hex;
  readonly ppm: number;
}

export interface PriceTable {
  readonly format: 'zhenmei-prices/1';
  readonly epoch: number;
  /** The last block whose events count. */
  readonly asOf: number;
  /** For a cell without experience. */
  readonly collectivePpm: number;
  readonly expense: string;
  readonly lines: readonly PriceLine[];
}

/** Claims of 4 % of what is covered, until there is experience; loading of 30 %. */
const PRIOR_PPM = 40_000n;
/** Weight of the prior, in minor units covered: a million yuan. */
const PRIOR_WEIGHT = 100_000_000n;
const LOADING_BPS = 3_000n;
const EXPENSE = 2_000n;

/** A fraction; the denominator is above 0. */
interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}
const ratio = (n: bigint, d: bigint): Ratio => {
  const g = gcd(n < 0n ? -n : n, d);
  return g > 1n ? { n: n / g, d: d / g } : { n, d };
};
function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
const add = (a: Ratio, b: Ratio) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
const sub = (a: Ratio, b: Ratio) => ratio(a.n * b.d - b.n * a.d, a.d * b.d);
const mul = (a: Ratio, b: Ratio) => ratio(a.n * b.n, a.d * b.d);
const div = (a: Ratio, b: Ratio) => ratio(a.n * b.d * (b.n < 0n ? -1n : 1n), a.d * (b.n < 0n ? -b.n : b.n));
const ZERO: Ratio = { n: 0n, d: 1n };
const whole = (n: bigint): Ratio => ({ n, d: 1n });
const ceil = ({ n, d }: Ratio): bigint => (n > 0n ? (n + d - 1n) / d : 0n);

export interface Credibility {
  /** Weighted mean of all, the prior included. */
  readonly mean: Ratio;
  /** K of Z = w / (w + K); null where cells do not differ more than chance explains, and then Z = 0. */
  readonly k: Ratio | null;
}

/** Mean, and the ratio of the variance within cells to that between them. */
export function credibility(experience: readonly Experience[]): Credibility {
  const cells = byCell(experience);
  const w = experience.reduce((sum, e) => sum + e.covered, 0n);
  const paid = experience.reduce((sum, e) => sum + e.paid, 0n);
  const mean = ratio(paid * PPM + PRIOR_PPM * PRIOR_WEIGHT, (w + PRIOR_WEIGHT) * PPM);
  const own = w > 0n ? ratio(paid, w) : ZERO;
  let within = ZERO;
  let degrees = 0n;
  let between = ZERO;
  let squares = 0n;
  for (const list of cells.values()) {
    const wi = list.reduce((sum, e) => sum + e.covered, 0n);
    if (wi === 0n) continue;
    const xi = ratio(
      list.reduce((sum, e) => sum + e.paid, 0n),
      wi,
    );
    const periods = list.filter((e) => e.covered > 0n);
    for (const e of periods) {
      const off = sub(ratio(e.paid, e.covered), xi);
      within = add(within, mul(whole(e.covered), mul(off, off)));
    }
    degrees += BigInt(periods.length - 1);
    const off = sub(xi, own);
    between = add(between, mul(whole(wi), mul(off, off)));
    squares += wi * wi;
  }
  if (degrees <= 0n || cells.size < 2) return { mean, k: null };
  const s2 = div(within, whole(degrees));
  const scale = sub(whole(w), ratio(squares, w));
  if (scale.n <= 0n) return { mean, k: null };
  const a = div(sub(between, mul(whole(BigInt(cells.size - 1)), s2)), scale);
  return { mean, k: a.n > 0n ? div(s2, a) : null };
}

function byCell(experience: readonly Experience[]): Map<Hex, Experience[]> {
  const cells = new Map<Hex, Experience[]>();
  for (const e of experience) cells.set(e.cell, [...(cells.get(e.cell) ?? []), e]);
  return cells;
}

/** Rate of an expected share of loss, with the loading, within the bounds and a quarter of the rate before. */
function rateOf(expected: Ratio, before: bigint): number {
  const raw = ceil(mul(expected, ratio(PPM * (BPS + LOADING_BPS), BPS)));
  const low = before === 0n ? 0n : (before * (BPS - GUARANTEE.rateStepBps) + BPS - 1n) / BPS;
  const high = before === 0n ? GUARANTEE.rateCapPpm : (before * (BPS + GUARANTEE.rateStepBps)) / BPS;
  const { rateFloorPpm: floor, rateCapPpm: cap } = GUARANTEE;
  const clamp = (x: bigint, a: bigint, b: bigint) => (x < a ? a : x > b ? b : x);
  const rate = clamp(clamp(raw, low, high), floor, cap);
  if (!rateAllowed(before, rate)) throw new RangeError('no rate is within the bounds');
  return Number(rate);
}

/** @param before rates of the table before, by cell */
export function priceTable(
  experience: readonly Experience[],
  at: { readonly epoch: number; readonly asOf: number; readonly before: ReadonlyMap<Hex, number> },
): PriceTable {
  const { mean, k } = credibility(experience);
  const lines = [...byCell(experience)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cell, list]) => {
      const w = list.reduce((sum, e) => sum + e.covered, 0n);
      const own =
        w > 0n
          ? ratio(
              list.reduce((sum, e) => sum + e.paid, 0n),
              w,
            )
          : mean;
      const z = k && w > 0n ? div(whole(w), add(whole(w), k)) : ZERO;
      const expected = add(mul(z, own), mul(sub(whole(1n), z), mean));
      return { cell, ppm: rateOf(expected, BigInt(at.before.get(cell) ?? 0)) };
    });
  return {
    format: 'zhenmei-prices/1',
    epoch: at.epoch,
    asOf: at.asOf,
    collectivePpm: rateOf(mean, 0n),
    expense: EXPENSE.toString(),
    lines,
  };
}

export const tableHash = (table: PriceTable): Hex => toHex0x(sha256(utf8(canonicalJson(table as never))));
