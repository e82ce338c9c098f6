/** Packs that visits still refer to but that no visit has kept: they were offered before a visit kept its own. */
import { type PolicyPack, packHash } from '../core/pack.ts';
import first from './past/cn-2026-11-24.json' with { type: 'json' };

const PAST = [first as PolicyPack];

/** @param hash hex SHA-256 of the pack */
export const pastPack = (hash: string): PolicyPack | null =>
  PAST.find((pack) => packHash(pack) === hash) ?? null;
