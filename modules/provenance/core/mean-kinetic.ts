/**
 * Mean kinetic temperature (USP <1079>): the one constant temperature that would age a product as much as the
 * temperatures it went through. ΔH = 83.144 kJ/mol, R = 8.3144 J/(mol·K).
 */
const ACTIVATION = 83.144;
const GAS_CONSTANT = 8.3144e-3;
const RATIO = ACTIVATION / GAS_CONSTANT;
const ZERO_C = 273.15;

export interface Held {
  /** Degrees Celsius. */
  readonly celsius: number;
  /** How long; in any unit, the same for all. */
  readonly weight: number;
}

/** Degrees Celsius; null if nothing was measured for any time. */
export function meanKinetic(readings: readonly Held[]): number | null {
  let total = 0;
  let sum = 0;
  for (const { celsius, weight } of readings) {
    total += weight;
    sum += weight * Math.exp(-RATIO / (celsius + ZERO_C));
  }
  return total > 0 ? RATIO / -Math.log(sum / total) - ZERO_C : null;
}
