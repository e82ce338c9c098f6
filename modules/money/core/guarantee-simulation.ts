/** A year of covers, drawn many times: what is lost, and what capital that takes. Chance is passed in. */

export interface Assumptions {
  readonly covers: number;
  readonly clinics: number;
  /** Minor units covered by each. */
  readonly sum: number;
  /** Chance of a claim that is paid in full, in an ordinary year. */
  readonly claimRate: number;
  /** Chance of a bad year of a clinic, and how many times as many claims it then has. */
  readonly badYear: number;
  readonly badFactor: number;
  readonly years: number;
}

export interface Outcome {
  /** What remains for whoever stands behind the bonds, of what is covered; one number a year, in order. */
  readonly losses: readonly number[];
  readonly mean: number;
  readonly var995: number;
  /** Share of years in which premium and minimum capital did not suffice. */
  readonly ruin: number;
  /** Of the covered sums. */
  readonly premium: number;
  readonly minimum: number;
}

const BACKED = 0.8;
const LOADING = 1.3;

/** @param random numbers in [0, 1) */
export function simulate(a: Assumptions, random: () => number): Outcome {
  const each = Math.floor(a.covers / a.clinics);
  const exposure = each * a.clinics;
  const losses: number[] = [];
  for (let year = 0; year < a.years; year++) {
    let claims = 0;
    for (let clinic = 0; clinic < a.clinics; clinic++) {
      const rate = a.claimRate * (random() < a.badYear ? a.badFactor : 1);
      for (let i = 0; i < each; i++) if (random() < rate) claims++;
    }
    losses.push((claims * BACKED) / exposure);
  }
  losses.sort((x, y) => x - y);
  const mean = losses.reduce((all, one) => all + one, 0) / losses.length;
  const premium = mean * LOADING;
  const minimum = Math.max(0.15, (0.5 * Math.min(3, a.clinics)) / a.clinics) * BACKED;
  return {
    losses,
    mean,
    var995: losses[Math.min(losses.length - 1, Math.floor(losses.length * 0.995))]!,
    ruin: losses.filter((loss) => loss > premium + minimum).length / losses.length,
    premium,
    minimum,
  };
}

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
