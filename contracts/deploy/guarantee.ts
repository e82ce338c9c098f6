/** Covers of outcomes: their identity, and what an insurer and the pricing key sign. */
import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem';
import { GuaranteeBookAbi } from '../generated/abis.ts';

/** `Cover` as JSON: the sum as decimal text. */
export interface CoverJson {
  readonly agreement: Hex;
  readonly profile: number;
  readonly arbiter: Address;
  readonly backer: Address;
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

const COVER = GuaranteeBookAbi.find((f) => f.type === 'function' && f.name === 'coverId')!.inputs[0]!;

/** As the contract takes it. */
export const coverArgs = (cover: CoverJson) => ({ ...cover, sum: BigInt(cover.sum) });

/** abi.encode(cover): what its id is the hash of, and what the panel is shown. */
export const coverBytes = (cover: CoverJson): Hex =>
  encodeAbiParameters([COVER], [coverArgs(cover)] as never);

/** keccak256(abi.encode(cover)). */
export const coverId = (cover: CoverJson): Hex => keccak256(coverBytes(cover));

/** What experience is kept by: one clinic and one service standard. */
export const cellOf = (clinic: Address, standard: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [clinic, standard]));

/** For a cover whose price is not on chain. */
export const NO_RATE = { table: `0x${'0'.repeat(64)}`, epoch: 0, ppm: 0, expense: 0n } as const;

const domain = (chainId: number, book: Address) =>
  ({ name: 'Zhenmei GuaranteeBook', version: '1', chainId, verifyingContract: book }) as const;

/** What a licensed insurer's account signs to stand behind a cover. */
export const policyTypedData = (chainId: number, book: Address, cover: Hex) =>
  ({
    domain: domain(chainId, book),
    types: { Policy: [{ name: 'cover', type: 'bytes32' }] },
    primaryType: 'Policy',
    message: { cover },
  }) as const;

/** One line of a posted table as calls take it, and what the pricing key signs of it. */
export interface RateLine {
  readonly table: Hex;
  readonly epoch: number;
  readonly ppm: number;
  readonly expense: bigint;
}
export const rateTypedData = (chainId: number, book: Address, cell: Hex, rate: RateLine) =>
  ({
    domain: domain(chainId, book),
    types: {
      Rate: [
        { name: 'table', type: 'bytes32' },
        { name: 'epoch', type: 'uint32' },
        { name: 'cell', type: 'bytes32' },
        { name: 'ppm', type: 'uint32' },
        { name: 'expense', type: 'uint96' },
      ],
    },
    primaryType: 'Rate',
    message: { ...rate, cell },
  }) as const;
