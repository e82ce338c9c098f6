/** Every pack that was ever in force here, so that what was decided under one can be shown with it. */
import { type PolicyPack, packHash } from '../core/pack.ts';
import { cn, cn100, cn110, cn120, cn130, cn140, cn150 } from './cn.ts';
import first from './past/cn-2026-11-24.json' with { type: 'json' };

const PACKS = new Map(
  [first as PolicyPack, cn100, cn110, cn120, cn130, cn140, cn150, cn].map((pack) => [packHash(pack), pack]),
);

/** @param hash 64 hex digits, with or without 0x */
export const packByHash = (hash: string): PolicyPack | undefined => PACKS.get(hash.replace(/^0x/, ''));
