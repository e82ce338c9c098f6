/** Terms, their identity, and the EIP-712 messages that people and organisations sign. */
import { type Address, encodeAbiParameters, type Hex, hashTypedData, keccak256 } from 'viem';
import { CareEscrowAbi } from '../generated/abis.ts';

export interface Milestone {
  readonly amount: bigint;
  readonly dueBy: number;
  readonly window: number;
  readonly performed: boolean;
}

/** One step of the cancellation schedule: fewer than `before` seconds before `dueBy`, the clinic keeps `bps`. */
export interface Retention {
  readonly before: number;
  readonly bps: number;
}

/** `ICareEscrow.Terms`. */
export interface Terms {
  readonly patient: Address;
  readonly clinic: Address;
  readonly token: Address;
  readonly arbiter: Address;
  readonly feeTo: Address;
  readonly payout: Hex;
  readonly standard: Hex;
  readonly quote: Hex;
  readonly review: bigint;
  readonly openBy: number;
  readonly coolingOff: number;
  readonly arbiterWindow: number;
  readonly feeBps: number;
  readonly defaultSplitBps: number;
  readonly schedule: readonly Retention[];
  readonly milestones: readonly Milestone[];
  readonly salt: Hex;
}

const TERMS = CareEscrowAbi.find((f) => f.type === 'function' && f.name === 'agreementId')!.inputs[0]!;

/** Identity of an agreement: keccak256(abi.encode(terms)). */
export function agreementId(terms: Terms): Hex {
  return keccak256(encodeAbiParameters([TERMS], [terms] as never));
}

const escrowDomain = (chainId: number, escrow: Address) => ({
  name: 'Zhenmei CareEscrow',
  version: '1',
  chainId,
  verifyingContract: escrow,
});

export function offerTypedData(chainId: number, escrow: Address, agreement: Hex) {
  return {
    domain: escrowDomain(chainId, escrow),
    types: { Offer: [{ name: 'agreement', type: 'bytes32' }] },
    primaryType: 'Offer',
    message: { agreement },
  } as const;
}

/** What a patient signs who lets somebody else send the opening. */
export function agreementTypedData(chainId: number, escrow: Address, agreement: Hex) {
  return {
    domain: escrowDomain(chainId, escrow),
    types: { Agreement: [{ name: 'agreement', type: 'bytes32' }] },
    primaryType: 'Agreement',
    message: { agreement },
  } as const;
}

export function attendanceTypedData(
  chainId: number,
  escrow: Address,
  message: { agreement: Hex; milestone: number; evidence: Hex },
) {
  return {
    domain: escrowDomain(chainId, escrow),
    types: {
      Attendance: [
        { name: 'agreement', type: 'bytes32' },
        { name: 'milestone', type: 'uint8' },
        { name: 'evidence', type: 'bytes32' },
      ],
    },
    primaryType: 'Attendance',
    message,
  } as const;
}

export function splitTypedData(
  chainId: number,
  escrow: Address,
  message: { agreement: Hex; refund: bigint; milestone: number },
) {
  return {
    domain: escrowDomain(chainId, escrow),
    types: {
      Split: [
        { name: 'agreement', type: 'bytes32' },
        { name: 'refund', type: 'uint256' },
        { name: 'milestone', type: 'uint8' },
      ],
    },
    primaryType: 'Split',
    message,
  } as const;
}

/** What an organisation's passkey really signs when its account is asked by ERC-1271 about `hash`. */
export function accountMessageHash(chainId: number, account: Address, hash: Hex): Hex {
  return hashTypedData({
    domain: { name: 'ZhenmeiAccount', version: '1', chainId, verifyingContract: account },
    types: { AccountMessage: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: 'AccountMessage',
    message: { hash },
  });
}

export interface ForwardRequest {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly gas: bigint;
  readonly nonce: bigint;
  readonly deadline: number;
  readonly data: Hex;
}

/** ERC-2771 request as OpenZeppelin's forwarder checks it. */
export function forwardTypedData(chainId: number, forwarder: Address, message: ForwardRequest) {
  return {
    domain: { name: 'Zhenmei Forwarder', version: '1', chainId, verifyingContract: forwarder },
    types: {
      ForwardRequest: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'gas', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint48' },
        { name: 'data', type: 'bytes' },
      ],
    },
    primaryType: 'ForwardRequest',
    message,
  } as const;
}

/** Terms as JSON: amounts and the review commitment as decimal text, all else as it is. */
export type TermsJson = Omit<Terms, 'review' | 'milestones'> & {
  readonly review: string;
  readonly milestones: readonly (Omit<Milestone, 'amount'> & { readonly amount: string })[];
};

export function termsToJson(terms: Terms): TermsJson {
  return {
    ...terms,
    review: terms.review.toString(),
    milestones: terms.milestones.map((m) => ({ ...m, amount: m.amount.toString() })),
  };
}

export function termsFromJson(json: TermsJson): Terms {
  return {
    ...json,
    review: BigInt(json.review),
    milestones: json.milestones.map((m) => ({ ...m, amount: BigInt(m.amount) })),
  };
}
