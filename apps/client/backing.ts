/** What whoever stands behind promises computes, signs and sends: an insurer's policies, shares of the funded pool. */
import { coverId, policyTypedData } from '@zhenmei/contracts/deploy/guarantee.ts';
import { GuaranteePoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { backingApi } from '@zhenmei/money/backing-api.ts';
import type { DeskCover } from '@zhenmei/money/guarantee-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import { type Desk, operate, signForAccount } from './desk.ts';

/**
 * The insurer signs a policy: its bond stands for its part once the clinic opens the promise. One passkey prompt.
 * @param premium minor units, between insurer and clinic
 * Throws COVER_NOT_AS_SHOWN, POLICY_TOO_LATE.
 */
export async function signPolicy(desk: Desk, shown: DeskCover, premium: bigint): Promise<void> {
  // what is signed is what is shown
  if (coverId(shown.cover) !== shown.id || shown.cover.backer !== desk.account)
    throw new AppError('COVER_NOT_AS_SHOWN');
  const { contracts, chainId } = await desk.api.call(houseApi.readConfig);
  const typed = policyTypedData(chainId, contracts.GuaranteeBook!, shown.id);
  await desk.api.call(backingApi.signPolicy, {
    params: { id: shown.id },
    body: { premium: premium.toString(), signature: await signForAccount(desk, typed) },
  });
}

export const declinePolicy = (desk: Desk, { id }: DeskCover) =>
  desk.api.call(backingApi.declinePolicy, { params: { id }, body: {} });

async function poolCall(desk: Desk, functionName: string, args: readonly unknown[]): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({ abi: GuaranteePoolAbi, functionName, args } as never);
  await operate(desk, [{ to: contracts.GuaranteePool as Hex, data }]);
}

/** Puts what was paid in into the pool. One passkey prompt. */
export const placeInPool = (desk: Desk, amount: bigint) => poolCall(desk, 'deposit', [amount, desk.account]);

/** Queues shares to leave; asking again begins the wait anew. One passkey prompt. */
export const askExit = (desk: Desk, shares: bigint) => poolCall(desk, 'askExit', [shares]);

/** Takes out shares whose time has come; the custodian pays the account. One passkey prompt. */
export const takeOut = (desk: Desk, shares: bigint) =>
  poolCall(desk, 'redeem', [shares, desk.account, desk.account]);
