/** Paid checks: what a verifier signs, and what the commitments are hashes of, as the contract encodes it. */
import { type Address, encodeAbiParameters, type Hex, hashStruct, keccak256 } from 'viem';

const TYPES = {
  Attestation: [
    { name: 'task', type: 'uint256' },
    { name: 'round', type: 'uint8' },
    { name: 'verifier', type: 'address' },
    { name: 'subject', type: 'bytes32' },
    { name: 'failed', type: 'uint8' },
    { name: 'checkedOn', type: 'uint40' },
    { name: 'evidence', type: 'bytes32' },
  ],
} as const;

export interface Attestation {
  readonly task: bigint;
  readonly round: number;
  readonly verifier: Address;
  readonly subject: Hex;
  /** What does not fit its source, as bits: 1 licence, 2 scope, 4 doctors, 8 devices; 0 accepts. */
  readonly failed: number;
  /** Seconds since the epoch. */
  readonly checkedOn: number;
  readonly evidence: Hex;
}

export const attestationTypedData = (chainId: number, contract: Address, message: Attestation) => ({
  domain: { name: 'Zhenmei ProviderVerification', version: '1', chainId, verifyingContract: contract },
  types: TYPES,
  primaryType: 'Attestation' as const,
  message,
});

const hashed = (types: readonly string[], values: readonly unknown[]): Hex =>
  keccak256(
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values as never,
    ),
  );

/** What a verifier commits to before anybody's answer is known. */
export const answerCommitment = (message: Attestation, salt: Hex): Hex =>
  hashed(
    ['bytes32', 'bytes32'],
    [hashStruct({ data: message as never, primaryType: 'Attestation', types: TYPES }), salt],
  );
export const clinicCommitment = (clinic: Address, secret: Hex): Hex =>
  hashed(['address', 'bytes32'], [clinic, secret]);
/** The house's first secret is the hash of its second. */
export const firstSecret = (second: Hex): Hex => hashed(['bytes32'], [second]);
export const houseCommitment = (id: bigint, second: Hex): Hex =>
  hashed(['uint256', 'bytes32'], [id, firstSecret(second)]);
export const sealOf = (id: bigint, fake: boolean, salt: Hex): Hex =>
  hashed(['uint256', 'bool', 'bytes32'], [id, fake, salt]);
