/** What a region's packs say of the money an agreement is held in, and of stepping back from it. */
import { largest } from './law.ts';
import type { PolicyPack } from './pack.ts';

/**
 * `closed-loop`: a unit that a custodian mints and only our contracts move. `public`: an ERC-20 that anybody may hold.
 * `partner`: an ERC-20 of a licensed partner.
 */
export type SettlementProfile = 'closed-loop' | 'public' | 'partner';

/**
 * How a patient pays into the held account. `custodian`: a transfer to its bank. `card`: through an acquirer. `token`: a
 * stablecoin, from her own address.
 */
export type PaymentRail = 'custodian' | 'card' | 'token';

export interface CoolingOffRule {
  /** Seconds at least. */
  readonly least: number;
  readonly startsWith: 'payment' | 'consultation';
  readonly waivable: boolean;
  /** Whoever had the same service before may step back no longer. */
  readonly sameServiceExempt: boolean;
}

/** True only if every pack says so: what one does not allow, or says nothing of, is not allowed. */
const all = (packs: readonly PolicyPack[], parameter: string): boolean =>
  packs.length > 0 && packs.every(({ parameters }) => parameters[parameter] === true);

/** A token that people may pass on needs every pack's word (`transferableToken`), and so does one of a partner's alone (`partnerToken`). */
export function settlementProfile(packs: readonly PolicyPack[]): SettlementProfile {
  if (all(packs, 'transferableToken')) return 'public';
  return all(packs, 'partnerToken') ? 'partner' : 'closed-loop';
}

export function coolingOffRule(packs: readonly PolicyPack[]): CoolingOffRule {
  const starts = packs.map(({ parameters }) => parameters.coolingOffStartsWith);
  return {
    least: largest(packs, 'coolingOffSeconds') ?? 0,
    startsWith: starts.length > 0 && starts.every((s) => s === 'consultation') ? 'consultation' : 'payment',
    waivable: all(packs, 'coolingOffWaivable'),
    sameServiceExempt: all(packs, 'coolingOffSameServiceExempt'),
  };
}

/**
 * What the region lets patients pay with; the first is the default. A closed loop is paid into through its custodian, and
 * by card where every pack says so (`cardPayments`); a token is paid in itself, and in nothing else. No pack, no rail.
 */
export function paymentRails(packs: readonly PolicyPack[]): readonly PaymentRail[] {
  if (packs.length === 0) return [];
  if (settlementProfile(packs) !== 'closed-loop') return ['token'];
  return all(packs, 'cardPayments') ? ['custodian', 'card'] : ['custodian'];
}
