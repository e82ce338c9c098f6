/** Energy devices: whether one may be used now. Counters never go down; a limit that is passed refuses. */

export const DEVICE_CLASSES = [
  'radiofrequency',
  'focused-ultrasound',
  'laser',
  'intense-pulsed-light',
  'plasma',
  'cryolipolysis',
] as const;
export type DeviceClass = (typeof DEVICE_CLASSES)[number];

export const INSPECTION_KINDS = ['calibration', 'service', 'repair'] as const;
export type InspectionKind = (typeof INSPECTION_KINDS)[number];

export interface Inspection {
  readonly kind: InspectionKind;
  /** Milliseconds since the epoch. */
  readonly performedAt: number;
  readonly validUntil: number | null;
  readonly passed: boolean;
}

export interface Counter {
  readonly unit: string;
  readonly value: number;
  /** Shots it may give; null without a limit. */
  readonly limit: number | null;
}

export interface Fitness {
  readonly calibrationValid: boolean;
  readonly calibratedUntil: number | null;
  readonly passedLastInspection: boolean;
  /** Does anything on it run out? */
  readonly limited: boolean;
  /** The least that any part on the device has left; 0 without limits. */
  readonly shotsLeft: number;
  readonly lastServiceAt: number | null;
}

/** @param parts counters of what is fitted now @param now milliseconds since the epoch */
export function fitnessOf(
  inspections: readonly Inspection[],
  parts: readonly Counter[],
  now: number,
): Fitness {
  const past = inspections.filter(({ performedAt }) => performedAt <= now);
  const newest = [...past].sort((a, b) => b.performedAt - a.performedAt);
  const calibration = newest.find(({ kind }) => kind === 'calibration');
  const left = parts.flatMap(({ value, limit }) => (limit === null ? [] : [limit - value]));
  return {
    calibrationValid:
      calibration?.passed === true && calibration.validUntil !== null && now <= calibration.validUntil,
    calibratedUntil: calibration?.validUntil ?? null,
    passedLastInspection: newest[0]?.passed ?? false,
    limited: left.length > 0,
    shotsLeft: left.length === 0 ? 0 : Math.min(...left),
    lastServiceAt: newest.find(({ passed }) => passed)?.performedAt ?? null,
  };
}

export type CounterRefusal =
  | { readonly code: 'COUNTER_BACKWARDS'; readonly params: { last: number; value: number } }
  | { readonly code: 'COUNTER_OVER_LIMIT'; readonly params: { limit: number; value: number } };

/** Why a new reading cannot stand, or null. */
export function refuseReading(counter: Counter, value: number): CounterRefusal | null {
  if (value < counter.value) return { code: 'COUNTER_BACKWARDS', params: { last: counter.value, value } };
  if (counter.limit !== null && value > counter.limit)
    return { code: 'COUNTER_OVER_LIMIT', params: { limit: counter.limit, value } };
  return null;
}
