export { decide, type Facts, type PolicyDecision, type PolicyReason } from './core/decide.ts';
export { PolicyPack, packHash } from './core/pack.ts';
export { packByHash } from './packs/by-hash.ts';
export { cn } from './packs/cn.ts';
export { packsOf, REGIONS } from './packs/regions.ts';
