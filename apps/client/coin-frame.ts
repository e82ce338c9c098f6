/** What an agreement is held in: the closed loop's unit, or the coin of the clinic's region. */
import type { VisitView } from '@zhenmei/care/api.ts';
import type { TermsFrame } from '@zhenmei/care/core/terms.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { inPrice } from '@zhenmei/money/core/coin-amounts.ts';
import type { PlainTerms } from '@zhenmei/money/core/plain-terms.ts';
import { getAddress, isAddress } from 'viem';

/** A coin as the house's configuration names it. */
export interface Coin {
  readonly token: Hex;
  readonly symbol: string;
  readonly digits: number;
  readonly currency: string;
  readonly regions: readonly string[];
  readonly by: 'permit' | 'authorization';
  readonly domain: { readonly name: string; readonly version: string };
}

interface HouseMoney {
  readonly contracts: Readonly<Record<string, Hex>>;
  readonly coins: readonly Coin[];
  readonly feeTo: Hex;
  readonly arbiter: Hex;
}

/** As people compare it, with the capitals that find a wrong letter (ERC-55). */
export const shownAddress = (address: Hex): string => getAddress(address);

/** The same in groups of four, as people read it out and as a line can break. */
export const addressInGroups = (address: Hex): string =>
  `0x${shownAddress(address).slice(2).match(/.{4}/g)!.join(' ')}`;

/** What somebody typed as an address; null if it is none, or one of its letters is wrong. */
export const readAddress = (text: string): Hex | null =>
  isAddress(text.replaceAll(/\s/g, '')) ? (text.replaceAll(/\s/g, '').toLowerCase() as Hex) : null;

/** A country's rules count in its parts. */
export const coinOfRegion = (coins: readonly Coin[], region: string): Coin | null =>
  coins.find(({ regions }) => regions.includes(region.split('-')[0]!)) ?? null;

/** The coin's smallest units in one minor unit of the price, which has two digits. */
export const scaleOf = ({ digits }: Pick<Coin, 'digits'>): bigint => 10n ** BigInt(digits - 2);

/** Which of the house's coins terms are in; null in the closed loop. */
export const coinOfTerms = (coins: readonly Coin[], terms: { readonly token: string }): Coin | null =>
  coins.find(({ token }) => token === terms.token.toLowerCase()) ?? null;

/**
 * Smallest units of what terms are held in, in one minor unit of the price; 1 in the closed loop's unit alone. What the
 * terms themselves add up to is no answer: a device reads them before it trusts them. Throws COIN_SCALE_UNKNOWN.
 */
export function scaleOfTerms(
  { coins, contracts }: Pick<HouseMoney, 'coins' | 'contracts'>,
  terms: { readonly token: string },
): bigint {
  const coin = coinOfTerms(coins, terms);
  if (coin) return scaleOf(coin);
  if (terms.token.toLowerCase() !== contracts.SettlementUnit?.toLowerCase())
    throw new AppError('COIN_SCALE_UNKNOWN');
  return 1n;
}

/**
 * Terms with their amounts in minor units of the price. Null for terms that were not made from a price.
 * Throws COIN_SCALE_UNKNOWN.
 */
export function pricedTerms(
  house: Pick<HouseMoney, 'coins' | 'contracts'>,
  terms: PlainTerms,
): PlainTerms | null {
  return inPrice(terms, scaleOfTerms(house, terms));
}

export function frameOf(
  { contracts, coins, feeTo, arbiter }: HouseMoney,
  { clinic }: Pick<VisitView, 'clinic'>,
): TermsFrame {
  const coin = coinOfRegion(coins, clinic.region);
  return coin
    ? { token: coin.token, coin: { scale: scaleOf(coin) }, feeTo, arbiter }
    : { token: contracts.SettlementUnit!, feeTo, arbiter };
}
