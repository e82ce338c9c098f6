export { decide, type Facts, type PolicyDecision, type PolicyReason } from './core/decide.ts';
export { type Cited, deadlinesOf, largest, retentionOf } from './core/law.ts';
export { type Deadline, PolicyPack, packHash, type Retention } from './core/pack.ts';
export {
  type CoolingOffRule,
  coolingOffRule,
  type PaymentRail,
  paymentRails,
  type SettlementProfile,
  settlementProfile,
} from './core/settlement.ts';
export { packByHash } from './packs/by-hash.ts';
export { cn } from './packs/cn.ts';
export { packsOf, REGIONS } from './packs/regions.ts';
