/** What the panel's commitments are hashes of, as the contract encodes it. */
import { concat, fromHex, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Party } from './dispute.ts';
import { FINDINGS, type Finding } from './panel-math.ts';

const SIDES = ['patient', 'clinic', 'house'] as const;
const word = (n: number | bigint): Uint8Array => fromHex(`0x${n.toString(16).padStart(64, '0')}`);

/** Cases about claims are named apart from those about milestones: both contracts count from one. */
export const panelNamed = (id: string, claim: boolean): string => (claim ? `g${id}` : id);
export const isClaimPanel = (panel: string): boolean => panel.startsWith('g');
/** The number that its contract knows a case by. */
export const panelNumber = (panel: string): bigint => BigInt(panel.replace(/^g/, ''));

export interface SecretPlace {
  readonly panel: string;
  readonly round: number;
  readonly side: Party | 'house';
  /** The dispute's block: a commitment made for another history of the chain is refused. */
  readonly beacon: Hex;
}

export const sideNumber = (side: Party | 'house'): number => SIDES.indexOf(side);

/** keccak256(abi.encode(id, round, side, beacon, secret)) */
export const secretCommitment = ({ panel, round, side, beacon }: SecretPlace, secret: Hex): Hex =>
  toHex0x(
    keccak256(
      concat(word(panelNumber(panel)), word(round), word(sideNumber(side)), fromHex(beacon), fromHex(secret)),
    ),
  );

/** A side's number for one draw follows from a secret of its device, so that nothing need be kept. */
export const drawSecret = (own: Uint8Array, { panel, round, beacon }: Omit<SecretPlace, 'side'>): Hex =>
  toHex0x(keccak256(concat(own, utf8(`zhenmei/panel/draw/${panel}/${round}/${beacon}`))));

/** keccak256(abi.encode(id, round, assessor, finding, scores, salt)) */
export const voteCommitment = (
  { panel, round, assessor }: { readonly panel: string; readonly round: number; readonly assessor: Hex },
  { finding, scores }: { readonly finding: Finding; readonly scores: number },
  salt: Hex,
): Hex =>
  toHex0x(
    keccak256(
      concat(
        word(panelNumber(panel)),
        word(round),
        word(BigInt(assessor)),
        word(FINDINGS.indexOf(finding)),
        word(scores),
        fromHex(salt),
      ),
    ),
  );

/** keccak256(abi.encode(id, round, layoutSecret)) */
export const layoutCommitment = (panel: string, round: number, layoutSecret: Hex): Hex =>
  toHex0x(keccak256(concat(word(panelNumber(panel)), word(round), fromHex(layoutSecret))));
