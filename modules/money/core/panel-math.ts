/**
 * The panel's arithmetic as `PanelMath` and `PanelMoves` do it on chain, bit for bit: fee, draw, what a vote on pictures
 * says, and the ruling. Amounts are minor units; scores are 0 (left far better) to 6 (right far better).
 */
import { concat, fromHex, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';

const BPS = 10_000n;
const FEE_BPS = 500n;
const FEE_CAP = 200_000n;
/** Up to this amount in dispute the fund puts the patient's part down. */
export const SUBSIDISED = 1_000_000n;
export const BOND = 50_000n;
export const SLASH = 10_000n;
/** Milliseconds that one round takes at most. */
export const ROUND_TIME = 9 * 86_400_000;
export const seatsOf = (round: number): number => (round === 0 ? 5 : 11);

/** min(5 % of the disputed amount, cap), rounded down in favour of who pays. */
export function disputeFee(amount: bigint): bigint {
  const due = (amount * FEE_BPS) / BPS;
  return due > FEE_CAP ? FEE_CAP : due;
}
export const appealFee = (first: bigint): bigint => first * 2n;

const word = (n: bigint): Uint8Array => fromHex(`0x${n.toString(16).padStart(64, '0')}`);
const number = (bytes: Uint8Array): bigint => BigInt(toHex0x(bytes));

/** keccak256(abi.encode(beacon, secrets[3])): a secret that was not opened is 0. */
export function drawSeed(beacon: Hex, secrets: readonly [Hex, Hex, Hex]): Hex {
  return toHex0x(keccak256(concat(fromHex(beacon), ...secrets.map((s) => fromHex(s)))));
}

/**
 * Who sits: the pool shuffled by the seed, less those who may not.
 * @param pool in the order in which the contract keeps it
 * @returns nobody if there are not enough
 */
export function seat(
  seed: Hex,
  pool: readonly string[],
  mayJudge: (assessor: string) => boolean,
  size: number,
): string[] {
  const left = [...pool];
  const members: string[] = [];
  for (let turn = 0; turn < pool.length && members.length < size; turn++) {
    const rest = pool.length - turn;
    const at = Number(number(keccak256(concat(fromHex(seed), word(BigInt(turn))))) % BigInt(rest));
    const candidate = left[at]!;
    left[at] = left[rest - 1]!;
    if (mayJudge(candidate)) members.push(candidate);
  }
  return members.length < size ? [] : members;
}

/** How the four pairs lie for one assessor: seven bits. */
export function layoutOf(layoutSecret: Hex, assessor: Hex): number {
  return Number(number(keccak256(concat(fromHex(layoutSecret), word(BigInt(assessor))))) & 127n);
}

/** Where a pair is shown and whether its sides are exchanged. Kinds: real, real again, known better, known same. */
export function placeOf(layout: number, kind: number): { readonly place: number; readonly swapped: boolean } {
  return {
    place: (kind + layout) % 4,
    swapped: kind < 2 ? ((layout >> 4) + kind) % 2 === 1 : (layout >> (kind + 3)) % 2 === 1,
  };
}

function answer(scores: number, layout: number, kind: number): number {
  const { place, swapped } = placeOf(layout, kind);
  const score = Math.min((scores >> (place * 3)) & 7, 6);
  return swapped ? 6 - score : score;
}

/** Whether the known pairs were seen as they are, and the real pair not as better both ways. */
export function counts(scores: number, layout: number): boolean {
  const [first, again, better, same] = [0, 1, 2, 3].map((kind) => answer(scores, layout, kind)) as [
    number,
    number,
    number,
    number,
  ];
  if (better <= 3 || same < 2 || same > 4) return false;
  return !(first > 3 && again < 3) && !(first < 3 && again > 3);
}

/** GAIS 1 (very much improved) to 5 (worse); half a grade is rounded in favour of the patient. */
export function gais(scores: number, layout: number): number {
  const mean = Math.floor((answer(scores, layout, 0) + answer(scores, layout, 1)) / 2);
  return mean < 3 ? 5 : 7 - mean;
}

export const FINDINGS = ['kept', 'partly', 'failed'] as const;
export type Finding = (typeof FINDINGS)[number];

/** Basis points that a vote gives back. @param pictures null where there are none */
export function refundOf(finding: Finding, pictures: { scores: number; layout: number } | null): number {
  if (finding === 'failed' || (pictures && gais(pictures.scores, pictures.layout) > 3)) return 10_000;
  return finding === 'partly' ? 5_000 : 0;
}

/** The middle of the counted votes, of two middle ones the patient's; null without more than half of the panel. */
export function ruling(votes: readonly number[], size: number): number | null {
  if (votes.length * 2 <= size) return null;
  return [...votes].sort((a, b) => a - b)[Math.floor(votes.length / 2)]!;
}

/** Three bits for each place, the first lowest. */
export const packScores = (scores: readonly number[]): number =>
  scores.reduce((packed, score, place) => packed | (score << (place * 3)), 0);

/** What a claim's case finds, in the guarantee's numbers: all of it is what was asked for, half of it goodwill. */
export const claimFinding = (bps: number, asked: number): number =>
  bps === 0 ? 0 : bps === 10_000 ? asked : 3;

/** Panels with pictures after which an assessor's record counts, and the share that must have been seen right. */
export const MIN_LOOKS = 5;
export const ENOUGH_BPS = 6_000;
/** Whether an assessor may still be drawn. */
export const calibrated = (looks: number, right: number): boolean =>
  looks < MIN_LOOKS || right * 10_000 >= looks * ENOUGH_BPS;
