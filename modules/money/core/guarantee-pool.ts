/** The funded pool in numbers that people read. Amounts are minor units, `bps` 1/10,000 of the capital. */
import type { Hex } from '@zhenmei/kernel';
import { BPS, free, GUARANTEE } from './guarantee-math.ts';

/** Days in which shares may leave once their time has come (`GuaranteePoolMath.EXIT_WINDOW`). */
export const EXIT_WINDOW_DAYS = 30;
/** Days that shares wait after asking (`GuaranteePoolMath.EXIT_DELAY`). */
export const EXIT_DELAY_DAYS = GUARANTEE.maxWindow / 86_400;

export interface PoolState {
  readonly capital: bigint;
  /** Put aside for claims that were made. */
  readonly frozen: bigint;
  readonly exposure: bigint;
  /** 15 % of the exposure, or half of the three largest clinics. */
  readonly minimum: bigint;
}

/** As decimal text; `ratioBps` is capital over the minimum, rounded down, and null where nothing is required. */
export function solvencyOf({ capital, frozen, exposure, minimum }: PoolState) {
  return {
    capital: capital.toString(),
    frozen: frozen.toString(),
    exposure: exposure.toString(),
    minimum: minimum.toString(),
    free: free(capital, frozen, minimum).toString(),
    ratioBps: minimum === 0n ? null : Number((capital * BPS) / minimum),
    enough: capital >= frozen + minimum,
  };
}

/** What is covered by clinic, the largest first; shares of the capital are rounded up. */
export function concentrationOf(
  covers: readonly { readonly clinic: Hex; readonly amount: bigint }[],
  capital: bigint,
): { readonly clinic: Hex; readonly amount: bigint; readonly bps: number | null }[] {
  const sums = new Map<Hex, bigint>();
  for (const { clinic, amount } of covers) sums.set(clinic, (sums.get(clinic) ?? 0n) + amount);
  return [...sums]
    .map(([clinic, amount]) => ({
      clinic,
      amount,
      bps: capital > 0n ? Number((amount * BPS + capital - 1n) / capital) : null,
    }))
    .sort((a, b) => (a.amount === b.amount ? (a.clinic < b.clinic ? -1 : 1) : a.amount < b.amount ? 1 : -1));
}
