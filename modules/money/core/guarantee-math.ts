/**
 * The guarantee's arithmetic as `contracts/src/base/GuaranteeMath.sol` and `GuaranteePoolMath.sol` have it, bit for bit.
 * Amounts are minor units, `Bps` 1/10,000, `ppm` 1/1,000,000. Each rounding is named where it is done.
 */

export const GUARANTEE = {
  copayBps: 2_000n,
  firstLossBps: 2_000n,
  maxGoodwillBps: 1_000n,
  minSilentBps: 5_000n,
  rateFloorPpm: 5_000n,
  rateCapPpm: 500_000n,
  rateStepBps: 2_500n,
  mcrBps: 1_500n,
  largestBps: 5_000n,
  concentrationBps: 1_000n,
  virtualShares: 1_000_000n,
  /** Seconds. */
  epoch: 90 * 86_400,
  minWaiting: 7 * 86_400,
  maxWindow: 180 * 86_400,
} as const;

/** What a claim asks for, and what an arbiter finds. */
export const FINDING = { refused: 0, objective: 1, noImprovement: 2, goodwill: 3 } as const;
export type Finding = (typeof FINDING)[keyof typeof FINDING];

export const BPS = 10_000n;
export const PPM = 1_000_000n;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Rounded down. */
export const share = (amount: bigint, bps: bigint): bigint => (amount * bps) / BPS;
/** Rounded up. */
export const shareUp = (amount: bigint, bps: bigint): bigint => (amount * bps + BPS - 1n) / BPS;

/** The most that may be covered of a price: what the co-pay leaves, rounded down. */
export const mostCovered = (price: bigint): bigint => price - shareUp(price, GUARANTEE.copayBps);

/** Who stands for how much; both layers together are the price. @param alone nobody stands behind the clinic */
export function layers(alone: boolean, price: bigint, sum: bigint): { firstLoss: bigint; backed: bigint } {
  const backed = alone ? 0n : sum - shareUp(sum, GUARANTEE.firstLossBps);
  return { firstLoss: price - backed, backed };
}

/** What a finding gives, rounded down. @param paid what the clinic kept of the price */
export function due(finding: number, paid: bigint, sum: bigint, goodwillBps: bigint): bigint {
  if (finding === FINDING.objective) return paid;
  if (finding === FINDING.noImprovement) return least(sum, mostCovered(paid));
  if (finding === FINDING.goodwill) return least(sum, share(paid, goodwillBps));
  return 0n;
}

/** What the arbiter's silence gives of what was asked for. */
export const dueInSilence = (
  asked: number,
  paid: bigint,
  sum: bigint,
  goodwillBps: bigint,
  silentBps: bigint,
): bigint =>
  share(
    due(asked === FINDING.goodwill ? FINDING.goodwill : FINDING.noImprovement, paid, sum, goodwillBps),
    silentBps,
  );

/** The bond pays first. */
export function waterfall(amount: bigint, firstLoss: bigint): { fromBond: bigint; fromBacker: bigint } {
  const fromBond = least(amount, firstLoss);
  return { fromBond, fromBacker: amount - fromBond };
}

/** Price of a cover, rounded up in favour of who stands behind it. */
export const premium = (sum: bigint, ppm: bigint, expense: bigint): bigint =>
  (sum * ppm + PPM - 1n) / PPM + expense;

/** @param before the cell's rate of an earlier epoch, 0 if there was none */
export function rateAllowed(before: bigint, ppm: bigint): boolean {
  const { rateFloorPpm, rateCapPpm, rateStepBps } = GUARANTEE;
  if (ppm < rateFloorPpm || ppm > rateCapPpm) return false;
  return (
    before === 0n || (ppm * BPS <= before * (BPS + rateStepBps) && ppm * BPS >= before * (BPS - rateStepBps))
  );
}

/** 15 % of what is covered, or half of the three largest clinics, rounded up. */
export function minimumCapital(exposures: readonly bigint[]): bigint {
  const all = exposures.reduce((sum, one) => sum + one, 0n);
  const largest = [...exposures]
    .sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))
    .slice(0, 3)
    .reduce((sum, one) => sum + one, 0n);
  const [byAll, byLargest] = [shareUp(all, GUARANTEE.mcrBps), shareUp(largest, GUARANTEE.largestBps)];
  if (byAll > byLargest) return byAll;
  return byLargest;
}

/** What may leave a pool. */
export function free(capital: bigint, frozen: bigint, minimum: bigint): bigint {
  const bound = frozen > minimum ? frozen : minimum;
  return capital > bound ? capital - bound : 0n;
}

export const carries = (capital: bigint, frozen: bigint, minimum: bigint, clinic: bigint): boolean =>
  frozen + minimum <= capital && clinic <= share(capital, GUARANTEE.concentrationBps);

export const toShares = (assets: bigint, supply: bigint, capital: bigint, up: boolean): bigint =>
  (assets * (supply + GUARANTEE.virtualShares) + (up ? capital : 0n)) / (capital + 1n);

export const toAssets = (shares: bigint, supply: bigint, capital: bigint, up: boolean): bigint => {
  const parts = supply + GUARANTEE.virtualShares;
  return (shares * (capital + 1n) + (up ? parts - 1n : 0n)) / parts;
};
