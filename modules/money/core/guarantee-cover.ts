/** A cover as JSON, drafted from an agreement's terms: the clinic and the server compute it alike. */
import { canonicalJson, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { due, dueInSilence, FINDING, GUARANTEE, layers, mostCovered } from './guarantee-math.ts';

export const PROFILES = ['promise', 'insurer', 'pool'] as const;
export type Profile = (typeof PROFILES)[number];

/** `Cover` of the contract; amounts as decimal text, times in seconds since the epoch. */
export interface CoverJson {
  readonly agreement: Hex;
  readonly profile: number;
  readonly arbiter: Hex;
  readonly backer: Hex;
  readonly conditions: Hex;
  readonly person: Hex;
  readonly sum: string;
  readonly openBy: number;
  readonly from: number;
  readonly until: number;
  readonly arbiterWindow: number;
  readonly goodwillBps: number;
  readonly silentBps: number;
  readonly salt: Hex;
}

/** The conditions in force: their hash is pinned in each cover. A panel decides, with time for an appeal. */
export const CONDITIONS = {
  id: 'outcome-promise',
  version: '1.1',
  copayBps: 2_000,
  goodwillBps: 1_000,
  silentBps: 5_000,
  waitingDays: 30,
  windowDays: 150,
  arbiterDays: 30,
  openDays: 7,
} as const;
const hashOf = (conditions: object): Hex => toHex0x(sha256(utf8(canonicalJson(conditions as never))));
export const conditionsHash = (): Hex => hashOf(CONDITIONS);

/** Conditions of promises that may still be open: the authority decided, within 14 days. */
const EARLIER = [{ ...CONDITIONS, version: '1.0', arbiterDays: 14 }] as const;
/** Whether these are conditions that were ever in force. */
export const conditionsKnown = (hash: Hex): boolean =>
  hash === conditionsHash() || EARLIER.some((one) => hashOf(one) === hash);

const DAY = 86_400;
const NOBODY: Hex = `0x${'0'.repeat(40)}`;

/** A promise for an agreement: the clinic's own, unless somebody is to stand behind it. Times in seconds. */
export function draftCover(input: {
  readonly agreement: Hex;
  readonly price: bigint;
  readonly arbiter: Hex;
  readonly person: Hex;
  readonly salt: Hex;
  readonly now: number;
  readonly startsAt: number;
  /** The insurer's account; an insurer and the pool are heard by the authority, never by the panel. */
  readonly behind?: { readonly profile: 'insurer'; readonly backer: Hex } | { readonly profile: 'pool' };
}): CoverJson {
  const from = Math.max(
    input.startsAt + CONDITIONS.waitingDays * DAY,
    input.now + GUARANTEE.minWaiting + DAY,
  );
  return {
    agreement: input.agreement,
    profile: PROFILES.indexOf(input.behind?.profile ?? 'promise'),
    arbiter: input.arbiter,
    backer: input.behind && 'backer' in input.behind ? input.behind.backer : NOBODY,
    conditions: conditionsHash(),
    person: input.person,
    sum: mostCovered(input.price).toString(),
    openBy: input.now + CONDITIONS.openDays * DAY,
    from,
    until: from + CONDITIONS.windowDays * DAY,
    arbiterWindow: CONDITIONS.arbiterDays * DAY,
    goodwillBps: CONDITIONS.goodwillBps,
    silentBps: CONDITIONS.silentBps,
    salt: input.salt,
  };
}

/** What each case would pay. @param paid what the clinic kept, or the price while nothing is paid yet */
export function casesOf(cover: Pick<CoverJson, 'sum' | 'goodwillBps' | 'silentBps'>, paid: bigint) {
  const sum = BigInt(cover.sum);
  const goodwill = BigInt(cover.goodwillBps);
  return {
    objective: due(FINDING.objective, paid, sum, goodwill).toString(),
    noImprovement: due(FINDING.noImprovement, paid, sum, goodwill).toString(),
    goodwill: due(FINDING.goodwill, paid, sum, goodwill).toString(),
    silent: dueInSilence(FINDING.noImprovement, paid, sum, goodwill, BigInt(cover.silentBps)).toString(),
  };
}

/** Who stands behind a cover. */
export const profileOf = ({ profile }: Pick<CoverJson, 'profile'>): Profile => PROFILES[profile]!;

/** Parts of a price: what the clinic's bond stands for, and who stands behind it. Minor units. */
export function partsOf(cover: Pick<CoverJson, 'profile' | 'sum'>, price: bigint) {
  return layers(profileOf(cover) === 'promise', price, BigInt(cover.sum));
}

/** Whether the clinic may agree to a claim alone: its own bond pays all of it. @param amount what the claim asks for */
export const mayConcede = (
  cover: Pick<CoverJson, 'profile' | 'sum'>,
  price: bigint,
  amount: bigint,
): boolean => amount <= partsOf(cover, price).firstLoss;

export type CoverState = 'offered' | 'open' | 'claimed' | 'settled' | 'lapsed';
