/**
 * Signals that a unit was copied. What cannot both be true (opened where it is not held, spent twice) is decisive;
 * counts of scans only open a case for people to look at, and never change what anybody reads about a unit.
 */
import type { ReasonCode } from './reasons.ts';

/** Broken invariants, each of which opens a case about the unit. */
export type InvariantSignal = 'OPENED_OUTSIDE_CUSTODY' | 'SPENT_TWICE' | 'OPENED_WITHOUT_RECORD';

export interface UnitFacts {
  readonly codes: readonly ReasonCode[];
  readonly purpose: 'before-use' | 'after-use' | 'public';
  /** Openings by the registry on chain; undefined if it does not know the unit. */
  readonly openings: number | undefined;
  /** Uses that were captured as events. */
  readonly uses: number;
}

export function invariantSignals({ codes, purpose, openings, uses }: UnitFacts): InvariantSignal[] {
  // someone is about to use what was used, or more uses were stated than the chain allowed
  const twice =
    (purpose === 'before-use' && codes.includes('ALREADY_USED')) ||
    (openings !== undefined && uses > openings);
  return [
    ...(codes.includes('OPENED_OUTSIDE_CUSTODY') ? (['OPENED_OUTSIDE_CUSTODY'] as const) : []),
    ...(twice ? (['SPENT_TWICE'] as const) : []),
    ...(openings !== undefined && openings > uses ? (['OPENED_WITHOUT_RECORD'] as const) : []),
  ];
}

export interface ScanFacts {
  /** Scans of this unit in the last 24 hours, this one included. */
  readonly scans: number;
  /** Regions they came from. */
  readonly regions: number;
}

const MANY_SCANS = 10;

/** Is a scan of the kind that copies cause more often than honest units do? */
export const isUnusual = ({ scans, regions }: ScanFacts): boolean => regions > 1 || scans > MANY_SCANS;

/** Share of unusual scans of a product in a region without copies, and with enough of them to be worth a look. */
const P0 = 0.01;
const P1 = 0.1;
/** ln of the odds at which a case is opened: one false case in about ten thousand sequences (Wald). */
export const OPENS_AT = Math.log((1 - 0.1) / 0.0001);

/**
 * The sequential likelihood ratio of a product in a region after one more scan (Page's cumulative sum: it never falls
 * below 0, so that long quiet does not hide a new beginning).
 */
export function likelihoodAfter(ratio: number, unusual: boolean): number {
  return Math.max(0, ratio + (unusual ? Math.log(P1 / P0) : Math.log((1 - P1) / (1 - P0))));
}
