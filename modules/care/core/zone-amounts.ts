/** How much of a unit went where: whole amounts in the product's own unit (µL, units, mg, shots). */
export interface ZoneAmount {
  readonly zone: string;
  readonly amount: number;
}

/** The opened amount spread evenly over the procedure's places, what does not divide at the first ones: a proposal to correct. */
export const spread = (zones: readonly string[], amount: number): ZoneAmount[] =>
  zones.map((zone, i) => ({
    zone,
    amount: Math.floor(amount / zones.length) + (i < amount % zones.length ? 1 : 0),
  }));

/** @returns the sum, or null if a place has no whole amount, none was treated, or more was used than was opened */
export function usedIn(amounts: readonly ZoneAmount[], opened: number): number | null {
  if (amounts.some(({ amount }) => !Number.isSafeInteger(amount) || amount < 0)) return null;
  const sum = amounts.reduce((so, { amount }) => so + amount, 0);
  return sum > 0 && sum <= opened ? sum : null;
}
