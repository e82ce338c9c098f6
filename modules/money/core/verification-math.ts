/**
 * A paid check's arithmetic as `VerificationMath` does it on chain, bit for bit. Amounts are minor units; `pay` is what
 * a verifier gets for one task, whatever it answers.
 */
import { concat, fromHex, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';

export const MIN_PAY = 1_000n;
export const MAX_PAY = 20_000n;
/** One seeded fake on nineteen real tasks: 5 %. */
export const REAL_PER_FAKE = 19n;
/** Fewer seeded fakes than this say nothing about a rate. */
export const ENOUGH_CHECKS = 10;

/** A real task's part of what one fake costs the house, rounded up in favour of the house. */
export const overhead = (pay: bigint): bigint => (3n * pay + REAL_PER_FAKE - 1n) / REAL_PER_FAKE;
/** Three answers, of which the third goes back if it is not needed, and the part of a fake. */
export const checkFee = (pay: bigint): bigint => 3n * pay + overhead(pay);
/** What one seat locks of a bond. */
export const seatLock = (pay: bigint): bigint => 2n * pay;
export const challengeDeposit = (pay: bigint): bigint => 4n * pay;
/** The half that is paid at once, rounded down; the rest waits. */
export const firstHalf = (pay: bigint): bigint => pay / 2n;

/** What remains of the locks of those who were silent, once those who answered are paid from them. */
export const afterSilence = (pay: bigint, silent: number, answered: number): bigint =>
  BigInt(silent) * seatLock(pay) - BigInt(answered) * pay;

/** The loser's deposit: jurors who answered are paid, the rest is the winner's. */
export const prize = (pay: bigint, jurors: number): bigint => challengeDeposit(pay) - BigInt(jurors) * pay;

export interface Division {
  readonly toVerifiers: bigint;
  readonly toFund: bigint;
  readonly toHouse: bigint;
  readonly toClinic: bigint;
}

/**
 * How a fee is divided once the result is known. The four add up to the fee.
 * @param answered 2 or 3
 * @param wrong 0, or 2 whom the jury overruled
 * @param opened the house did its part
 */
export function division(pay: bigint, answered: number, wrong: number, opened: boolean): Division {
  const toFund = BigInt(wrong) * pay;
  const toVerifiers = BigInt(answered) * pay - toFund;
  const toHouse = opened ? overhead(pay) : 0n;
  return { toVerifiers, toFund, toHouse, toClinic: checkFee(pay) - toFund - toVerifiers - toHouse };
}

/** More than 10 % of the seeded fakes accepted, counted as if there had been ten at least. */
export const suspended = (checks: number, misses: number): boolean =>
  misses * 10 > Math.max(checks, ENOUGH_CHECKS);

const word = (n: bigint): Uint8Array => fromHex(`0x${n.toString(16).padStart(64, '0')}`);
const number = (bytes: Uint8Array): bigint => BigInt(toHex0x(bytes));

/** keccak256(abi.encode(beacon, clinic's secret, house's secret)) */
export const checkSeed = (beacon: Hex, clinic: Hex, house: Hex): Hex =>
  toHex0x(keccak256(concat(fromHex(beacon), fromHex(clinic), fromHex(house))));

/**
 * Who is drawn: the roster shuffled by the seed, less those who may not.
 * @param roster in the order in which the contract keeps it
 * @returns nobody if there are not enough
 */
export function drawVerifiers(
  seed: Hex,
  roster: readonly string[],
  mayCheck: (verifier: string) => boolean,
  size: number,
): string[] {
  const left = [...roster];
  const seats: string[] = [];
  for (let turn = 0; turn < roster.length && seats.length < size; turn++) {
    const rest = roster.length - turn;
    const at = Number(number(keccak256(concat(fromHex(seed), word(BigInt(turn))))) % BigInt(rest));
    const candidate = left[at]!;
    left[at] = left[rest - 1]!;
    if (mayCheck(candidate)) seats.push(candidate);
  }
  return seats.length < size ? [] : seats;
}

/** The pay that a fee was worked out from. */
export const payOf = (fee: bigint): bigint => (fee * 19n) / 60n;
