/** What a clinic puts aside in case it does not come: into its bond, and for one agreement. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { pledgeOf } from '@zhenmei/care/core/pledge.ts';
import { termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AbsencePledgeAbi, ClinicBondAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import { type Desk, operate } from './desk.ts';
import { isFinanced } from './patient.ts';

const contractsOf = async (desk: Desk) => (await desk.api.call(houseApi.readConfig)).contracts;

/** Minor units that the quote promises on top of the price; null where it promises none. */
export const promisedPledge = ({ quote, total }: Pick<VisitView, 'quote' | 'total'>): bigint | null =>
  quote.pledgeBps ? pledgeOf(BigInt(total), quote.pledgeBps) : null;

/**
 * Whether the way of paying keeps anything from being put aside: what is paid to an instalment agreement reaches its lender,
 * and the bond holds no coins.
 */
export function mayPledge(view: Pick<VisitView, 'terms'>, contracts: Readonly<Record<string, Hex>>): boolean {
  const terms = view.terms as { token?: Hex } | null;
  return (
    terms?.token?.toLowerCase() === contracts.SettlementUnit?.toLowerCase() &&
    !isFinanced(view as VisitView, contracts)
  );
}

/**
 * Puts aside what the quote promises. One passkey prompt.
 * Throws CHAIN_REVERTED if the bond is too small, or the agreement is not open any more.
 */
export async function pledgeComing(desk: Desk, view: VisitView): Promise<void> {
  const contracts = await contractsOf(desk);
  const sum = promisedPledge(view);
  if (sum === null) return;
  const terms = termsFromJson(view.terms as never) as never;
  const data = encodeFunctionData({ abi: AbsencePledgeAbi, functionName: 'pledge', args: [terms, sum] });
  await operate(desk, [{ to: contracts.AbsencePledge!, data }]);
}

/** Puts what was paid in into the part of the bond that stands for coming. One passkey prompt. */
export async function placePledgeBond(desk: Desk, amount: bigint): Promise<void> {
  const contracts = await contractsOf(desk);
  const args = [contracts.AbsencePledge!, amount] as const;
  const data = encodeFunctionData({ abi: ClinicBondAbi, functionName: 'deposit', args });
  await operate(desk, [{ to: contracts.ClinicBond!, data }]);
}

/**
 * Takes back what no pledge needs. One passkey prompt; the house then has the custodian pay it to the clinic's account.
 * Throws CHAIN_REVERTED if so much is not free.
 */
export async function reclaimPledgeBond(desk: Desk, amount: bigint): Promise<void> {
  const contracts = await contractsOf(desk);
  const args = [contracts.AbsencePledge!, amount] as const;
  const data = encodeFunctionData({ abi: ClinicBondAbi, functionName: 'reclaim', args });
  await operate(desk, [{ to: contracts.ClinicBond!, data }]);
}
