/** What a clinic puts aside in case it does not come: into its bond, and for one agreement. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { pledgeOf } from '@zhenmei/care/core/pledge.ts';
import { termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AbsencePledgeAbi, ClinicBondAbi } from '@zhenmei/contracts/generated/abis.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData, pad } from 'viem';
import { type Desk, operate } from './desk.ts';

const contractsOf = async (desk: Desk) => (await desk.api.call(houseApi.readConfig)).contracts;

/** Minor units that the quote promises on top of the price; null where it promises none. */
export const promisedPledge = ({ quote, total }: Pick<VisitView, 'quote' | 'total'>): bigint | null =>
  quote.pledgeBps ? pledgeOf(BigInt(total), quote.pledgeBps) : null;

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

/** Takes back what no pledge needs; the custodian pays it to the clinic's account. Two passkey prompts. */
export async function reclaimPledgeBond(desk: Desk, amount: bigint): Promise<void> {
  const contracts = await contractsOf(desk);
  const to = contracts.ClinicBond!;
  await operate(desk, [
    {
      to,
      data: encodeFunctionData({
        abi: ClinicBondAbi,
        functionName: 'reclaim',
        args: [contracts.AbsencePledge!, amount],
      }),
    },
  ]);
  const data = encodeFunctionData({
    abi: ClinicBondAbi,
    functionName: 'payOut',
    args: [pad(desk.account, { size: 32 })],
  });
  await operate(desk, [{ to, data }]);
}
