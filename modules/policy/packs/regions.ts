/** Which packs are in force where. Several combine by the stricter answer. */
import type { PolicyPack } from '../core/pack.ts';
import { cn } from './cn.ts';

const PACKS: Readonly<Record<string, readonly PolicyPack[]>> = { CN: [cn] };

/** Regions for which rules are known (ISO 3166). */
export const REGIONS: readonly string[] = Object.keys(PACKS);

/** No packs, no permission: an unknown region refuses everything. A country's packs count in its parts. */
export function packsOf(region: string): readonly PolicyPack[] {
  const country = region.split('-')[0]!;
  return Object.hasOwn(PACKS, country) ? PACKS[country]! : [];
}
