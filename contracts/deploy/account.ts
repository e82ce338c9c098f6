/** Organisation accounts: signers, signatures, batches, and the operations that the EntryPoint takes (ERC-4337 v0.8). */
import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  keccak256,
  numberToHex,
  sliceHex,
} from 'viem';
import { PasskeyAccountAbi, PasskeyAccountFactoryAbi } from '../generated/abis.ts';

/** `PackedUserOperation` of ERC-4337 v0.7 and later. */
export interface PackedUserOperation {
  readonly sender: Address;
  readonly nonce: bigint;
  readonly initCode: Hex;
  readonly callData: Hex;
  readonly accountGasLimits: Hex;
  readonly preVerificationGas: bigint;
  readonly gasFees: Hex;
  readonly paymasterAndData: Hex;
  readonly signature: Hex;
}

/** An ERC-7913 signer: verifier address followed by the P-256 public key (x, y: 32 bytes each). */
export function passkeySigner(verifier: Address, x: Hex, y: Hex): Hex {
  return concatHex([verifier, x, y]).toLowerCase() as Hex;
}

const P256_N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Of the two valid forms of s only the lower one is accepted on chain. */
function lowS(s: Hex): Hex {
  const value = BigInt(s);
  return numberToHex(value > P256_N / 2n ? P256_N - value : value, { size: 32 });
}

/** Signature for the P-256 verifier (service keys without an authenticator). */
export function p256Signature(r: Hex, s: Hex): Hex {
  return concatHex([r, lowS(s)]);
}

export interface Assertion {
  readonly r: Hex;
  readonly s: Hex;
  readonly authenticatorData: Hex;
  readonly clientDataJSON: string;
}

/** A WebAuthn assertion as OpenZeppelin's verifier reads it. The challenge must be the 32-byte hash to sign. */
export function passkeySignature(assertion: Assertion): Hex {
  const { clientDataJSON } = assertion;
  return encodeAbiParameters(
    [
      { type: 'bytes32' },
      { type: 'bytes32' },
      { type: 'uint256' },
      { type: 'uint256' },
      { type: 'bytes' },
      { type: 'string' },
    ],
    [
      assertion.r,
      lowS(assertion.s),
      BigInt(clientDataJSON.indexOf('"challenge"')),
      BigInt(clientDataJSON.indexOf('"type"')),
      assertion.authenticatorData,
      clientDataJSON,
    ],
  );
}

/** Signature of an account: one or more signers, in the order the contract asks for. */
export function accountSignature(parts: readonly { readonly signer: Hex; readonly signature: Hex }[]): Hex {
  const sorted = parts.toSorted((a, b) => (keccak256(a.signer) < keccak256(b.signer) ? -1 : 1));
  return encodeAbiParameters(
    [{ type: 'bytes[]' }, { type: 'bytes[]' }],
    [sorted.map((p) => p.signer), sorted.map((p) => p.signature)],
  );
}

export interface Call {
  readonly to: Address;
  readonly data: Hex;
}

/** ERC-7821: all calls or none. */
export function executeData(calls: readonly Call[]): Hex {
  const batch = encodeAbiParameters(
    [
      {
        type: 'tuple[]',
        components: [
          { name: 'target', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'callData', type: 'bytes' },
        ],
      },
    ],
    [calls.map(({ to, data }) => ({ target: to, value: 0n, callData: data }))],
  );
  return encodeFunctionData({
    abi: PasskeyAccountAbi,
    functionName: 'execute',
    args: [`0x01${'00'.repeat(31)}`, batch],
  });
}

/** Creates an account with its first operation. `salt` tells accounts with the same first signers apart. */
export function initCode(factory: Address, signers: readonly Hex[], threshold: bigint, salt: Hex): Hex {
  return concatHex([
    factory,
    encodeFunctionData({
      abi: PasskeyAccountFactoryAbi,
      functionName: 'create',
      args: [signers, threshold, salt],
    }),
  ]);
}

/** Two 128-bit numbers in one word: (verification gas, call gas) or (priority fee, maximal fee). */
export function packed(high: bigint, low: bigint): Hex {
  return concatHex([numberToHex(high, { size: 16 }), numberToHex(low, { size: 16 })]);
}

const OPERATION = [
  { name: 'sender', type: 'address' },
  { name: 'nonce', type: 'uint256' },
  { name: 'initCode', type: 'bytes' },
  { name: 'callData', type: 'bytes' },
  { name: 'accountGasLimits', type: 'bytes32' },
  { name: 'preVerificationGas', type: 'uint256' },
  { name: 'gasFees', type: 'bytes32' },
] as const;

/** What the account's signers sign (`EntryPoint.getUserOpHash`). */
export function userOpHash(chainId: number, entryPoint: Address, op: PackedUserOperation): Hex {
  return hashTypedData({
    domain: { name: 'ERC4337', version: '1', chainId, verifyingContract: entryPoint },
    types: { PackedUserOperation: [...OPERATION, { name: 'paymasterAndData', type: 'bytes' }] },
    primaryType: 'PackedUserOperation',
    message: op,
  });
}

/** Gas limits of the paymaster and the period (seconds since the epoch) for which the sponsorship stands. */
export interface Sponsorship {
  readonly verificationGas: bigint;
  readonly postOpGas: bigint;
  readonly validAfter: number;
  readonly validUntil: number;
}

/** What the sponsor's key signs (`SponsorPaymaster`). */
export function sponsorTypedData(
  chainId: number,
  paymaster: Address,
  op: Omit<PackedUserOperation, 'paymasterAndData' | 'signature'>,
  sponsorship: Sponsorship,
) {
  return {
    domain: { name: 'Zhenmei SponsorPaymaster', version: '1', chainId, verifyingContract: paymaster },
    types: {
      UserOperationRequest: [
        ...OPERATION,
        { name: 'paymasterVerificationGasLimit', type: 'uint256' },
        { name: 'paymasterPostOpGasLimit', type: 'uint256' },
        { name: 'validAfter', type: 'uint48' },
        { name: 'validUntil', type: 'uint48' },
      ],
    },
    primaryType: 'UserOperationRequest',
    message: {
      ...op,
      paymasterVerificationGasLimit: sponsorship.verificationGas,
      paymasterPostOpGasLimit: sponsorship.postOpGas,
      validAfter: sponsorship.validAfter,
      validUntil: sponsorship.validUntil,
    },
  } as const;
}

/** `paymasterAndData` of an operation that the sponsor signed. */
export function sponsoredBy(paymaster: Address, sponsorship: Sponsorship, signature: Hex): Hex {
  return concatHex([
    paymaster,
    numberToHex(sponsorship.verificationGas, { size: 16 }),
    numberToHex(sponsorship.postOpGas, { size: 16 }),
    numberToHex(sponsorship.validAfter, { size: 6 }),
    numberToHex(sponsorship.validUntil, { size: 6 }),
    signature,
  ]);
}

/** x and y (32 bytes each) of an uncompressed P-256 public key (65 bytes, `04` first). */
export function publicKeyXY(publicKey: Hex): { x: Hex; y: Hex } {
  return { x: sliceHex(publicKey, 1, 33), y: sliceHex(publicKey, 33, 65) };
}
