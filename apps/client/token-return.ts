/** Coins that are not the agreement's go home by a transfer that the patient's device signs in full. */
import { type Hex, toHex0x } from '@zhenmei/kernel';
import { agreementKey } from '@zhenmei/vault/core/derive.ts';
import { encodeFunctionData, erc20Abi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { PatientVisit } from './patient-steps.ts';

export interface TokenReturn {
  /** The network on which it lies (EIP-155), which may be another than was asked for. */
  readonly chainId: number;
  readonly token: Hex;
  /** Whom she names; who sent it is only the suggestion. */
  readonly receiver: Hex;
  /** In the coin's own smallest unit. */
  readonly amount: bigint;
  /** Transactions that this address has sent on that network. */
  readonly nonce: number;
  /** The most a unit of gas may cost there; whoever sends it brings that. */
  readonly maxFeePerGas: bigint;
}

/**
 * Enough for coins that look at several lists before they move; what is not used stays at the address. At `FAR_FEE` it is 0.018
 * of a network's coin: with the fee for bringing it, less than operators pay unasked (`SMALL_COST`).
 */
const GAS = 180_000n;

/** The most that a unit of gas may cost on a network that nobody here knows: 100 gwei. */
export const FAR_FEE = 100_000_000_000n;

/** Signs one transfer with the visit's own key, the same on every network, for `tokenApi.returnTokens`. */
export const signTokenReturn = (
  { root, index }: Pick<PatientVisit, 'root' | 'index'>,
  { chainId, token, receiver, amount, nonce, maxFeePerGas }: TokenReturn,
): Promise<Hex> =>
  privateKeyToAccount(toHex0x(agreementKey(root, index).privateKey)).signTransaction({
    type: 'eip1559',
    chainId,
    nonce,
    to: token,
    gas: GAS,
    maxFeePerGas,
    maxPriorityFeePerGas: maxFeePerGas,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [receiver, amount] }),
  });
